import { ArgumentError, ShapeError } from "../errors.ts";
import type { LossRow } from "../losses/loss.ts";
import { show } from "../options/index.ts";
import {
  checkClasses,
  checkFinite,
  checkSameRows,
  checkTargets,
  type Features,
  type Labels,
  type RowsLike,
  sliceRows,
  toFeatures,
  toLabels,
} from "../values/rows.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../values/shape.ts";

/** Rows with targets, checked: what training walks through. */
export interface Samples {
  readonly x: Features;
  readonly y: Labels;
}

/** What `fit` and `evaluate` take for x and y together: a data set. */
export interface DatasetLike {
  readonly x: RowsLike;
  readonly y: RowsLike;
  readonly classNames?: readonly string[] | undefined;
}

/** Is it a data set, of this or another copy of the package? */
export function isDataset(value: unknown): value is DatasetLike {
  return typeof value === "object" && value !== null && "x" in value && "y" in value;
}

/** Shapes that the data must have. */
export interface Expected {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly targetShape: Shape;
  readonly loss: LossRow;
}

/** What a model takes when it is trained with this loss. */
export function expected(
  { inputShape, outputShape }: { readonly inputShape: Shape; readonly outputShape: Shape },
  loss: LossRow,
): Expected {
  return { inputShape, outputShape, targetShape: loss.targetShape(outputShape), loss };
}

/** Inputs of the model's shape, finite. */
export function checkInputs(what: string, x: unknown, inputShape: Shape): Features {
  const rows = shapedInputs(what, x, inputShape);
  checkFinite(what, rows);
  return rows;
}

/** Is `shape` (rows, ...row)? */
function rowsHaveShape(shape: Shape, row: Shape): boolean {
  if (shape.length !== row.length + 1) return false;
  for (let axis = 0; axis < row.length; axis++) if (shape[axis + 1] !== row[axis]) return false;
  return true;
}

/** Inputs of the model's shape. */
export function shapedInputs(what: string, x: unknown, inputShape: Shape): Features {
  const rows = toFeatures(what, x);
  if (!rowsHaveShape(rows.shape, inputShape)) {
    throw new ShapeError(
      `${what}: expected rows of shape ${showShape(inputShape)}, got ${showShape(rows.shape.slice(1))}` +
        (rows.shape.length === 1 ? `; one row is written [[...]]` : ""),
    );
  }
  return rows;
}

/** Targets of the shape and type that the loss takes. */
export function shapedTargets(what: string, y: unknown, expectations: Expected): Labels {
  const { outputShape, targetShape: expected, loss } = expectations;
  const labels = toLabels(what, y, loss.labels);
  if (rowsHaveShape(labels.shape, expected)) return labels;
  // (rows) for (rows, 1) and the other way round are the same numbers.
  const row = labels.shape.slice(1);
  const trim = (shape: Shape) => shape.filter((size) => size !== 1);
  if (!sameShape(trim(row), trim(expected))) {
    if (loss.name === "") return labels; // A loss of one's own may take anything.
    const remedy =
      loss.labels === "int32" && sizeOf(row) === outputShape[outputShape.length - 1]
        ? '; for rows of probabilities use "categoricalCrossentropy"'
        : sizeOf(row) === 1 && loss.name === "categoricalCrossentropy"
          ? '; for class numbers use "sparseCategoricalCrossentropy"'
          : "";
    throw new ShapeError(
      `${what}: expected rows of shape ${showShape(expected)}, got ${showShape(row)}${remedy}`,
    );
  }
  return { ...labels, shape: [labels.shape[0]!, ...expected] };
}

/** What is wrong with outputs that have less along the last axis than the loss needs. */
export function shortOutputs({ name, lastAxis }: LossRow, outputShape: Shape): string | undefined {
  if (lastAxis === undefined || (outputShape[outputShape.length - 1] ?? 1) > 1) return undefined;
  const { of, instead } = lastAxis;
  return (
    `loss "${name}": expected outputs (…, ${of}) of at least 2 ${of}, got rows of shape ${showShape(outputShape)}` +
    (instead === undefined ? "" : `; for one output use "${instead}"`)
  );
}

/** Targets that the loss can take, each by itself. */
export function checkRule(what: string, labels: Labels, { takes }: LossRow): void {
  if (takes !== undefined) checkTargets(what, labels, takes);
}

/** x and y, whole: shapes, equal length, finite, classes in range. */
export function checkSamples(
  where: string,
  x: unknown,
  y: unknown,
  expected: Expected,
  names = ["x", "y"],
): Samples {
  const [ofX, ofY] = [`${where}: ${names[0]}`, `${where}: ${names[1]}`];
  const features = shapedInputs(ofX, x, expected.inputShape);
  const labels = shapedTargets(ofY, y, expected);
  checkSameRows(where, features, labels, names);
  checkFinite(ofX, features);
  if (labels.data instanceof Float32Array) checkFinite(ofY, labels);
  checkRule(ofY, labels, expected.loss);
  const classes = expected.loss.classes?.(expected.outputShape);
  if (classes !== undefined) checkClasses(ofY, labels, classes, expected.loss.ignored);
  return { x: features, y: labels };
}

/** Arguments `(x, y, options)` or `(dataset, options)` in one form. */
export function samplesAndOptions<O>(
  where: string,
  args: readonly unknown[],
): { x: unknown; y: unknown; options: O; classNames: readonly string[] | undefined } {
  const [first, second, third] = args;
  if (isDataset(first)) {
    return { x: first.x, y: first.y, options: (second ?? {}) as O, classNames: first.classNames };
  }
  if (second === undefined) {
    throw new ArgumentError(
      `${where}: y: expected labels for x, or a data set with x and y, got ${show(second)}`,
    );
  }
  return { x: first, y: second, options: (third ?? {}) as O, classNames: undefined };
}

/** Cuts off the last rows for validation. */
export function splitTail(
  { x, y }: Samples,
  fraction: number,
): { train: Samples; validation: Samples } {
  const rows = x.shape[0]!;
  const count = Math.floor(rows * fraction);
  if (count === 0 || count === rows) {
    throw new ArgumentError(
      `fit(): validationSplit: expected a fraction that leaves rows on both sides, got ${fraction} of ${rows} rows`,
    );
  }
  const cut = (begin: number, end: number): Samples => ({
    x: sliceRows(x, begin, end),
    y: sliceRows<Float32Array | Int32Array>(y, begin, end),
  });
  return { train: cut(0, rows - count), validation: cut(rows - count, rows) };
}

/** What is wrong with taking the tail of these rows for validation, if anything. */
export function sortedTail(
  { y }: Samples,
  rows: number,
  classNames?: readonly string[],
): string | undefined {
  const labels = y.data;
  if (!(labels instanceof Int32Array) || labels.length !== y.shape[0]) return undefined;
  const sorted = labels.every((label, i) => i === 0 || labels[i - 1]! <= label);
  if (!sorted || labels[0] === labels[labels.length - 1]) return undefined;
  const name = (label: number) => classNames?.[label] ?? `class ${label}`;
  const tail = [...new Set(labels.subarray(labels.length - rows))].map(name).join(", ");
  return (
    `fit(): the rows are sorted by class, so the last ${rows}, taken for validation, hold only ${tail}; ` +
    "shuffle them first: new Dataset({ x, y }).shuffle(1)"
  );
}
