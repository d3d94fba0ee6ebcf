import * as write from "../../engine/writers.generated.ts";
import { type Shape, sizeOf } from "../../values/shape.ts";
import { fill } from "../constants.ts";
import { joins, moves } from "../meaning.ts";
import { apply, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { cast } from "./indexing.ts";
import { emitStrided, reshape, strides } from "./shape.ts";

/** Of each axis where a slice begins, how many elements it has, and how far they are apart. */
interface SliceAttrs {
  readonly starts: readonly number[];
  readonly sizes: Shape;
  readonly steps: readonly number[];
}

/** @internal */
export const sliceOp: OpDef<SliceAttrs> = {
  name: "slice",
  infer: ([x], { sizes }) => [{ shape: sizes, dtype: x!.dtype }],
  meaning: /* @__PURE__ */ moves(({ inputs, attrs: { sizes, steps } }, axis) =>
    sizes[axis] === inputs[0]!.shape[axis] && Math.abs(steps[axis]!) === 1 ? axis : undefined,
  ),
  gradient: ({ inputs, attrs, dy }) => [placed(dy, inputs[0]!.shape, attrs)],
  emit: (e) => {
    const { starts, sizes, steps } = e.attrs;
    const own = strides(e.inputSpecs[0]!.shape);
    const start = starts.reduce((sum, at, axis) => sum + at * own[axis]!, 0);
    const by = own.map((stride, axis) => (sizes[axis]! > 1 ? stride * steps[axis]! : 0));
    emitStrided(e, sizes, by, sizeOf(sizes) > 0 ? start : 0);
  },
};

/** A shape with another size of an axis. @internal */
export const replaced = (shape: Shape, axis: number, size: number): number[] =>
  shape.map((own, i) => (i === axis ? size : own));

/** The elements of a slice where they were, 0 elsewhere. */
function placed(dy: Tensor, shape: Shape, { starts, sizes, steps }: SliceAttrs): Tensor {
  let y = dy;
  shape.forEach((size, axis) => {
    const [count, step] = [sizes[axis]!, steps[axis]!];
    if (count === size && step === 1) return;
    if (step < 0) y = part(y, axis, count - 1, count, -1);
    const gap = Math.abs(step) - 1;
    let extent = count;
    if (gap > 0 && count > 1) {
      const apart = [...y.shape.slice(0, axis + 1), 1, ...y.shape.slice(axis + 1)];
      const wide = joined([reshape(y, apart), zerosAlong(apart, axis + 1, gap)], axis + 1);
      extent = (count - 1) * (gap + 1) + 1;
      y = part(reshape(wide, replaced(y.shape, axis, count * (gap + 1))), axis, 0, extent, 1);
    }
    const before = count === 0 ? 0 : Math.min(starts[axis]!, starts[axis]! + (count - 1) * step);
    y = padded(y, axis, before, size - before - extent);
  });
  return y;
}

/** Zeros as wide as `size` along an axis, one row of them for all in front. */
function zerosAlong(shape: Shape, axis: number, size: number, value = 0): Tensor {
  return fill(
    [...shape.slice(0, axis).map(() => 1), size, ...shape.slice(axis + 1)],
    value,
  ) as Tensor;
}

/** With so many elements of one value before and after. */
export function padded(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const edge = (size: number) =>
    size > 0 ? [cast(zerosAlong(x.shape, axis, size, value), x.dtype) as Tensor] : [];
  return joined([...edge(before), x, ...edge(after)], axis);
}

/** `count` elements along an axis, from one on. */
export function part<T extends AnyTensor>(
  x: T,
  axis: number,
  start: number,
  count: number,
  step: number,
): T {
  if (start === 0 && step === 1 && count === x.shape[axis]) return x;
  const each = (here: number, others: number) =>
    x.shape.map((_, i) => (i === axis ? here : others));
  const sizes = replaced(x.shape, axis, count);
  return apply(sliceOp, [x], {
    starts: each(start, 0),
    sizes,
    steps: each(step, 1),
  }) as AnyTensor as T;
}

/** Tensors side by side along an axis; in front of it some may have a single row for all. */
export const concatenateOp: OpDef<{ axis: number; shape: Shape }> = {
  name: "concatenate",
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  meaning: /* @__PURE__ */ joins(({ attrs }) => attrs.axis),
  gradient: ({ inputs, attrs: { axis }, dy, needs, sumTo }) => {
    let at = 0;
    return inputs.map(({ shape }, i) => {
      const own = part(dy, axis, at, shape[axis]!, 1);
      at += shape[axis]!;
      return needs[i] ? sumTo(own, shape) : null;
    });
  },
  emit: ({ w, attrs: { axis, shape }, inputs, outputs, inputSpecs }) => {
    const outer = sizeOf(shape.slice(0, axis));
    const inner = sizeOf(shape.slice(axis + 1));
    const parts = inputs.map((x, i) => {
      const own = inputSpecs[i]!.shape;
      return { rows: sizeOf(own.slice(0, axis)), len: own[axis]! * inner, x };
    });
    write.concatenate(w, { outer, width: shape[axis]! * inner, y: outputs[0]!, parts });
  },
};

/** Pieces that are known to fit. */
export function joined<T extends AnyTensor>(pieces: readonly T[], axis: number): T {
  if (pieces.length === 1) return pieces[0]!;
  const size = pieces.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  // Not one that has a single row for all; there may be none at all.
  const whole = pieces.find(({ shape }) => sizeOf(shape.slice(0, axis)) !== 1) ?? pieces[0]!;
  const attrs = { axis, shape: replaced(whole.shape, axis, size) };
  return apply(concatenateOp, pieces, attrs) as AnyTensor as T;
}
