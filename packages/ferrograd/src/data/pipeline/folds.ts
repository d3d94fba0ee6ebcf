import { ArgumentError, OutOfMemoryError } from "../../errors.ts";
import { checkOptions, nonNegativeInteger, positiveInteger, show } from "../../options/index.ts";
import { permutation } from "../../values/philox.ts";
import { rowsBy } from "../../values/rows.ts";

/** Positions of rows that train, and of those that test: for `dataset.rows`. Each ascends. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** Options of `kFold`, `stratifiedKFold` and `groupKFold`. */
export interface FoldOptions {
  /** How many (default 5); each row tests in one of them. */
  readonly folds?: number;
  /** Draws which rows go together (default: rows in their order). */
  readonly seed?: number;
}

/** Options of `timeSeriesSplit`. */
export interface TimeSeriesOptions {
  /** How many (default 5). */
  readonly folds?: number;
  /** Rows that test in each (default rows / (folds + 1), rounded down). */
  readonly testSize?: number;
  /** Rows left out between those that train and those that test (default 0). */
  readonly gap?: number;
  /** Most rows that train, the latest ones (default: all before). */
  readonly maxTrainSize?: number;
}

/** Stream of the orders in which rows and groups are dealt. */
const FOLD_STREAM = 0xf01d0000;

function foldOptions(where: string, options: FoldOptions): { folds: number; seed?: number } {
  checkOptions(where, options, ["folds", "seed"]);
  const { seed } = options;
  if (seed !== undefined) nonNegativeInteger(where, "seed", seed);
  const folds = positiveInteger(where, "folds", options.folds ?? 5);
  if (folds > 1) return { folds, ...(seed !== undefined && { seed }) };
  throw new ArgumentError(`${where}: folds: expected at least 2, got ${folds}`);
}

/** Most rows: what tensors can have. */
const MOST_ROWS = 1 << 30;

function rowCount(where: string, rows: unknown): void {
  if (positiveInteger(where, "rows", rows) <= MOST_ROWS) return;
  throw new OutOfMemoryError(`${where}: rows: expected at most ${MOST_ROWS}, got ${show(rows)}`);
}

const tooFew = (where: string, folds: number, what: string, got: number) =>
  new ArgumentError(
    `${where}: folds: expected at most ${got}, as there are ${got} ${what}, got ${folds}`,
  );

/** Folds from the number of the fold in which each row tests. */
function foldsOf(tests: Uint32Array, folds: number): Fold[] {
  const rows = tests.map((_, row) => row);
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => tests[row] !== fold),
    test: rows.filter((row) => tests[row] === fold),
  }));
}

const ordered = (n: number, seed: number | undefined, step = 0): Uint32Array =>
  seed === undefined
    ? new Uint32Array(n).map((_, i) => i)
    : permutation(n, seed, FOLD_STREAM, step);

/**
 * `folds` ways to part rows into those that train and those that test: each row tests once, the sizes differ by one at
 * most. Like scikit-learn's `KFold`.
 *
 * @example
 * for (const fold of kFold(train.length, { folds: 3, seed: 1 })) {
 *   await model.fit(train.rows(fold.train), { epochs: 1 });
 *   model.evaluate(train.rows(fold.test));
 * }
 * @throws ArgumentError for fewer rows than folds
 */
export function kFold(rows: number, options: FoldOptions = {}): Fold[] {
  const where = "kFold()";
  rowCount(where, rows);
  const { folds, seed } = foldOptions(where, options);
  if (folds > rows) throw tooFew(where, folds, "rows", rows);
  const tests = new Uint32Array(rows);
  ordered(rows, seed).forEach((row, i) => {
    tests[row] = Math.floor((i * folds) / rows);
  });
  return foldsOf(tests, folds);
}

/** Rows by what they belong to, in the order in which those first appear. */
function membersOf(where: string, name: string, values: unknown): number[][] {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && "length" in values);
  if (!isList || (values as ArrayLike<unknown>).length === 0) {
    throw new ArgumentError(
      `${where}: ${name}: expected a number or a text for each row, got ${show(values)}`,
    );
  }
  const list = values as ArrayLike<unknown>;
  const members = rowsBy(list.length, (row) => {
    const value = list[row];
    if (typeof value === "string" || Number.isFinite(value)) return value;
    throw new ArgumentError(
      `${where}: ${name}: row ${row}: expected a finite number or a text, got ${show(value)}`,
    );
  });
  return [...members.values()];
}

/**
 * As `kFold`, where each class has its share of every fold, to within one row. Like scikit-learn's `StratifiedKFold`.
 *
 * @example stratifiedKFold([0, 0, 1, 1], { folds: 2 }).map(({ test }) => [...test]) // [[0, 2], [1, 3]]
 * @throws ArgumentError where every class has fewer rows than there are folds
 */
export function stratifiedKFold(
  labels: ArrayLike<number> | readonly string[],
  options: FoldOptions = {},
): Fold[] {
  const where = "stratifiedKFold()";
  const classes = membersOf(where, "labels", labels);
  const { folds, seed } = foldOptions(where, options);
  const largest = Math.max(...classes.map(({ length }) => length));
  if (folds > largest) throw tooFew(where, folds, "rows of the largest class", largest);
  const tests = new Uint32Array(labels.length);
  let dealt = 0; // on from class to class, so that the folds are of a size too
  classes.forEach((rows, c) => {
    ordered(rows.length, seed, c).forEach((at) => {
      tests[rows[at]!] = dealt++ % folds;
    });
  });
  return foldsOf(tests, folds);
}

/**
 * As `kFold`, where rows of one group (of one patient, one speaker) are never on both sides. Groups go, largest first, to the
 * fold with the fewest rows. Like scikit-learn's `GroupKFold`.
 *
 * @example groupKFold(["a", "a", "b", "c"], { folds: 2 }).map(({ test }) => [...test]) // [[0, 1], [2, 3]]
 * @throws ArgumentError for fewer groups than folds
 */
export function groupKFold(
  groups: ArrayLike<number> | readonly string[],
  options: FoldOptions = {},
): Fold[] {
  const where = "groupKFold()";
  const members = membersOf(where, "groups", groups);
  const { folds, seed } = foldOptions(where, options);
  if (folds > members.length) throw tooFew(where, folds, "groups", members.length);
  const tests = new Uint32Array(groups.length);
  const sizes = new Uint32Array(folds);
  // Groups of a size stay in the order drawn: sorting is stable.
  const order = Array.from(ordered(members.length, seed), (at) => members[at]!);
  for (const rows of order.sort((a, b) => b.length - a.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold]! += rows.length;
    for (const row of rows) tests[row] = fold;
  }
  return foldsOf(tests, folds);
}

/**
 * Folds of rows in the order of time: each tests on rows that come after all that train, the next on those after these.
 * Like scikit-learn's `TimeSeriesSplit`.
 *
 * @example
 * timeSeriesSplit(6, { folds: 2 }).map(({ train, test }) => [[...train], [...test]]) // [[[0, 1], [2, 3]], [[0, 1, 2, 3], [4, 5]]]
 * @throws ArgumentError where no row is left to train on
 */
export function timeSeriesSplit(rows: number, options: TimeSeriesOptions = {}): Fold[] {
  const where = "timeSeriesSplit()";
  rowCount(where, rows);
  checkOptions(where, options, ["folds", "testSize", "gap", "maxTrainSize"]);
  const folds = positiveInteger(where, "folds", options.folds ?? 5);
  const { maxTrainSize } = options;
  if (maxTrainSize !== undefined) positiveInteger(where, "maxTrainSize", maxTrainSize);
  const gap = nonNegativeInteger(where, "gap", options.gap ?? 0);
  const testSize = options.testSize ?? Math.floor(rows / (folds + 1));
  if (options.testSize !== undefined) positiveInteger(where, "testSize", testSize);
  const first = rows - folds * testSize - gap; // rows that train in the first fold
  if (testSize < 1 || first < 1) {
    throw new ArgumentError(
      `${where}: expected rows to train and to test in each of ${folds} folds, got ${rows} rows, ` +
        `of which ${testSize} test in each, with a gap of ${gap}`,
    );
  }
  const range = (begin: number, end: number) =>
    new Uint32Array(end - begin).map((_, i) => begin + i);
  return Array.from({ length: folds }, (_, fold) => {
    const end = first + fold * testSize;
    const begin = maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize);
    return { train: range(begin, end), test: range(end + gap, end + gap + testSize) };
  });
}
