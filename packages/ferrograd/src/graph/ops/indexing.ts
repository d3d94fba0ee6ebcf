import * as write from "../../engine/writers.generated.ts";
import { oneOf, positiveInteger } from "../../options/index.ts";
import { BOOL, DTYPES, type DType, FLOAT, INT, isFloat } from "../../values/dtype.ts";
import { type Shape, sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends, mixes, moves } from "../meaning.ts";
import { apply, applyAll, floats, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { equals, sub } from "./elementwise.ts";
import {
  type AxisOptions,
  axisFrom,
  checkAxisOptions,
  firstAxisFrom,
  integersFrom,
  noMore,
  requireFloat,
  requireRank,
  requireSome,
  withinRank,
} from "./require.ts";
import { transpose, truth, viewAsOp } from "./shape.ts";

export const gatherOp: OpDef<null> = {
  name: "gather",
  bound: ([table]) => table!.shape[0]!,
  infer: ([table, indices]) => [
    { shape: [...indices!.shape, ...table!.shape.slice(1)], dtype: table!.dtype },
  ],
  meaning: /* @__PURE__ */ moves(({ inputs }, axis) =>
    axis === 0 ? undefined : axis - 1 + inputs[1]!.rank,
  ),
  gradient: ({ inputs, dy }) => [
    apply(scatterAddOp, [inputs[1]!, dy], { shape: inputs[0]!.shape }),
    null,
  ],
  emit: ({ w, inputs, outputs, inputSpecs }) => {
    const [table, indices] = inputSpecs;
    const rows = table!.shape[0]!;
    const width = sizeOf(table!.shape.slice(1));
    const count = sizeOf(indices!.shape);
    write.gather(w, { rows, width, count, table: inputs[0]!, indices: inputs[1]!, y: outputs[0]! });
  },
};

/** Rows added up at their indices in a table of zeros: the gradient of gather, as gather is of it. */
export const scatterAddOp: OpDef<{ shape: Shape }> = {
  name: "scatterAdd",
  bound: (_inputs, { shape }) => shape[0]!,
  infer: (_inputs, { shape }) => [floats(shape)],
  meaning: ends,
  gradient: ({ inputs, dy }) => [null, apply(gatherOp, [dy, inputs[0]!], null)],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const [rows, ...rest] = attrs.shape;
    const count = sizeOf(inputSpecs[0]!.shape);
    const operands = { indices: inputs[0]!, dy: inputs[1]!, dtable: outputs[0]! };
    write.scatterAdd(w, { rows: rows!, width: sizeOf(rest), count, ...operands });
  },
};

export const oneHotOp: OpDef<{ depth: number }> = {
  name: "oneHot",
  bound: (_inputs, { depth }) => depth,
  infer: ([indices], { depth }) => [floats([...indices!.shape, depth])],
  meaning: ends,
  gradient: () => [null],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.oneHot(w, {
      count: sizeOf(inputSpecs[0]!.shape),
      depth: attrs.depth,
      indices: inputs[0]!,
      y: outputs[0]!,
    }),
};

export const argmaxOp: OpDef<null> = {
  name: "argmax",
  instead: "softmax() is its smooth form",
  infer: ([x]) => [{ shape: x!.shape.slice(0, -1), dtype: INT }],
  meaning: ends,
  gradient: () => [null],
  emit: ({ w, inputs, outputs, inputSpecs }) => {
    const { shape } = inputSpecs[0]!;
    const n = shape[shape.length - 1]!;
    write.argmax(w, { rows: sizeOf(shape.slice(0, -1)), n, x: inputs[0]!, y: outputs[0]! });
  },
};

export const castOp: OpDef<{ dtype: DType }> = {
  name: "cast",
  instead: "leave the tensor float32",
  infer: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
  meaning: mixes,
  gradient: () => [null],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const op = { n: sizeOf(inputSpecs[0]!.shape), x: inputs[0]!, y: outputs[0]! };
    if (isFloat(attrs)) write.intToFloat(w, op);
    else write.floatToInt(w, op);
  },
};

/** Labels with 0 in the place of one that does not count; then 1 for those that count, 0 for the others. */
export const ignoreOp: OpDef<{ label: number }> = {
  name: "ignore",
  infer: ([labels]) => [{ shape: labels!.shape, dtype: INT }, floats(labels!.shape)],
  meaning: ends,
  gradient: () => [null],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) =>
    write.ignore(w, {
      n: sizeOf(inputSpecs[0]!.shape),
      label: attrs.label,
      x: inputs[0]!,
      y: outputs[0]!,
      kept: outputs[1]!,
    }),
};

/**
 * Rows of a table by number: (rows, …) and int32 indices (…) → (…, …); along another axis than the first its
 * elements, in its place (numpy.take). The gradient adds up where a row was taken more than once
 * (torch.nn.functional.embedding).
 *
 * @example gather([[1, 2], [3, 4]], tensor([1, 1, 0], [3], "int32"))
 * @example gather([[1, 2], [3, 4]], tensor([1], [1], "int32"), { axis: 1 }).array() // [[2], [4]]
 * @throws DataError when an index is outside the table, as the step runs
 */
export function gather(table: TensorLike, indices: TensorLike, options: AxisOptions = {}): Tensor {
  const rows = requireRank("gather", toTensor("gather()", table), 1);
  const at = integersFrom("gather", indices);
  withinRank("gather", rows.rank - 1 + at.rank);
  checkAxisOptions("gather", options, ["axis"]);
  const axis = firstAxisFrom("gather", options, rows.rank);
  if (axis === 0) return apply(gatherOp, [rows, at], null);
  const rest = rows.shape.map((_, i) => i).filter((i) => i !== axis);
  const y = apply(gatherOp, [transpose(rows, [axis, ...rest]), at], null);
  // The axes of the indices stand first; they go where the axis was.
  const taken = at.shape.map((_, i) => i);
  const others = rest.map((_, i) => at.rank + i);
  return transpose(y, [...others.slice(0, axis), ...taken, ...others.slice(axis)]);
}

/**
 * 1 at the index, 0 elsewhere: int32 (…) → (…, depth).
 *
 * @throws DataError when an index is outside 0..depth-1, as the step runs
 */
export function oneHot(indices: TensorLike, depth: number): Tensor;
export function oneHot(indices: TensorLike, depth: number, ...more: readonly unknown[]): Tensor {
  noMore("oneHot", more, "mul() and add() make other numbers of 1 and 0");
  const at = integersFrom("oneHot", indices);
  withinRank("oneHot", at.rank + 1);
  return apply(oneHotOp, [at], { depth: positiveInteger("oneHot()", "depth", depth) });
}

/** Labels and a mask: 0 and 0 where a label is `label`, else the label and 1. @internal */
export function ignoring(labels: AnyTensor, label: number): [labels: AnyTensor, kept: Tensor] {
  return applyAll(ignoreOp, [labels], { label }) as [AnyTensor, Tensor];
}

/**
 * Position of the largest value along an axis (default the last), which goes; the first of equals.
 *
 * @example argmax([[1, 3], [2, 0]], { axis: 0 }).array() // [1, 0]
 * @throws ShapeError for an axis without elements
 */
export const argmax = (x: TensorLike, options: AxisOptions = {}): Tensor<Shape, "int32"> =>
  largest("argmax", x, options);

/** @internal */
export function largest(op: string, x: TensorLike, options: AxisOptions): Tensor<Shape, "int32"> {
  const input = requireRank(op, requireFloat(op, toTensor(`${op}()`, x)), 1);
  checkAxisOptions(op, options, ["axis"]);
  const axis = axisFrom(op, options, input.rank);
  requireSome(op, input, axis);
  const rest = input.shape.map((_, i) => i).filter((i) => i !== axis);
  const rows = axis === input.rank - 1 ? input : transpose(input as Tensor, [...rest, axis]);
  return apply(argmaxOp, [rows], null) as AnyTensor as Tensor<Shape, "int32">;
}

/** Integers as floats; floats as they are. @internal */
export const asFloats = (x: AnyTensor): Tensor =>
  x.dtype === INT ? apply(castOp, [x], { dtype: FLOAT }) : (x as Tensor);

/**
 * Converts the element type; floats are cut towards zero, and all but 0 is true, NaN too.
 *
 * @example cast([0, 0.5, -2], "bool").array() // [0, 1, 1]
 * @throws ArgumentError for another type
 */
export function cast<D extends DType>(x: TensorLike, dtype: D): Tensor<Shape, D> {
  const input = toTensor("cast()", x);
  oneOf("cast()", "dtype", dtype, DTYPES);
  const [from, to]: DType[] = [input.dtype, dtype];
  const converted = (): AnyTensor => {
    if (to === BOOL) return truth(sub(1, equals(cast(input, FLOAT), 0)));
    return apply(from === BOOL && to === FLOAT ? viewAsOp : castOp, [input], { dtype });
  };
  return (from === to ? input : converted()) as Tensor<Shape, D>;
}
