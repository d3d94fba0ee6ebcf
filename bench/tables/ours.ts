import { measure } from "../../packages/cli/src/results.ts";
import { scoreNumbers } from "../../packages/cli/src/scores/numbers.ts";
import { settingsOf } from "../../packages/cli/src/settings.ts";
import type { Source } from "../../packages/cli/src/source.ts";
import { trainOn } from "../../packages/cli/src/training.ts";
import { CHECKS, SETS, type SmallSet, SPLITS, splitOf } from "./sets.ts";

/** What `ferrograd train --csv` does where nothing is said. */
export const OPTIONS = {
  model: "dense",
  activation: "relu",
  batchSize: 32,
  seed: 0,
  report: false,
} as const;
const SILENT = () => ({ epochEnd() {}, stop() {} });

/** What the command's defaults score on the first splits of a set: accuracy of classes, R² of numbers. */
export async function scoresOf({ name, make }: SmallSet, splits = SPLITS): Promise<number[]> {
  const data = make();
  const scores: number[] = [];
  for (let number = 0; number < splits; number++) {
    const split = splitOf(data, number);
    // Of the table only that there is one decides.
    const source = { name, split, table: {} } as Source;
    const { model, reading } = await trainOn(split, settingsOf(OPTIONS, source), SILENT, {
      isStopped: false,
    });
    const results = measure(model, split.test, reading);
    scores.push(results.kind === "classes" ? results.accuracy : scoreNumbers(results).r2!);
    model.dispose();
  }
  return scores;
}

/** Every set, for a program that keeps the numbers. */
export const allScores = () =>
  [...SETS, ...CHECKS].map((set) => ({ name: set.name, scores: () => scoresOf(set) }));

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
/** Scores are kept with so many digits. */
const ROUNDED = 1e-4;

/** How far scores are below those of the best of others, on the same splits: in the mean, and in standard errors of it. */
export function behind(scores: readonly number[], peers: Readonly<Record<string, number[]>>) {
  const [name, best] = Object.entries(peers).reduce((a, b) =>
    meanOf(b[1]) > meanOf(a[1]) ? b : a,
  );
  const gaps = scores.map((score, i) => best[i]! - score);
  const mean = meanOf(gaps);
  const squares = gaps.map((gap) => (gap - mean) * (gap - mean));
  const error = Math.sqrt(meanOf(squares) / (gaps.length - 1));
  return { name, mean, errors: Math.abs(mean) < ROUNDED ? 0 : mean / error };
}
