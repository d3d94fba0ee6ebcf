import type { ClassResults, NumberResults } from "../results.ts";
import { scoreClasses } from "./classes.ts";
import { scoreNumbers } from "./numbers.ts";

/** The scores of classes for programs. */
export function classesJson(results: ClassResults) {
  const { interval, base, balancedAccuracy, classes } = scoreClasses(results);
  return {
    accuracy: results.accuracy,
    ...(interval && { accuracyInterval: interval }),
    balancedAccuracy,
    mostFrequentClass: { name: base.name, share: base.share },
    classes,
  };
}

/** The scores of numbers for programs. */
export function numbersJson(results: NumberResults) {
  const { rmse, interval, mae, r2, rmseOfMean } = scoreNumbers(results);
  return {
    rmse,
    ...(interval && { rmseInterval: interval }),
    mae,
    r2: r2 ?? null,
    rmseOfMean,
  };
}
