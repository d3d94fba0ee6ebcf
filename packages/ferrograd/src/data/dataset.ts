import { ArgumentError } from "../errors.ts";
import {
  boolean,
  checkOptions,
  listOf,
  nonNegativeInteger,
  positiveInteger,
  requireOptions,
  show,
  text,
} from "../options/index.ts";
import { permutation } from "../values/philox.ts";
import {
  checkSameRows,
  type Features,
  type Labels,
  type RowsLike,
  sliceRows,
  takeRows,
  toFeatures,
  toLabels,
} from "../values/rows.ts";

/** What a data set is made of; x and y take nested arrays or flat data with a shape. */
export interface DatasetInit {
  readonly x: RowsLike;
  readonly y: RowsLike;
  /** Name of each class, in the order of the labels. */
  readonly classNames?: readonly string[];
  /** Name of each column of x. */
  readonly featureNames?: readonly string[];
  readonly name?: string;
}

/** How `batch` cuts. */
export interface BatchOptions {
  /** Leave out a last batch smaller than the others (default false). */
  readonly dropLast?: boolean;
}

/**
 * Rows of features with their labels, held in memory and never changed by its own methods.
 *
 * @example
 * const data = new Dataset({ x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] });
 * for (const [x, y] of data.shuffle(1).batch(2)) step(x, y);
 *
 * @throws DataError when x and y are ragged, empty or of different length
 */
export class Dataset {
  /** Features, (rows, ...). */
  readonly x: Features;
  /** Labels, (rows) for classes or (rows, ...) for numbers. */
  readonly y: Labels;
  readonly classNames: readonly string[] | undefined;
  readonly featureNames: readonly string[] | undefined;
  readonly name: string | undefined;

  constructor(init: DatasetInit) {
    requireOptions("Dataset", init, ["x", "y", "classNames", "featureNames", "name"]);
    this.x = toFeatures("Dataset: x", init.x);
    this.y = toLabels("Dataset: y", init.y);
    checkSameRows("Dataset", this.x, this.y);
    const { classNames, featureNames, name } = init;
    this.classNames = classNames && listOf("Dataset", "classNames", classNames, text);
    this.featureNames = featureNames && listOf("Dataset", "featureNames", featureNames, text);
    this.name = name === undefined ? undefined : text("Dataset", "name", name);
  }

  /** Number of rows. */
  get length(): number {
    return this.x.shape[0]!;
  }

  /** The same rows in a random order, which the seed alone decides (see `permutation`). */
  shuffle(seed: number): Dataset {
    nonNegativeInteger("shuffle()", "seed", seed);
    return this.rows(permutation(this.length, seed));
  }

  /**
   * Batches of `size` rows in order, the last one smaller where the rows do not divide.
   * Each is a pair of views of this set's memory; the iterable can be walked more than once.
   */
  batch(size: number, options: BatchOptions = {}): Iterable<[x: Features, y: Labels]> {
    positiveInteger("batch()", "size", size);
    checkOptions("batch()", options, ["dropLast"]);
    const dropLast = boolean("batch()", "dropLast", options.dropLast ?? false);
    const { x, y, length } = this;
    const stop = dropLast ? length - (length % size) : length;
    return {
      *[Symbol.iterator]() {
        for (let begin = 0; begin < stop; begin += size) {
          const end = Math.min(begin + size, stop);
          yield [sliceRows(x, begin, end), sliceRows(y, begin, end)];
        }
      },
    };
  }

  /** Rows `begin` to before `end`, as views; negative positions count from the end. */
  slice(begin: number, end: number = this.length): Dataset {
    const { length } = this;
    const at = (v: unknown) =>
      typeof v === "number" ? Math.min(Math.max(v < 0 ? v + length : v, 0), length) : Number.NaN;
    const [first, last] = [at(begin), at(end)];
    if (!Number.isInteger(first) || !Number.isInteger(last) || first >= last) {
      throw new ArgumentError(
        `slice(): expected rows between 0 and ${this.length}, at least one, got ${show(begin)} to ${show(end)}`,
      );
    }
    return this.with(sliceRows(this.x, first, last), sliceRows(this.y, first, last));
  }

  /** The first `count` rows, or all where there are fewer. */
  take(count: number): Dataset {
    return this.slice(0, positiveInteger("take()", "count", count));
  }

  /** The rows at these positions, copied, in this order. */
  rows(positions: ArrayLike<number>): Dataset {
    if (!Array.isArray(positions) && !(ArrayBuffer.isView(positions) && "length" in positions)) {
      throw new ArgumentError(`rows(): expected an array of positions, got ${show(positions)}`);
    }
    for (let i = 0; i < positions.length; i++) {
      const row = positions[i]!;
      if (!Number.isInteger(row) || row < 0 || row >= this.length) {
        throw new ArgumentError(
          `rows(): position ${i}: expected a row from 0 to ${this.length - 1}, got ${show(row)}`,
        );
      }
    }
    if (positions.length === 0) throw new ArgumentError("rows(): expected at least one row, got 0");
    return this.with(takeRows(this.x, positions), takeRows(this.y, positions));
  }

  private with(x: Features, y: Labels): Dataset {
    const { classNames, featureNames, name } = this;
    return new Dataset({
      x,
      y,
      ...(classNames && { classNames }),
      ...(featureNames && { featureNames }),
      ...(name !== undefined && { name }),
    });
  }
}
