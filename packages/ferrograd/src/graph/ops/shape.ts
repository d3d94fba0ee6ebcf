import * as write from "../../engine/writers.generated.ts";
import { ArgumentError, ShapeError } from "../../errors.ts";
import { shapeOf, show } from "../../options/index.ts";
import { BOOL, type DType, isFloat } from "../../values/dtype.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../../values/shape.ts";
import { fill, knownNumber } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { mixes, moves } from "../meaning.ts";
import { apply, type Emission, isOp, madeBy, type OpDef, type Rule } from "../op.ts";
import { type AnyTensor, Tensor } from "../tensor.ts";
import { axesOf } from "./require.ts";

/** The shape that both broadcast to: axes are matched from the end, 1 stretches (NumPy's rule). */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${op}(): expected shapes that broadcast, got ${showShape(a)} and ${showShape(b)}`,
      );
    }
    return x === 1 ? y : x;
  });
}

/**
 * How a smaller operand runs along the output: element i is x[(i / inner) mod len]. Null when the
 * axes it keeps are not neighbors, so that it has to be copied out.
 */
export function broadcastPattern(from: Shape, to: Shape): { inner: number; len: number } | null {
  const kept = to.map((size, axis) => size !== 1 && from[axis - to.length + from.length] === size);
  const first = kept.indexOf(true);
  if (first < 0) return { inner: 1, len: 1 };
  const last = kept.lastIndexOf(true);
  const between = to.slice(first, last + 1);
  if (between.some((size, i) => size !== 1 && !kept[first + i])) return null;
  return { inner: sizeOf(to.slice(last + 1)), len: sizeOf(between) };
}

/** Row-major strides; 0 along axes that are stretched to `to`. @internal */
export function strides(from: Shape, to: Shape = from): number[] {
  const lead = to.length - from.length;
  return to.map((size, axis) => {
    const own = from[axis - lead] ?? 1;
    return own === size && axis >= lead ? sizeOf(from.slice(axis - lead + 1)) : 0;
  });
}

/** Elements of the input at strided places. @internal */
export function emitStrided(
  e: Emission<unknown>,
  sizes: Shape,
  steps: readonly number[],
  start = 0,
): void {
  const dims = sizes.map((size, i) => ({ size, stride: steps[i]! }));
  const len = sizeOf(e.inputSpecs[0]!.shape);
  write.stridedCopy(e.w, { len, start, n: sizeOf(sizes), x: e.inputs[0]!, y: e.outputs[0]!, dims });
}

/** The axis of `to` that has the same elements side by side, the last of those of size 1. */
function sameAxis(from: Shape, axis: number, to: Shape): number | undefined {
  const before = sizeOf(from.slice(0, axis));
  const now = to.findLastIndex(
    (size, i) => size === from[axis] && sizeOf(to.slice(0, i)) === before,
  );
  return now < 0 ? undefined : now;
}

/** @internal */
export const reshapeOp: OpDef<{ shape: Shape }> = {
  name: "reshape",
  view: true,
  meaning: moves(({ inputs, attrs }, axis) => sameAxis(inputs[0]!.shape, axis, attrs.shape)),
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  gradient: ({ inputs, dy }) => [reshape(dy, inputs[0]!.shape)],
};

/** The same words as another type: 0 and 1 as floats and back. */
export const viewAsOp: OpDef<{ dtype: DType }> = {
  name: "viewAs",
  view: true,
  meaning: mixes,
  infer: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
  gradient: () => [null],
};

/** What is 0 and 1, as the type that says so. @internal */
export const truth = (x: Tensor): Tensor<Shape, "bool"> =>
  apply(viewAsOp, [x], { dtype: BOOL }) as AnyTensor as Tensor<Shape, "bool">;

export const broadcastOp: OpDef<{ shape: Shape }> = {
  name: "broadcastTo",
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  meaning: moves(({ inputs, attrs }, axis) => {
    const now = axis + attrs.shape.length - inputs[0]!.rank;
    return attrs.shape[now] === inputs[0]!.shape[axis] ? now : undefined;
  }),
  gradient: ({ inputs, dy, sumTo }) => [sumTo(dy, inputs[0]!.shape)],
  emit: (e) => emitStrided(e, e.attrs.shape, strides(e.inputSpecs[0]!.shape, e.attrs.shape)),
};

/** The number that a tensor has everywhere, where it is known. @internal */
export function numberEverywhere(x: AnyTensor): number | undefined {
  const node = x.source.kind === "node" ? x.source.node : undefined;
  const same = node !== undefined && (node.op.view || isOp(node, broadcastOp));
  return same ? numberEverywhere(node.inputs[0]!) : knownNumber(x);
}

/** What a tensor is another shape of, no further back than x. @internal */
export function withoutViews(tensor: AnyTensor, x: AnyTensor): AnyTensor {
  let end = tensor;
  while (end !== x && end.source.kind === "node" && end.source.node.op.view === true) {
    end = end.source.node.inputs[0]!;
  }
  return end;
}

/** @internal */
export const transposeOp: OpDef<{ axes: readonly number[] }> = {
  name: "transpose",
  infer: ([x], { axes }) => [{ shape: axes.map((axis) => x!.shape[axis]!), dtype: x!.dtype }],
  meaning: moves(({ attrs }, axis) => attrs.axes.indexOf(axis)),
  gradient: ({ attrs, dy }) => [
    transpose(
      dy,
      attrs.axes.map((_, i) => attrs.axes.indexOf(i)),
    ),
  ],
  emit: (e) => {
    const { shape } = e.inputSpecs[0]!;
    const own = strides(shape);
    const step = (axis: number) => (shape[axis] === 1 ? 0 : own[axis]!);
    emitStrided(e, e.outputSpecs[0]!.shape, e.attrs.axes.map(step));
  },
};

export const copyOp: OpDef<null> = {
  name: "copy",
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  meaning: moves((_node, axis) => axis),
  gradient: ({ dy }) => [dy],
  emit: ({ w, inputs, outputs, outputSpecs }) =>
    write.copy(w, { n: sizeOf(outputSpecs[0]!.shape), x: inputs[0]!, y: outputs[0]! }),
};

/** The same values in memory of their own. @internal */
export function copy(x: AnyTensor): AnyTensor {
  return apply(copyOp, [x], null);
}

/** A reshape of a reshape is one reshape. */
export const shapeRules: readonly Rule[] = [
  {
    op: reshapeOp,
    apply(node) {
      const [x] = node.inputs;
      if (sameShape(x!.shape, node.attrs.shape)) return x!;
      const inner = madeBy(x!, reshapeOp);
      return inner && apply(reshapeOp, inner.inputs, node.attrs);
    },
  },
];

/** Constants up to this size are stored rather than stretched at each run. */
const STORED = 4096;

/** A constant in another shape, and a known number stretched, are constants. */
export const constantShapeRules: readonly Rule[] = [
  {
    op: reshapeOp,
    apply({ inputs, outputs }) {
      const [{ source, dtype }] = inputs as [AnyTensor];
      return source.kind === "data" ? new Tensor(outputs[0]!.shape, dtype, source) : null;
    },
  },
  {
    op: broadcastOp,
    apply({ inputs, outputs }) {
      const value = knownNumber(inputs[0]!);
      const { shape, size } = outputs[0]!;
      if (value === undefined || !isFloat(inputs[0]!) || size > STORED) return null;
      return fill(shape, value) as AnyTensor;
    },
  },
];

/**
 * The same values, in the same order, in another shape. One size may be −1: it follows.
 *
 * @example reshape(x, [-1, 64])
 * @throws ShapeError when the sizes do not multiply to the number of elements
 */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const input = toTensor("reshape()", x);
  const open = Array.isArray(shape) ? shape.indexOf(-1) : -1;
  if (open >= 0 && open !== shape.lastIndexOf(-1)) {
    throw new ShapeError(
      `reshape(): shape: expected one -1 at most, got ${showShape(shape)}: the rest tells the size of one axis only`,
    );
  }
  const known = shapeOf("reshape()", "shape", open < 0 ? shape : shape.toSpliced(open, 1));
  const sizes = open < 0 ? known : known.toSpliced(open, 0, input.size / sizeOf(known));
  const whole = open < 0 || Number.isInteger(sizes[open]);
  if (whole && sizeOf(sizes) === input.size) return apply(reshapeOp, [input], { shape: sizes });
  throw new ShapeError(
    `reshape(): expected a shape of ${input.size} elements, got ${showShape(shape)} for ${showShape(input.shape)}`,
  );
}

/**
 * Copies of x along new or stretched axes, by NumPy's broadcasting rule.
 *
 * @throws ShapeError when x does not broadcast to the shape
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  const input = toTensor("broadcastTo()", x);
  const to = shapeOf("broadcastTo()", "shape", shape);
  if (!sameShape(broadcastShapes("broadcastTo", input.shape, to), to)) {
    throw new ShapeError(
      `broadcastTo(): expected a shape that ${showShape(input.shape)} stretches to, got ${showShape(to)}`,
    );
  }
  if (sameShape(input.shape, to)) return input as Tensor;
  return apply(broadcastOp, [input], { shape: to });
}

/**
 * Reorders the axes; reverses them when no order is given (numpy.transpose).
 *
 * @example transpose(x, [0, 2, 1])
 * @throws ArgumentError when `axes` is not an order of all axes
 */
export function transpose(x: TensorLike, axes?: readonly number[]): Tensor {
  const input = toTensor("transpose()", x);
  if (axes === undefined) {
    return apply(transposeOp, [input], { axes: input.shape.map((_, i) => input.rank - 1 - i) });
  }
  if (!Array.isArray(axes) || axes.length !== input.rank) {
    throw new ArgumentError(
      `transpose(): axes: expected an order of ${input.rank} axes, got ${show(axes)}`,
    );
  }
  return apply(transposeOp, [input], { axes: axesOf("transpose", axes, input.rank) });
}
