import { ArgumentError } from "../errors.ts";
import { boolean, checkOptions, fraction, nonNegativeInteger, show } from "../options/index.ts";
import { permutation } from "../values/philox.ts";
import { Dataset } from "./dataset.ts";

export interface SplitOptions {
  /** Share of the rows that goes to the test set (default 0.2), to the nearest row. */
  readonly testFraction?: number;
  /**
   * Keep each class's share in both sets (default true where labels are classes). A class then
   * has within one row of testFraction of its rows in the test set.
   */
  readonly stratify?: boolean;
  /** Which rows go where, and their order (default 0). */
  readonly seed?: number;
}

export interface Split {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** Streams of the draws within groups, and of the order of the two sets. */
const PICK_STREAM = 0x5b110000;
const MIX_STREAM = 0x5b110001;

/** Row numbers of a group. */
type Group = Pick<Uint32Array, "length" | "at">;

/** Rows by class, classes ascending; one group of all rows if not stratified. */
const groups = (dataset: Dataset, stratify: boolean): readonly Group[] =>
  stratify ? byClass(dataset) : [{ length: dataset.length, at: (i) => i }];

function byClass({ length, y }: Dataset): Group[] {
  const classOf = (row: number) => y.data[row]!;
  const sizes = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    sizes.set(classOf(row), (sizes.get(classOf(row)) ?? 0) + 1);
  }
  const classes = [...sizes.keys()].sort((a, b) => a - b);
  const members = new Map(classes.map((label) => [label, new Uint32Array(sizes.get(label)!)]));
  for (let row = length - 1; row >= 0; row--) {
    const left = sizes.get(classOf(row))! - 1;
    sizes.set(classOf(row), left);
    members.get(classOf(row))![left] = row;
  }
  return [...members.values()];
}

/** Whole test rows per group that add up to `total`: floors, then the largest remainders. */
function apportion(sizes: readonly number[], total: number): number[] {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => (size * total) / rows);
  const counts = shares.map(Math.floor);
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = shares
    .map((share, i) => ({ i, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, left)) counts[i]! += 1;
  return counts;
}

function mixed(rows: Uint32Array, seed: number, step: number): Uint32Array {
  const order = permutation(rows.length, seed, MIX_STREAM, step);
  for (let i = 0; i < order.length; i++) order[i] = rows[order[i]!]!;
  return order;
}

/** Positions of rows that train, and of those that test, both in random order. */
export interface SplitRows {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Two data sets out of one, without a row in common, both in random order. Equal arguments give
 * equal sets in every runtime. Like scikit-learn's `train_test_split`.
 *
 * @example const { train, test } = trainTestSplit(data, { testFraction: 0.25, seed: 1 });
 * @throws ArgumentError when either set would be empty, or to stratify without integer classes
 */
export function trainTestSplit(dataset: Dataset, options: SplitOptions = {}): Split {
  const { train, test } = rowsOf("trainTestSplit()", dataset, options);
  return { train: dataset.rows(train), test: dataset.rows(test) };
}

/**
 * The positions of the rows that `trainTestSplit` puts into its two sets, for data that are too large to be copied, or that stand
 * beside others.
 *
 * @example
 * const { train, test } = trainTestRows(data, { testFraction: 0.25, seed: 1 });
 * const inTest = data.rows(test); // what trainTestSplit gives as test
 *
 * @throws ArgumentError as `trainTestSplit` does
 */
export const trainTestRows = (dataset: Dataset, options: SplitOptions = {}): SplitRows =>
  rowsOf("trainTestRows()", dataset, options);

function rowsOf(where: string, dataset: Dataset, options: SplitOptions): SplitRows {
  if (!(dataset instanceof Dataset)) {
    throw new ArgumentError(`${where}: expected a Dataset, got ${show(dataset)}`);
  }
  checkOptions(where, options, ["testFraction", "stratify", "seed"]);
  const testFraction = fraction(where, "testFraction", options.testFraction ?? 0.2);
  const seed = nonNegativeInteger(where, "seed", options.seed ?? 0);
  const hasClasses = dataset.y.data instanceof Int32Array && dataset.y.shape.length === 1;
  const stratify = boolean(where, "stratify", options.stratify ?? hasClasses);
  if (stratify && !hasClasses) {
    throw new ArgumentError(
      `${where}: stratify: expected integer classes, got labels of shape ` +
        `[${dataset.y.shape.join(", ")}]; write { stratify: false }`,
    );
  }
  const total = Math.round(dataset.length * testFraction);
  if (total === 0 || total === dataset.length) {
    throw new ArgumentError(
      `${where}: testFraction: expected at least one row in either set, ` +
        `got ${total} of ${dataset.length} for the test`,
    );
  }
  const members = groups(dataset, stratify);
  const counts = apportion(
    members.map((group) => group.length),
    total,
  );
  const train = new Uint32Array(dataset.length - total);
  const test = new Uint32Array(total);
  let [trained, tested] = [0, 0];
  members.forEach((group, g) => {
    permutation(group.length, seed, PICK_STREAM, g).forEach((at, i) => {
      const row = group.at(at)!;
      if (i < counts[g]!) test[tested++] = row;
      else train[trained++] = row;
    });
  });
  return { train: mixed(train, seed, 0), test: mixed(test, seed, 1) };
}
