import type { Dataset, ImageSize } from "../datasets.ts";
import type { ClassResults, NumberResults, Results } from "../results.ts";
import type { Interval } from "../scores/bootstrap.ts";
import { type ClassScores, mostConfused, scoreClasses } from "../scores/classes.ts";
import { scoreNumbers } from "../scores/numbers.ts";
import { worstRows } from "../scores/worst.ts";
import { confusionMatrix, formatConfusion } from "./confusion.ts";
import { findMistakes, formatPictures, formatRows, type Mistakes } from "./mistakes.ts";
import type { Screen } from "./screen.ts";
import { textTable } from "./text-table.ts";
import { visible } from "./visible.ts";

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

/** Where other rows of the same kind would plausibly put a score. */
const between = (interval: Interval | undefined, show: (value: number) => string): string =>
  interval === undefined ? "" : `, 95 % between ${show(interval[0])} and ${show(interval[1])}`;

const decimals = (value: number): string => value.toFixed(4);
const optional = (value: number | undefined): string =>
  value === undefined ? "-" : value.toFixed(2);

function printClasses(screen: Screen, results: ClassResults, rows: ShownRows): void {
  const { print, colors } = screen;
  const { truth, predictions, accuracy, loss } = results;
  const scores = scoreClasses(results);
  const { base, balancedAccuracy, interval } = scores;
  const mistakes = findMistakes(truth, predictions, MISTAKES_SHOWN);
  const right = truth.length - mistakes.count;
  const score = colors.bold(decimals(accuracy));
  print(
    `test accuracy ${score} (${right} of ${truth.length})${between(interval, decimals)}, loss ${decimals(loss)}`,
  );
  const always = `always answering ${visible(base.name)} ${decimals(base.share)}`;
  print(`balanced accuracy ${decimals(balancedAccuracy)}; ${always}`);
  print();
  printClassTable(screen, scores);
  print();
  printMatrix(screen, results);
  if (mistakes.count > 0) printMistakes(screen, results, mistakes, rows);
}

/** Precision, recall and F1 of each class; of many those that are least often told. */
function printClassTable({ print }: Screen, { classes }: ClassScores): void {
  const shown = classes.length <= MOST_CLASSES ? classes : leastTold(classes);
  if (shown.length < classes.length) {
    print(`the ${shown.length} classes of ${classes.length} that are told least`);
  }
  print(
    textTable({
      head: ["class", "precision", "recall", "F1", "rows"],
      rows: shown.map(({ name, precision, recall, f1, count }) => [
        name,
        ...[precision, recall, f1].map(optional),
        count,
      ]),
      align: ["left", ...RIGHT],
    }),
  );
}

const MOST_CLASSES = 20;
const leastTold = (classes: ClassScores["classes"]) =>
  [...classes].sort((a, b) => (a.f1 ?? 1) - (b.f1 ?? 1)).slice(0, MOST_CLASSES);

function printMatrix(screen: Screen, { names, truth, predictions }: ClassResults): void {
  const matrix = confusionMatrix(truth, predictions.labels, names.length);
  const places = mostConfused(matrix);
  if (places.length < names.length) {
    screen.print(`the ${places.length} classes of ${names.length} that are most confused`);
  }
  const shown = places.map((i) => places.map((j) => matrix[i]![j]!));
  screen.print(
    formatConfusion(
      shown,
      places.map((i) => names[i]!),
      screen,
    ),
  );
}

function printMistakes(
  screen: Screen,
  { names }: ClassResults,
  { count, worst }: Mistakes,
  { data, image, numbers }: ShownRows,
): void {
  const { print } = screen;
  print();
  print(count > worst.length ? `the ${worst.length} worst mistakes` : "all mistakes");
  print();
  const pictured = image && (screen.hasGrays || image.width <= WIDEST_PLAIN);
  print(
    pictured
      ? formatPictures(worst, data, names, image, screen)
      : formatRows(worst, names, numbers),
  );
}

/** The rows that the model is farthest off, the farthest first. */
export function worstErrors({ truth, predicted }: NumberResults, most: number) {
  const error = (row: number) => predicted[row]! - truth[row]!;
  return worstRows(truth.length, (row) => Math.abs(error(row)), most).map((row) => ({
    row,
    truth: truth[row]!,
    predicted: predicted[row]!,
    error: error(row),
  }));
}

/** A number with as many digits as people read. */
export const short = (value: number): string => String(Number(value.toPrecision(5)));

/** Numbers with as many digits as tell them apart at this scale. */
export const atScale =
  (scale: number) =>
  (value: number): string => {
    const digits = scale > 0 && Number.isFinite(scale) ? Math.ceil(-exponentOf(scale)) + 4 : 5;
    return digits > 5 - exponentOf(Math.abs(value) || 1)
      ? String(Number(value.toFixed(Math.min(20, Math.max(0, digits)))))
      : short(value);
  };

const exponentOf = (value: number): number => Number(value.toExponential().split("e")[1]);

function printNumbers(
  { print, colors }: Screen,
  results: NumberResults,
  { numbers }: ShownRows,
): void {
  const { rmse, interval, mae, r2, rmseOfMean } = scoreNumbers(results);
  const { truth } = results;
  const explained = r2 === undefined ? "-" : decimals(r2);
  print(
    `test RMSE ${colors.bold(short(rmse))}${between(interval, short)}, R² ${explained} (${truth.length} rows)`,
  );
  const always = `always answering the mean RMSE ${short(rmseOfMean)}`;
  print(`MAE ${short(mae)}; ${always}`);
  print();
  const shown = atScale(rmseOfMean);
  const rows = worstErrors(results, MISTAKES_SHOWN).map(
    ({ row, truth: value, predicted, error }) => [
      numbers?.[row] ?? row,
      shown(value),
      shown(predicted),
      { text: short(error), paint: colors.red },
    ],
  );
  print("the worst mistakes");
  print();
  print(textTable({ head: ["row", "true", "said", "error"], rows, align: RIGHT }));
}
