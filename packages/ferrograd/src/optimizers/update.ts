import type { Block } from "../engine/core.ts";
import { RULE_NUMBERS, type RuleName } from "../engine/ops.generated.ts";
import type { Operand } from "../engine/writer.ts";
import * as write from "../engine/writers.generated.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { Effect, EffectCheck, EffectEmission } from "../graph/trace.ts";
import type { Optimizer } from "./optimizer.ts";
import { explainOverflow } from "./overflow.ts";
import type { AnyVariable, Slot, StepParts } from "./spec.ts";

/** What the core makes of each variable for a step. */
const OWN_NUMBERS = 1;

/** A rule of the core, with what it keeps. */
export interface CoreRule {
  /** The formula. */
  readonly rule: RuleName;
  /** State per variable, in the rule's order: `momentum`, `m`, `v`. */
  readonly slots: readonly string[];
  /** Those of them that are made of squares or magnitudes, and so never negative. */
  readonly squares?: readonly string[];
  /** Are rows of tables nothing to each other, and do those stay as they are that have no gradient? */
  readonly byRows?: true;
  /** Does weight decay shrink the weights themselves, or join the gradient? */
  readonly decoupled: boolean;
}

/** What a rule keeps for a variable. */
export const slotsOf = ({ slots, squares = [] }: CoreRule, { shape }: AnyVariable): Slot[] =>
  slots.map((name) => ({ name, shape, least: squares.includes(name) ? 0 : undefined }));

/** `optimizer.minimize(loss, variables)` by a rule of the core, as an effect of a program. */
export class Update implements Effect {
  readonly reads: readonly AnyTensor[];
  readonly guarded: readonly AnyTensor[];
  readonly writes: readonly AnyVariable[];
  readonly blocks: readonly Block[];
  readonly counters: readonly Block[];
  readonly check: EffectCheck;
  private readonly core: CoreRule;
  private readonly optimizer: Optimizer;
  private readonly gradients: readonly Tensor[];

  constructor(core: CoreRule, optimizer: Optimizer, { loss, variables, gradients }: StepParts) {
    const { hyper, step } = optimizer.core();
    this.core = core;
    this.optimizer = optimizer;
    this.gradients = gradients;
    this.reads = [loss, ...gradients];
    this.guarded = this.reads;
    this.writes = variables;
    this.counters = [step];
    const states = variables.map((variable) => optimizer.stateOf(variable));
    this.blocks = [hyper, step, ...states.filter((state) => state !== undefined)];
    this.check = {
      words: RULE_NUMBERS + OWN_NUMBERS * variables.length,
      emit: (emission) => this.prepare(emission),
      explain: (fault) => explainOverflow(optimizer, core, variables, fault),
    };
  }

  before(): void {
    this.optimizer.applySchedule();
  }

  private prepare(emission: EffectEmission & { readonly peak: Operand }): void {
    const { w, at, peak, scratch } = emission;
    const { hyper, step } = this.optimizer.core();
    const { rule, decoupled } = this.core;
    const ranges = this.ranges(emission);
    const [numbers, places] = [scratch, { hyper: at(hyper), step: at(step) }];
    write.prepareUpdate(w, { rule, decoupled, ...places, peak, numbers, ranges });
  }

  emit(emission: EffectEmission): void {
    const { w, scratch } = emission;
    const { rule } = this.core;
    write.update(w, { rule, numbers: scratch, ranges: this.ranges(emission) });
  }

  private ranges({ at, read, scratch }: EffectEmission) {
    const slots = this.core.slots.length;
    return this.writes.map((variable, i) => {
      // Without slots no word of it is used.
      const state = at(this.optimizer.stateOf(variable) ?? variable);
      return {
        slots,
        len: variable.size,
        w: at(variable),
        state,
        reach: behind(state, slots * variable.size),
        g: read(this.gradients[i]!),
        scale: behind(scratch, RULE_NUMBERS + OWN_NUMBERS * i),
      };
    });
  }
}

const behind = ({ segment, offset }: Operand, words: number): Operand => ({
  segment,
  offset: offset + words,
});
