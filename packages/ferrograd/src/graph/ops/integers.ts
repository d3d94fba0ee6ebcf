import type { IntegerName } from "../../engine/ops.generated.ts";
import * as write from "../../engine/writers.generated.ts";
import { INT } from "../../values/dtype.ts";
import { sizeOf } from "../../values/shape.ts";
import { made } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends } from "../meaning.ts";
import { apply, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { requireType } from "./require.ts";
import { broadcastShapes, broadcastTo } from "./shape.ts";

/** A function of integers of one shape: arithmetic that wraps around, or a comparison, which is 1 or 0. */
export const integersOp: OpDef<{ integer: IntegerName }> = {
  name: "integers",
  infer: ([a]) => [{ shape: a!.shape, dtype: INT }],
  meaning: ends,
  gradient: () => [null, null],
  emit: ({ w, attrs, inputs, outputs, outputSpecs }) =>
    write.integers(w, {
      ...attrs,
      n: sizeOf(outputSpecs[0]!.shape),
      a: inputs[0]!,
      b: inputs[1]!,
      y: outputs[0]!,
    }),
};

/** Reduces the middle axis of integers (outer, n, inner). */
export const reduceIntegersOp: OpDef<{ integer: IntegerName }> = {
  name: "reduceIntegers",
  infer: ([x]) => [{ shape: [x!.shape[0]!, 1, x!.shape[2]!], dtype: INT }],
  meaning: ends,
  gradient: () => [null],
  emit({ w, attrs, inputs, outputs, inputSpecs }) {
    const [outer, n, inner] = inputSpecs[0]!.shape as [number, number, number];
    write.reduceIntegers(w, { ...attrs, outer, n, inner, x: inputs[0]!, y: outputs[0]! });
  },
};

const isWhole = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isWhole) : typeof value === "number" && value === (value | 0);

/** The operands; numbers beside integers are some, if they can be. @internal */
export function operands(where: string, given: readonly TensorLike[]): AnyTensor[] {
  const known = given.map((x) => (typeof x === "number" ? x : toTensor(where, x)));
  const integers = known.some(isInteger);
  return known.map((x, i) =>
    integers && isWhole(given[i]) ? made(where, given[i], undefined, INT) : toTensor(where, x),
  );
}

const isInteger = (x: TensorLike): boolean => (x as AnyTensor).dtype === INT;

/** Two tensors of integers in the shape that both broadcast to. @internal */
export function wholes(name: string, [a, b]: readonly AnyTensor[]): AnyTensor[] {
  const shape = broadcastShapes(name, a!.shape, b!.shape);
  return [a!, b!].map((t) => broadcastTo(requireType(name, t, INT), shape) as AnyTensor);
}

/**
 * What a function of two operands is of integers, which are computed with as integers, and what it is of floats; neither is
 * taken for the other. @internal
 */
export function byType(
  name: IntegerName,
  a: TensorLike,
  b: TensorLike,
  floats: (a: AnyTensor, b: AnyTensor) => Tensor,
): Tensor {
  const given = operands(`${name}()`, [a, b]);
  if (!given.some(isInteger)) return floats(given[0]!, given[1]!);
  return apply(integersOp, wholes(name, given), { integer: name });
}
