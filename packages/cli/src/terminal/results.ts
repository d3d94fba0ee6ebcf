import type { Dataset, ImageSize } from "../datasets.ts";
import type { ClassResults, NumberResults, Results } from "../results.ts";
import { confusionMatrix, formatConfusion } from "./confusion.ts";
import { findMistakes, formatPictures, formatRows } from "./mistakes.ts";
import type { Screen } from "./screen.ts";
import { textTable } from "./text-table.ts";

const RIGHT = ["right", "right", "right", "right"] as const;
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
  const rows = worstErrors(results, MISTAKES_SHOWN).map(
    ({ row, truth: value, predicted, error }) => [
      numbers?.[row] ?? row,
      short(value),
      short(predicted),
      { text: short(error), paint: colors.red },
    ],
  );
  print("the worst mistakes");
  print();
  print(textTable({ head: ["row", "true", "said", "error"], rows, align: RIGHT }));
}
