import { brandClass, shared } from "../copies/shared.ts";
import type { Variable } from "../graph/leaf.ts";
import { madeBy } from "../graph/tensor.ts";
import type { DType } from "../values/dtype.ts";
import { type Dims, showShape } from "../values/shape.ts";
import type { AnyLayer } from "./layer.ts";

/** Shape of one row and type of what a layer takes or gives. */
export interface Spec {
  readonly shape: Dims;
  readonly dtype: DType;
}

/** What is known of a call before anything is made for it. */
export interface Described {
  readonly outputs: readonly Spec[];
  /** Does it give a list? */
  readonly list: boolean;
  /** Variables that the call reads, and no layer owns: those of plain functions. */
  readonly used: readonly Variable[];
}

/** A model that was called as a layer: its layers' names begin with its own. */
export interface Within {
  readonly name: string;
}

/** One call of a layer, on what other calls give. */
export interface Call {
  readonly layer: AnyLayer;
  /** Asked for, or that of the layer. */
  readonly name: string;
  readonly within: Within | undefined;
  readonly inputs: readonly SymbolicTensor[];
  readonly described: Described;
  /** Larger than that of any call before: what it takes was made before it. */
  readonly id: number;
}

/** Where a symbolic tensor comes from: an input of a model, or an output of a call. */
export type Origin =
  | { readonly kind: "input"; readonly name: string | undefined }
  | { readonly kind: "call"; readonly call: Call; readonly index: number };

/** As that of tensors: errors show its source text. */
const unclonable = Object.values({
  "expected something without functions, got a symbolic tensor; send its shape, make it again with input()"() {},
})[0];

/** What those look for who give a function of tensors one that has no values yet. */
export const IN_LAYER = "; a layer computes with it: layer((x) => …)(it)";

const calls = shared("symbolic calls", () => ({ made: 0 }));

/**
 * What an input or a layer will give, without values: made by `input` and by layers that are called on one, and what
 * `model` makes a model of. Its shape is that of one row, `null` where a size is known at the first use only.
 * keras.KerasTensor, tf.SymbolicTensor.
 *
 * @example
 * const x = input([3]);
 * dense(2)(x).shape // [2]
 */
export class SymbolicTensor<S extends Dims = Dims, D extends DType = DType> {
  /** @internal First of all, so that nothing is copied before. */
  readonly clone = unclonable;
  readonly shape: S;
  readonly dtype: D;
  /** @internal */
  readonly origin: Origin;

  static {
    brandClass("symbolic tensor", SymbolicTensor, IN_LAYER);
  }

  /** @internal */
  constructor(shape: S, dtype: D, origin: Origin) {
    if (typeof origin?.kind !== "string") throw madeBy("SymbolicTensor", "input() or a layer");
    this.shape = shape;
    this.dtype = dtype;
    this.origin = origin;
  }

  /** Shape and type, in one line. */
  toString(): string {
    return `symbolic tensor ${this.dtype} ${showShape(this.shape)}`;
  }

  /** @internal What `console.log` shows in Node, Deno and Bun. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export const isSymbolic = (value: unknown): value is SymbolicTensor =>
  value instanceof SymbolicTensor;

/** A call of a layer on symbolic tensors: what it gives, a list where the layer gives one. */
export function callOn(
  layer: AnyLayer,
  inputs: readonly SymbolicTensor[],
  name = layer.path,
  within?: Within,
): SymbolicTensor | SymbolicTensor[] {
  const described = layer.describe(inputs, name);
  const call: Call = { layer, name, within, inputs, described, id: ++calls.made };
  const outputs = described.outputs.map(
    ({ shape, dtype }, index) => new SymbolicTensor(shape, dtype, { kind: "call", call, index }),
  );
  return described.list ? outputs : outputs[0]!;
}
