import Table from "cli-table3";
import type { Dataset, ImageSize } from "../datasets.ts";
import type { ClassResults, NumberResults, Results } from "../results.ts";
import { BARE, confusionMatrix, formatConfusion } from "./confusion.ts";
import { findMistakes, formatPictures, formatRows } from "./mistakes.ts";
import type { Screen } from "./screen.ts";

const MISTAKES_SHOWN = 8;
/** Wider pictures need a terminal's grays: in plain characters eight of them fill pages. */
const WIDEST_PLAIN = 16;

/** Rows whose answers are known, as people see them. */
export interface ShownRows {
  readonly data: Dataset;
  readonly image?: ImageSize;
  /** Their numbers in the file they come from. */
  readonly numbers?: ArrayLike<number>;
}

/** How well the model does on rows it never saw: score, confusion matrix or errors, worst mistakes. */
export function printResults(screen: Screen, results: Results, rows: ShownRows): void {
  if (results.kind === "classes") printClasses(screen, results, rows);
  else printNumbers(screen, results, rows);
}

function printClasses(
  screen: Screen,
  { names, truth, predictions, accuracy, loss }: ClassResults,
  { data, image, numbers }: ShownRows,
): void {
  const { print, colors } = screen;
  const mistakes = findMistakes(truth, predictions);
  const right = truth.length - mistakes.length;
  const score = colors.bold(accuracy.toFixed(4));
  print(`test accuracy ${score} (${right} of ${truth.length}), loss ${loss.toFixed(4)}`);
  print();
  print(formatConfusion(confusionMatrix(truth, predictions.labels, names.length), names, screen));
  if (mistakes.length === 0) return;
  const worst = mistakes.slice(0, MISTAKES_SHOWN);
  print();
  print(mistakes.length > worst.length ? `the ${worst.length} worst mistakes` : "all mistakes");
  print();
  const pictured = image && (screen.hasGrays || image.width <= WIDEST_PLAIN);
  print(
    pictured
      ? formatPictures(worst, data, names, image, screen)
      : formatRows(worst, names, numbers),
  );
}

/** Rows by how far the model is off, the worst first. */
export function worstErrors({ truth, predicted }: NumberResults, count: number) {
  return Array.from(truth, (value, row) => ({
    row,
    truth: value,
    predicted: predicted[row]!,
    error: predicted[row]! - value,
  }))
    .sort((a, b) => Math.abs(b.error) - Math.abs(a.error))
    .slice(0, count);
}

/** A number with as many digits as people read. */
export const short = (value: number): string => String(Number(value.toPrecision(5)));

function printNumbers(
  { print, colors }: Screen,
  results: NumberResults,
  { numbers }: ShownRows,
): void {
  const { rmse, r2, truth } = results;
  print(`test RMSE ${colors.bold(short(rmse))}, R² ${r2.toFixed(4)} (${truth.length} rows)`);
  print();
  const table = new Table({
    head: ["row", "true", "said", "error"],
    chars: { ...BARE, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["right", "right", "right", "right"],
  });
  for (const { row, truth: value, predicted, error } of worstErrors(results, MISTAKES_SHOWN)) {
    table.push([numbers?.[row] ?? row, short(value), short(predicted), colors.red(short(error))]);
  }
  print("the worst mistakes");
  print();
  print(table.toString());
}
