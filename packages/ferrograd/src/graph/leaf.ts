import { brandClass, shared } from "../copies/shared.ts";
import { type Block, core } from "../engine/core.ts";
import * as write from "../engine/writers.generated.ts";
import {
  ArgumentError,
  askedBy,
  DataError,
  DisposedError,
  ShapeError,
  StateError,
} from "../errors.ts";
import { boolean, checkOptions, own, show, text } from "../options/index.ts";
import { net } from "../platform/collected.ts";
import { DTYPE, type DType, FLOAT, isFloat } from "../values/dtype.ts";
import { type Shape, sameShape, showShape } from "../values/shape.ts";
import { change, version } from "./clock.ts";
import { made } from "./constants.ts";
import { print } from "./print.ts";
import type { VariableRules } from "./rule.ts";
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
    if (DTYPE[FLOAT].holds(value, data[0]!)) return new Tensor([], FLOAT, { kind: "data", data });
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
  /** @internal What training adds to the loss for it, and what a step makes of it. */
  rules: VariableRules = {};

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
    if (values) block.view()[DTYPE[initial.dtype].words].set(values);
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
    this.block.view()[DTYPE[this.dtype].words].set(values);
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

  emit({ w, at, read }: EffectEmission): void {
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
  const effect = new Assignment(own, value, isFloat(value));
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
