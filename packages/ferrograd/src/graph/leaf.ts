import { brandClass, shared } from "../copies/shared.ts";
import { type Block, core } from "../engine/core.ts";
import {
  ArgumentError,
  askedBy,
  DataError,
  DisposedError,
  OutOfMemoryError,
  ShapeError,
  StateError,
} from "../errors.ts";
import {
  boolean,
  checkOptions,
  float32,
  oneOf,
  own,
  shapeOf,
  show,
  text,
} from "../options/index.ts";
import { net } from "../platform/collected.ts";
import { type DataOf, DTYPES, type DType } from "../values/dtype.ts";
import { type Flat, flatten } from "../values/flat.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../values/shape.ts";
import { change, version } from "./clock.ts";
import type { Meaning } from "./meaning.ts";
import { print } from "./print.ts";
import { type AnyTensor, isTensor, madeBy, type Nested, Tensor } from "./tensor.ts";
import { type Effect, type EffectEmission, trace, untraced } from "./trace.ts";

/** Values with a shape, as data sets hold them. */
export interface FlatValues {
  readonly data: Float32Array | Int32Array;
  readonly shape: Shape;
}

/** What ops take where a tensor is expected. */
export type TensorLike =
  | AnyTensor
  | FlatValues
  | number
  | readonly Nested[]
  | Float32Array
  | Int32Array;

/**
 * A tensor from numbers: a scalar, nested arrays, or flat values with a shape. Values are copied.
 * Int32Array makes an int32 tensor, everything else float32 unless `dtype` says otherwise.
 *
 * @example tensor([[1, 2, 3], [4, 5, 6]]).shape // [2, 3]
 * @example tensor(new Float32Array(6), [2, 3])
 * @throws DataError for ragged arrays, and numbers that the type cannot hold: 1e39 as float32, 0.5 or NaN
 * as int32; ShapeError where shape and number of values differ; ArgumentError for all that is no such thing
 */
export function tensor<const S extends Shape = Shape, D extends DType = "float32">(
  values: number | readonly Nested[] | Float32Array | Int32Array,
  shape?: S,
  dtype?: D,
): Tensor<S, D> {
  return made("tensor()", values, shape, dtype) as AnyTensor as Tensor<S, D>;
}

/** `tensor()` under another name. */
function made(where: string, values: unknown, shape?: unknown, dtype?: unknown): AnyTensor {
  const flat =
    typeof values === "number" ? { data: [values], shape: [] } : flatten(where, values, 0);
  const type =
    dtype === undefined
      ? flat.data instanceof Int32Array
        ? "int32"
        : "float32"
      : oneOf(where, "dtype", dtype, DTYPES);
  const own = shape === undefined ? flat.shape : shapeOf(where, "shape", shape);
  const { length } = flat.data;
  if (sizeOf(own) !== length) {
    throw new ShapeError(
      `${where}: shape ${showShape(own)}: expected ${sizeOf(own)} values, got ${length}`,
    );
  }
  return new Tensor(own, type as DType, { kind: "data", data: held(where, flat.data, type) });
}

/** A copy of the values in their type, which must be able to hold them. */
function held(where: string, values: Flat["data"], type: DType): Float32Array | Int32Array {
  const data = type === "int32" ? new Int32Array(values) : new Float32Array(values);
  if (values.constructor === data.constructor) return data;
  for (let i = 0; i < data.length; i++) {
    const fits = type === "int32" ? data[i] === values[i] : isHeld(data[i]!, values[i]!);
    if (!fits) {
      throw new DataError(
        `${where}: element ${i}: expected a number that ${type} holds, got ${values[i]}`,
      );
    }
  }
  return data;
}

/** Rounded to float32, is a finite number finite still? */
const isHeld = (rounded: number, value: number): boolean =>
  Number.isFinite(rounded) || !Number.isFinite(value);

/** A leaf over data that nobody else changes. @internal */
export function leaf<D extends DType>(
  data: DataOf<D>,
  shape: Shape,
  dtype: D,
  meaning?: Meaning,
): Tensor<Shape, D> {
  return new Tensor(shape, dtype, {
    kind: "data",
    data: data as Float32Array | Int32Array,
    meaning,
  });
}

const isList = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

/** Anything an op takes, as a tensor. @internal */
export function toTensor(where: string, value: unknown): AnyTensor {
  if (isTensor(value)) {
    if (value.source.kind === "disposed")
      throw new DisposedError(`${where}: the tensor was disposed`);
    if (trace.current !== null) enterTrace(where, value);
    return value;
  }
  if (typeof value === "number") {
    const data = Float32Array.of(value);
    if (isHeld(data[0]!, value)) return new Tensor([], "float32", { kind: "data", data });
    throw new DataError(`${where}: expected a number that float32 holds, got ${value}`);
  }
  // Another version's tensor has a method for data; what is given at every call need not be asked.
  if (!isList(value) && !isList((value as { data?: unknown } | null | undefined)?.data)) {
    own(where, "a tensor", value);
  }
  if (typeof value === "object" && value !== null) return made(where, value);
  throw new ArgumentError(
    `${where}: expected a tensor, a number or arrays of numbers, got ${show(value)}`,
  );
}

/**
 * A tensor from outside is a constant of the function being traced: computed once, here. One of
 * another traced function has no value at all.
 */
function enterTrace(where: string, value: AnyTensor): void {
  const { source } = value;
  const here = trace.current;
  if (source.kind === "input" && source.trace !== here) {
    throw new StateError(
      `${where}: expected a tensor of this function or a computed one, got one of another function ` +
        "that jit traced; return it there, and pass it here as an argument",
    );
  }
  if (source.kind !== "node" || source.node.trace === here) return;
  untraced(() => askedBy(where, () => value.values()));
}

/** How often it was changed what trains and what is frozen. @internal */
export const training = shared("what trains", () => ({ changes: 0 }));

const collected = net<Block>((block) => block.free());

/**
 * A tensor whose values live in the core and may change: what training trains.
 *
 * @example
 * const w = variable(randomNormal([64, 10], { seed: 1 }));
 * w.assign(zeros([64, 10]));
 */
export class Variable<S extends Shape = Shape, D extends DType = "float32"> extends Tensor<S, D> {
  readonly name: string;
  private trains: boolean;
  /** @internal Number of the last change. */
  changed: number;
  /** @internal Is it known that all values are finite? */
  isFinite = false;

  static {
    brandClass("variable", Variable);
  }

  /** @internal */
  constructor(initial: Tensor<S, D>, name: string, trainable: boolean) {
    if (!isTensor(initial)) throw madeBy("Variable", "variable()");
    const node = initial.source.kind === "node" ? initial.source.node : undefined;
    // A copy: allocating may move the memory that a view looks at.
    const values = node?.op.fill ? undefined : askedBy("variable()", () => initial.data());
    const block = core().alloc("variables", Math.max(initial.size, 1));
    super(initial.shape, initial.dtype, { kind: "state", block });
    this.name = name;
    this.trains = trainable;
    this.changed = version();
    if (values) block.view()[values instanceof Float32Array ? "f32" : "i32"].set(values);
    else node?.op.fill?.(node.attrs, block);
    collected.register(this, block, this);
  }

  /** Do models that use it train it? May be set at any time; `layer.trainable` sets it for all of a layer. */
  get trainable(): boolean {
    return this.trains;
  }

  set trainable(value: boolean) {
    const trains = boolean(`variable ${show(this.name)}`, "trainable", value);
    if (trains !== this.trains) training.changes++;
    this.trains = trains;
  }

  /** @internal */
  get block(): Block {
    if (this.source.kind !== "state")
      throw new DisposedError(`variable "${this.name}": was disposed`);
    return this.source.block;
  }

  /**
   * Replaces the values. In a function that `jit` traces, the assignment happens at the end of each
   * call, after everything that the call reads.
   * @throws ShapeError when the shapes differ
   */
  assign(value: TensorLike): void {
    const next = assignable(this, toTensor("assign()", value));
    if (trace.current !== null) {
      trace.current.effects.push(new Assignment(this as unknown as Variable<Shape, DType>, next));
      return;
    }
    this.set(askedBy("assign()", () => next.values()));
  }

  /** @internal Writes values of the right length. */
  set(values: ArrayLike<number>): void {
    const { f32, i32 } = this.block.view();
    (this.dtype === "float32" ? f32 : i32).set(values);
    this.changed = change();
    this.isFinite = false;
  }

  override toString(): string {
    return print(this as unknown as AnyTensor, `variable ${show(this.name)}`);
  }

  /** Gives the memory back; any later use throws a DisposedError. */
  override dispose(): void {
    if (this.source.kind !== "state") return;
    collected.unregister(this);
    this.source.block.free();
    super.dispose();
  }
}

/** A value that a variable can take. */
function assignable({ name, shape, dtype }: Named, next: AnyTensor): AnyTensor {
  if (sameShape(next.shape, shape) && next.dtype === dtype) return next;
  throw new ShapeError(
    `assign(): variable "${name}": expected ${dtype} ${showShape(shape)}, ` +
      `got ${next.dtype} ${showShape(next.shape)}`,
  );
}

type Named = Pick<Variable<Shape, DType>, "name" | "shape" | "dtype">;

/** `variable.assign(value)` inside a trace. */
class Assignment implements Effect {
  readonly reads: readonly AnyTensor[];
  readonly guarded: readonly AnyTensor[];
  readonly writes: readonly Variable<Shape, DType>[];
  readonly blocks: readonly Block[] = [];

  constructor(target: Variable<Shape, DType>, value: AnyTensor, isGuarded = false) {
    this.reads = [value];
    this.guarded = isGuarded ? [value] : [];
    this.writes = [target];
  }

  emit({ w, at, read, write }: EffectEmission): void {
    const [target] = this.writes;
    write.copy(w, { n: target!.size, x: read(this.reads[0]!), y: at(target!) });
  }
}

/**
 * Assigns what follows from the values that a variable will have by then: where one program does so several times,
 * as with a layer that a model calls twice, each sees what the one before it gave. Floats that are not finite stop the
 * program before anything is written. @internal
 */
export function update<D extends DType>(
  target: Variable<Shape, D>,
  next: (now: Tensor<Shape, D>) => TensorLike,
): void {
  const here = trace.current;
  if (here === null) {
    target.assign(next(target));
    return;
  }
  const own = target as unknown as Variable<Shape, DType>;
  const at = here.effects.findIndex((one) => one instanceof Assignment && one.writes[0] === own);
  const now = (here.effects[at]?.reads[0] ?? target) as Tensor<Shape, D>;
  const value = assignable(target, toTensor("update()", next(now)));
  const effect = new Assignment(own, value, value.dtype === "float32");
  here.effects.splice(at < 0 ? here.effects.length : at, 1, effect);
}

/**
 * A variable with the values of a tensor.
 *
 * @param options `name` for messages (default "variable"); `trainable` (default true)
 * @throws StateError inside a function that `jit` traces: create it outside and use it inside
 */
export function variable<S extends Shape, D extends DType>(
  initial: Tensor<S, D>,
  options?: { name?: string; trainable?: boolean },
): Variable<S, D>;
export function variable(
  initial: number | readonly Nested[] | Float32Array,
  options?: { name?: string; trainable?: boolean },
): Variable;
export function variable(
  initial: TensorLike,
  options: { name?: string; trainable?: boolean } = {},
): Variable<Shape, DType> {
  const where = "variable()";
  checkOptions(where, options, ["name", "trainable"]);
  const name = text(where, "name", options.name ?? "variable");
  const trainable = boolean(where, "trainable", options.trainable ?? true);
  if (trace.current !== null) {
    throw new StateError(
      "variable(): expected to be called outside the function that jit traces; create the variable once, outside",
    );
  }
  return new Variable(toTensor(where, initial), name, trainable);
}

/** A tensor of one value everywhere. @internal */
export function filled<const S extends Shape>(where: string, shape: S, value: number): Tensor<S> {
  const own = shapeOf(where, "shape", shape);
  const data = room(where, sizeOf(own)).fill(float32(where, "value", value));
  return new Tensor(own as readonly number[] as S, "float32", { kind: "data", data });
}

function room(where: string, size: number): Float32Array {
  try {
    return new Float32Array(size);
  } catch {
    throw new OutOfMemoryError(`${where}: expected room for ${size} elements, got none`);
  }
}

/** The value of a constant of one element. @internal */
export function knownNumber({ source }: AnyTensor): number | undefined {
  return source.kind === "data" && source.data.length === 1 ? source.data[0] : undefined;
}

/** Zeros. @example zeros([2, 3]) @throws ArgumentError for all but an array of integers of 0 or more */
export const zeros = <const S extends Shape>(shape: S): Tensor<S> => filled("zeros()", shape, 0);

/** Ones. @example ones([2, 3]) @throws as `zeros` */
export const ones = <const S extends Shape>(shape: S): Tensor<S> => filled("ones()", shape, 1);

/** One value everywhere. @example fill([2, 3], 0.5) @throws as `zeros`, and for 1e39, which float32 cannot hold */
export const fill = <const S extends Shape>(shape: S, value: number): Tensor<S> =>
  filled("fill()", shape, value);
