import { traceFunction } from "../compile/jit.ts";
import { leaves, topological } from "../compile/order.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { toTensor, Variable } from "../graph/leaf.ts";
import { type AnyTensor, isTensor } from "../graph/tensor.ts";
import { show } from "../options/index.ts";
import { type Dims, isOpen, type Shape } from "../values/shape.ts";
import type { Described, Spec } from "./symbolic.ts";

/** Rows of the trace that finds shapes. */
const PROBE_ROWS = 2;
/**
 * In the place of sizes that are not known: what differs between the two is not known of the outputs either. Primes,
 * larger than windows and steps along such an axis mostly are.
 */
export const UNKNOWN = [131, 257] as const;

/** What a call gives or throws: a tensor or a list of them. */
export type Returned = unknown;

/** A row of a shape, with a size for those that are not known. */
export const sized = (shape: Dims, unknown: number = UNKNOWN[0]): Shape =>
  shape.map((size) => size ?? unknown);

/**
 * Traces a call on a small batch, to find out what it gives. Nothing is computed, and nothing made.
 *
 * @param where the layer, for messages
 */
export function describeCall(
  where: string,
  inputs: readonly Spec[],
  call: (inputs: readonly AnyTensor[]) => Returned,
): Described {
  const once = (unknown: number) => {
    const specs = inputs.map(({ shape, dtype }) => ({
      shape: [PROBE_ROWS, ...sized(shape, unknown)],
      dtype,
    }));
    let list = false;
    const { result } = traceFunction(specs, (placeholders) => {
      const returned = call(placeholders);
      list = Array.isArray(returned);
      return returnedTensors(where, returned);
    });
    return { list, outputs: result as readonly AnyTensor[] };
  };
  const { list, outputs } = once(UNKNOWN[0]);
  const others = inputs.some(isOpen) ? once(UNKNOWN[1]).outputs : outputs;
  const found = leaves(topological(outputs), outputs);
  return {
    list,
    used: [...found].filter((leaf): leaf is Variable => leaf instanceof Variable),
    outputs: outputs.map(({ shape, dtype }, i) => {
      const other = others[i]?.shape ?? [];
      if (shape[0] !== PROBE_ROWS) {
        throw new ShapeError(
          `${where}: expected an output (batch, …), got one that drops the batch`,
        );
      }
      return {
        shape: shape.slice(1).map((size, axis) => (size === other[axis + 1] ? size : null)),
        dtype,
      };
    }),
  };
}

/** What a layer returned as a list of tensors. */
export function returnedTensors(where: string, returned: Returned): AnyTensor[] {
  const isList = Array.isArray(returned) && returned.length > 0;
  const list: unknown[] = isList ? Array.from(returned) : [returned];
  return list.map((one) => {
    if (isTensor(one)) return toTensor(where, one); // of here, and not disposed
    throw new ArgumentError(
      `${where}: expected a function that returns a float32 tensor, got ${show(one)}`,
    );
  });
}
