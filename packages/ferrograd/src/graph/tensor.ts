import { brandClass, shared } from "../copies/shared.ts";
import type { Block } from "../engine/core.ts";
import { noCore } from "../engine/raw.ts";
import { ArgumentError, DisposedError, ShapeError, StateError } from "../errors.ts";
import { type DataOf, DTYPE, type DType, FLOAT } from "../values/dtype.ts";
import { type Shape, showShape, sizeOf } from "../values/shape.ts";
import { change } from "./clock.ts";
import type { Lineage } from "./lineage.ts";
import type { Meaning } from "./meaning.ts";
import type { OpDef } from "./op.ts";
import { print } from "./print.ts";
import { trace } from "./trace.ts";

/** Arrays in arrays, as deep as the rank. */
export type Nested = number | Nested[];

/** Arrays in arrays as deep as a known rank: `number[][]` of a matrix; `Nested` where it is not known. */
export type ArrayOf<S extends Shape> = number extends S["length"]
  ? Nested
  : S extends readonly [number, ...infer Rest extends Shape]
    ? ArrayOf<Rest>[]
    : number;

/** One application of an op. */
export interface Node<A = unknown> {
  readonly op: OpDef<A>;
  readonly inputs: readonly AnyTensor[];
  readonly attrs: A;
  /** One per output; filled by `apply`. */
  outputs: AnyTensor[];
  /** Layer path in whose call it was made, for messages. */
  readonly scope: string;
  /** Count of variable changes when it was made. */
  readonly version: number;
  /** The trace it was made in, if any. */
  readonly trace: object | null;
  /** The loss whose gradient it is part of, if any. */
  readonly gradientOf: AnyTensor | undefined;
}

/** The values of a leaf; of one that was computed, also what it was computed from. */
export interface Data {
  readonly kind: "data";
  readonly data: Float32Array | Int32Array;
  readonly lineage?: Lineage;
  /** What they stand for, with the values of logits where these are known. */
  readonly meaning?: Meaning | undefined;
}

/** Where a tensor's values come from. */
export type Source =
  | Data
  // Words of the block before it: optimizers keep several tensors in one.
  | { readonly kind: "state"; readonly block: Block; readonly offset?: number }
  | {
      readonly kind: "input";
      readonly index: number;
      readonly trace: object;
      readonly meaning?: Meaning | undefined;
    }
  // biome-ignore lint/suspicious/noExplicitAny: attributes are private to each op
  | { readonly kind: "node"; readonly node: Node<any>; readonly index: number }
  | { readonly kind: "disposed" };

/** A tensor of any shape and type. */
export type AnyTensor = Tensor<Shape, DType>;

const tensors = shared("tensors", () => ({ made: 0 }));

/** How a lazy tensor gets its values; set by the compiler, which stands above the graph. */
export const evaluator = shared(
  "evaluator",
  (): { evaluate?: (tensor: AnyTensor) => Data } => ({}),
);

/**
 * What no clone can have: where a tensor is cloned or posted there is an error, and its message begins with this text,
 * instead of an object that only looks like one.
 */
const unclonable = Object.values({
  "expected something without functions, got a tensor; send its data() and shape, make it again with tensor()"() {},
})[0];

/**
 * A tensor: row-major values of one shape and type. A leaf holds its data; any other is a node of a
 * graph and is computed when `data()` is asked for, after which it is a leaf.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * matmul(x, x).array() // [[7, 10], [15, 22]]
 */
export class Tensor<S extends Shape = Shape, D extends DType = "float32"> {
  /** @internal First of all, so that nothing is copied before. */
  readonly clone = unclonable;
  readonly shape: S;
  readonly dtype: D;
  /** @internal */
  source: Source;
  /** @internal Larger than that of any tensor made before. */
  readonly id = ++tensors.made;

  static {
    brandClass("tensor", Tensor);
  }

  /** @internal */
  constructor(shape: S, dtype: D, source: Source) {
    // Of all that would be wrong the cheapest to ask: every op makes tensors.
    if (dtype !== FLOAT && DTYPE[dtype] === undefined) throw madeBy("Tensor", "tensor()");
    this.shape = shape;
    this.dtype = dtype;
    this.source = source;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * A copy of the values, row-major. Computes a lazy tensor, synchronously.
   * @throws StateError inside a function that `jit` traces
   */
  data(): DataOf<D> {
    return this.values().slice() as DataOf<D>;
  }

  /** The values as nested arrays; a number for a scalar. */
  // A parameter, so that a tensor of a known shape is still one of any shape.
  array<Known extends Shape = S>(): ArrayOf<Known> {
    const values = this.values();
    let at = 0;
    const build = (axis: number): Nested =>
      axis === this.shape.length
        ? values[at++]!
        : Array.from({ length: this.shape[axis]! }, () => build(axis + 1));
    return build(0) as ArrayOf<Known>;
  }

  /**
   * The only value.
   * @throws ShapeError when there are several
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(`item(): expected one element, got shape ${showShape(this.shape)}`);
    }
    return this.values()[0]!;
  }

  /** Drops the data of a leaf; any later use throws. */
  dispose(): void {
    this.source = { kind: "disposed" };
    change();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Shape, type and first values, in one line; computes a lazy tensor. */
  toString(): string {
    return print(this as AnyTensor, "tensor");
  }

  /** @internal What `console.log` shows in Node, Deno and Bun. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal The values without a copy. */
  values(): Float32Array | Int32Array {
    if (trace.current !== null && this.source.kind !== "data") throw readInTrace();
    switch (this.source.kind) {
      case "data":
        return this.source.data;
      case "state": {
        return this.source.block.view()[DTYPE[this.dtype].words].subarray(0, this.size);
      }
      case "input":
        throw readInTrace();
      case "disposed":
        throw new DisposedError("data(): the tensor was disposed");
      case "node": {
        if (evaluator.evaluate === undefined) throw noCore();
        const computed = evaluator.evaluate(this as AnyTensor);
        this.source = computed;
        return computed.data;
      }
    }
  }
}

/** What `new` says of a class that a function makes. @internal */
export const madeBy = (name: string, maker: string): ArgumentError =>
  new ArgumentError(`${name}: expected to be made by ${maker}, got a call of its constructor`);

/** The error of reading values where there are none yet. @internal */
export function readInTrace(): StateError {
  return new StateError(
    "data(): expected to be called outside the function that jit traces, where tensors have no values yet; " +
      "return the tensor and read it outside",
  );
}

/** Is it a tensor, of this or another copy of this version of the package? */
export function isTensor(value: unknown): value is AnyTensor {
  return value instanceof Tensor;
}
