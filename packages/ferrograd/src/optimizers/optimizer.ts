import { gradients as gradientsOf } from "../compile/differentiate.ts";
import { Executable } from "../compile/executable.ts";
import { brandClass } from "../copies/shared.ts";
import { type Block, core } from "../engine/core.ts";
import { HYPER } from "../engine/ops.generated.ts";
import { ArgumentError, DisposedError, StateError } from "../errors.ts";
import { Variable } from "../graph/leaf.ts";
import { type AnyTensor, madeBy, type Tensor } from "../graph/tensor.ts";
import { trace } from "../graph/trace.ts";
import { listOf, show } from "../options/index.ts";
import { net } from "../platform/collected.ts";
import { isSchedule, type Rate, rateAt, rateOf, type Schedule } from "../schedules/schedule.ts";
import type { DType } from "../values/dtype.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import type { AnyVariable, OptimizerSpec, Slot } from "./spec.ts";

/** The largest float. */
const FLOAT_MAX = 3.4028234663852886e38;

const collected = net<Set<Block>>((blocks) => {
  for (const block of blocks) block.free();
});

/**
 * Changes variables so that a loss falls. Its numbers live in the core: setting one takes effect at
 * the next step, without compiling again.
 *
 * @example
 * const w = variable([3, 4]);
 * const optimizer = sgd({ learningRate: 0.5 });
 * optimizer.minimize(sum(square(w)), [w]);
 * w.array() // [0, 0]
 * optimizer.learningRate = 0.1;
 */
export class Optimizer {
  readonly name: string;
  /** @internal */
  readonly spec: OptimizerSpec;
  private readonly blocks = new Set<Block>();
  /** Of each variable that it trains; undefined where the rule has no slots. */
  private readonly slots = new Map<AnyVariable, Block | undefined>();
  private state: { readonly hyper: Block; readonly step: Block } | undefined;
  private disposed = false;
  private readonly hyperNames: readonly string[];
  /** The numbers that the core gets when the optimizer is first used. */
  private readonly start: Record<string, number>;
  /** Says the rate, where it is a function of the step. @internal */
  schedule: Schedule | undefined;

  static {
    brandClass("optimizer", Optimizer);
  }

  /** @internal */
  constructor(spec: OptimizerSpec) {
    if (typeof spec?.effect !== "function") throw madeBy("Optimizer", "adam() and its kin");
    if (trace.current !== null) {
      throw new StateError(
        `${spec.name}(): expected to be called outside the function that jit traces; create the optimizer once, outside`,
      );
    }
    this.spec = spec;
    this.name = spec.name;
    this.start = { ...spec.hyper };
    this.hyperNames = Object.keys(spec.hyper);
    collected.register(this, this.blocks, this);
    Object.preventExtensions(this); // `lr` is no rate
  }

  /** The learning rate of the next step; may be set between steps, to a number or a schedule. */
  get learningRate(): number {
    this.core(); // after dispose there is none
    return this.rate;
  }

  set learningRate(value: Rate) {
    const rate = rateOf(`${this.name}()`, "learningRate", value);
    this.schedule = isSchedule(rate) ? rate : undefined;
    if (typeof rate === "number") this.setHyper("learningRate", rate);
  }

  /** @internal The rate as it is given: for files, and for a chain that takes it over. */
  get givenRate(): Rate {
    return this.schedule ?? this.getHyper("learningRate");
  }

  /** @internal Before each step: the rate that the schedule has for it. */
  applySchedule(): void {
    if (this.schedule) this.setHyper("learningRate", this.learningRate);
  }

  /** @internal The rate of the next step; after `dispose` of the last. */
  get rate(): number {
    if (this.schedule === undefined || this.disposed) return this.getHyper("learningRate");
    const steps = this.state?.step.view().u32[0] ?? 0;
    return rateAt(this.schedule, Math.floor(steps / (this.spec.period ?? 1)));
  }

  /** A number by its name; after `dispose` the last one. @internal */
  getHyper(name: string): number {
    const values = this.state?.hyper.view().f64;
    return values?.[this.hyperNames.indexOf(name)] ?? this.start[name]!;
  }

  /** @internal @throws ArgumentError when it is out of range */
  setHyper(name: string, value: number): void {
    this.core().hyper.view().f64[this.hyperNames.indexOf(name)] = this.spec.check(name, value);
  }

  /** Steps done. */
  get steps(): number {
    return this.core().step.view().u32[0]!;
  }

  /**
   * Changes the variables by one step against the gradient of the loss. In a function that `jit`
   * traces, the change happens at the end of each call; outside, at once.
   *
   * @throws NumericError when the loss or a gradient is not finite, or a variable or the optimizer's state would
   * not be after the step; then nothing has changed
   */
  minimize(loss: Tensor, variables: readonly Variable<Shape, DType>[] | readonly Variable[]): void {
    const list = listOf("minimize()", "variables", variables, variableOf);
    if (list.length === 0)
      throw new ArgumentError("minimize(): variables: expected at least one, got 0");
    const gradients = gradientsOf(loss, list, "minimize()");
    const parts = { loss: loss as AnyTensor, variables: list, gradients };
    const stepOf = list.find(({ rules }) => rules.constraint)?.rules.constraint?.step;
    const byRows = list.find(({ rules }) => rules.byRows)?.rules.byRows;
    const update =
      (stepOf ?? byRows)?.(this as never, parts as never) ?? this.spec.effect(this, parts);
    if (trace.current !== null) {
      trace.current.effects.push(update);
      return;
    }
    const executable = new Executable({ inputs: [], outputs: [], effects: [update] });
    try {
      executable.run();
    } finally {
      executable.dispose();
    }
  }

  /**
   * @internal The state for a variable (slots, size), made at first use; none without slots. Behind it
   * stands how large the slot is at most that the variable is changed by.
   */
  stateOf(variable: AnyVariable): Block | undefined {
    if (!this.slots.has(variable)) {
      const slots = this.spec.slots(variable);
      this.slots.set(variable, slots.length > 0 ? this.alloc(wordsOf(slots) + 1) : undefined);
      const values = this.spec.begin?.(variable) ?? [];
      values.forEach((first, slot) => void this.slotOf(variable, slot).set(first));
    }
    return this.slots.get(variable);
  }

  /** @internal Has it trained this variable? */
  trains(variable: AnyVariable): boolean {
    return this.slots.has(variable);
  }

  /** @internal Puts back a slot of a variable, as a file has it. */
  restoreSlot(variable: AnyVariable, slot: number, values: Float32Array): void {
    this.slotOf(variable, slot).set(values);
    this.lookAnew(variable);
  }

  /** @internal Not the core has changed the slots of a variable: it looks for itself how large they are. */
  lookAnew(variable: AnyVariable): void {
    const words = this.stateOf(variable)?.view().f32;
    if (words !== undefined) words[words.length - 1] = FLOAT_MAX;
  }

  /** @internal One slot of a variable, where it lies in the core now. */
  slotOf(variable: AnyVariable, slot: number): Float32Array {
    const slots = this.spec.slots(variable);
    const [start, end] = [slot, slot + 1].map((count) => wordsOf(slots.slice(0, count)));
    return this.stateOf(variable)!.view().f32.subarray(start, end);
  }

  /**
   * @internal Gives back the state for variables that are gone; with the last of them everything,
   * so that a dropped optimizer holds nothing and one that is used again starts anew.
   */
  forget(variables: Iterable<AnyVariable>): void {
    for (const variable of variables) {
      const state = this.slots.get(variable);
      if (state !== undefined) this.free(state);
      this.slots.delete(variable);
    }
    if (this.disposed || this.slots.size > 0 || this.state === undefined) return;
    this.leaveCore();
    this.spec.forget?.(this);
    for (const block of this.blocks) this.free(block);
  }

  /** Keeps the numbers, and that the core has them no more. */
  private leaveCore(): void {
    for (const name of this.hyperNames) this.start[name] = this.getHyper(name);
    this.state = undefined;
  }

  /** @internal Hyper-parameters and step counter. */
  core(): { readonly hyper: Block; readonly step: Block } {
    if (this.disposed) throw new DisposedError(`${this.name}: the optimizer was disposed`);
    if (this.state === undefined) {
      const hyper = this.alloc(2 * HYPER);
      this.state = { hyper, step: this.alloc(1) };
      hyper.view().f64.set(this.hyperNames.map((name) => this.start[name]));
    }
    return this.state;
  }

  /** Gives its memory back; any later use throws a DisposedError. */
  dispose(): void {
    if (this.disposed) return;
    this.leaveCore();
    this.disposed = true;
    collected.unregister(this);
    for (const block of this.blocks) block.free();
    this.slots.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  free(block: Block): void {
    block.free();
    this.blocks.delete(block);
  }

  /** @internal Memory that goes with it. */
  alloc(words: number): Block {
    const block = core().alloc("optimizers", words);
    this.blocks.add(block);
    return block;
  }
}

const wordsOf = (slots: readonly Slot[]): number =>
  slots.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

const variableOf = (where: string, name: string, value: unknown): AnyVariable => {
  if (value instanceof Variable) {
    if (value.source.kind !== "disposed") return value as AnyVariable;
    throw new DisposedError(`${where}: ${name}: variable ${show(value.name)} was disposed`);
  }
  throw new ArgumentError(`${where}: ${name}: expected a variable, got ${show(value)}`);
};
