import { ABSENT } from "../../engine/writer.ts";
import * as write from "../../engine/writers.generated.ts";
import { FLOAT, INT } from "../../values/dtype.ts";
import { type Shape, sizeOf } from "../../values/shape.ts";
import { fill, leaf } from "../constants.ts";
import { ends, mixes, moves } from "../meaning.ts";
import { apply, floats, inPlaces, type OpDef, type Spec } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { keep, mul } from "./elementwise.ts";
import { castOp } from "./indexing.ts";
import { integersOp } from "./integers.ts";
import { joined, part, replaced } from "./pieces.ts";
import { broadcastTo } from "./shape.ts";

/** Along which axis. */
interface Along {
  readonly axis: number;
}

/** A tensor as (outer, n, inner) around an axis. */
export const around = ({ shape }: Spec, axis: number) => ({
  outer: sizeOf(shape.slice(0, axis)),
  n: shape[axis]!,
  inner: sizeOf(shape.slice(axis + 1)),
});

/** y[j] = x[indices[j]] along an axis; the others are equal. @internal */
export const takeAlongOp: OpDef<Along> = {
  name: "takeAlongAxis",
  bound: ([x], { axis }) => x!.shape[axis]!,
  infer: ([x, indices]) => [{ shape: indices!.shape, dtype: x!.dtype }],
  meaning: /* @__PURE__ */ moves(({ attrs }, axis) => (axis === attrs.axis ? undefined : axis)),
  gradient: ({ inputs, attrs, dy }) => [
    apply(putAlongOp, [fill(inputs[0]!.shape, 0) as Tensor, inputs[1]!, dy], {
      ...attrs,
      adds: true,
    }),
    null,
  ],
  emit: ({ w, attrs: { axis }, inputs, outputs, inputSpecs: [x, indices] }) =>
    write.takeAlong(w, {
      ...around(x!, axis),
      count: indices!.shape[axis]!,
      x: inputs[0]!,
      indices: inputs[1]!,
      y: outputs[0]!,
    }),
};

/** x, where y[indices[j]] = values[j] along an axis, the last of several; or += values[j]. @internal */
export const putAlongOp: OpDef<Along & { readonly adds: boolean }> = {
  name: "putAlongAxis",
  bound: ([x], { axis }) => x!.shape[axis]!,
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  meaning: mixes,
  gradient: ({ inputs, attrs: { axis, adds }, dy }) => {
    const [x, indices] = inputs as [Tensor, AnyTensor];
    const taken = apply(takeAlongOp, [dy, indices], { axis });
    if (adds) return [dy, null, taken];
    const zeros = fill(indices.shape, 0) as Tensor;
    const rest = apply(putAlongOp, [dy, indices, zeros], { axis, adds });
    return [rest, null, keep(taken, remains(x.shape, indices, axis))];
  },
  emit: ({ w, attrs: { axis, adds }, inputs, outputs, inputSpecs: [x, indices] }) =>
    write.putAlong(w, {
      ...around(x!, axis),
      adds,
      count: indices!.shape[axis]!,
      x: inputs[0]!,
      indices: inputs[1]!,
      values: inputs[2]!,
      y: outputs[0]!,
    }),
};

/** 1 for what is put at a place last, 0 for what is put over. */
function remains(shape: Shape, indices: AnyTensor, axis: number): Tensor {
  const count = indices.shape[axis]!;
  const line = indices.shape.map((_, i) => (i === axis ? count : 1));
  const numbers = leaf(
    Int32Array.from({ length: count }, (_, i) => i),
    line,
    INT,
  ) as AnyTensor;
  const own = broadcastTo(numbers, indices.shape) as AnyTensor;
  const none = leaf(new Int32Array(sizeOf(shape)), shape, INT) as AnyTensor;
  const owner = apply(putAlongOp, [none, indices, own], { axis, adds: false });
  const last = apply(integersOp, [apply(takeAlongOp, [owner, indices], { axis }), own], {
    integer: "equal",
  });
  return apply(castOp, [last], { dtype: FLOAT });
}

/** @internal */
export interface ScanAttrs extends Along {
  readonly reverse: boolean;
  readonly start: number;
  /** Are there factors, and terms? */
  readonly there: readonly [factors: boolean, terms: boolean];
}

/** y[i] = factors[i]·y[i − 1] + terms[i] along an axis, from `start` on, with the factors 1 or the terms 0 left out. @internal */
export const scanOp: OpDef<ScanAttrs> = {
  name: "scan",
  infer: ([x]) => [floats(x!.shape)],
  meaning: mixes,
  gradient: ({ inputs, outputs, attrs, dy }) => {
    const { axis, reverse, there, start } = attrs;
    const [factors] = inPlaces(there, inputs as readonly Tensor[], undefined);
    // d[i] = dy[i] + factors[i + 1]·d[i + 1]
    const back = factors === undefined ? [] : [shifted(factors, axis, !reverse, 1)];
    const d = apply(scanOp, [...back, dy], {
      ...{ axis, reverse: !reverse, start: 0, there: [there[0], true] as const },
    });
    const before = shifted(outputs[0] as Tensor, axis, reverse, start);
    return inputs.map((_, i) => (there[0] && i === 0 ? mul(d, before) : d));
  },
  emit: ({ w, attrs: { axis, reverse, there, start }, inputs, outputs, outputSpecs }) => {
    const [factors, terms] = inPlaces(there, inputs, ABSENT);
    const [hasFactors, hasTerms] = there;
    write.scan(w, {
      ...around(outputSpecs[0]!, axis),
      ...{ reverse, hasFactors, hasTerms, start },
      ...{ factors: factors!, terms: terms!, y: outputs[0]! },
    });
  },
};

/** What stands before each element along an axis, after it where `reverse`; `start` where there is none. */
export function shifted(x: Tensor, axis: number, reverse: boolean, start: number): Tensor {
  const n = x.shape[axis]!;
  if (n === 0) return x;
  const edge = fill(replaced(x.shape, axis, 1), start) as Tensor;
  const rest = part(x, axis, reverse ? 1 : 0, n - 1, 1);
  return joined(reverse ? [rest, edge] : [edge, rest], axis);
}

/** Positions of each row in order. @internal */
export const argsortOp: OpDef<{ descending: boolean }> = {
  name: "argsort",
  instead: "sort() has a gradient",
  infer: ([x]) => [{ shape: x!.shape, dtype: INT }],
  meaning: ends,
  gradient: () => [null],
  temps: ([x]) => [sizeOf(x!.shape)],
  emit: ({ w, attrs: { descending }, inputs, outputs, temps, inputSpecs: [x] }) => {
    const n = x!.shape[x!.shape.length - 1]!;
    write.argsort(w, {
      ...{ rows: sizeOf(x!.shape.slice(0, -1)), n, descending, integers: x!.dtype === INT },
      ...{ x: inputs[0]!, spare: temps[0]!, y: outputs[0]! },
    });
  },
};
