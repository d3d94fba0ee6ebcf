import type { Block } from "../engine/core.ts";
import * as write from "../engine/writers.generated.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import type { Effect, EffectCheck, EffectEmission } from "../graph/trace.ts";
import type { Composition } from "./composition.ts";
import type { Optimizer } from "./optimizer.ts";
import { explainComposed } from "./overflow-composed.ts";
import type { AnyVariable, StepParts } from "./spec.ts";

/** A tensor of the state, or a variable, and what it becomes. */
export interface Change {
  readonly variable: AnyVariable;
  /** Of the state: its name. */
  readonly slot?: string;
  readonly at: AnyTensor;
  readonly value: AnyTensor;
  /** The numbers of the rows that the value is of, where it is not all of it. */
  readonly rows?: AnyTensor | undefined;
}

/** Words of what a guard hands on. */
const PEAK = 4;

/** `optimizer.minimize(loss, variables)` by transforms, as an effect of a program. */
export class ComposedStep implements Effect {
  readonly reads: readonly AnyTensor[];
  readonly guarded: readonly AnyTensor[];
  readonly writes: readonly AnyVariable[];
  readonly blocks: readonly Block[];
  readonly counters: readonly Block[];
  readonly check: EffectCheck;
  private readonly optimizer: Optimizer;
  private readonly composition: Composition;
  private readonly changes: readonly Change[];

  constructor(
    optimizer: Optimizer,
    composition: Composition,
    { loss, variables, gradients }: StepParts,
    changes: readonly Change[],
  ) {
    const { hyper, step } = optimizer.core();
    this.optimizer = optimizer;
    this.composition = composition;
    this.changes = changes;
    this.guarded = [loss, ...(gradients as readonly AnyTensor[])];
    const rows = changes.flatMap(({ rows }) => rows ?? []);
    this.reads = [...this.guarded, ...changes.map(({ value }) => value), ...rows];
    this.writes = variables;
    this.counters = [step];
    const states = changes.flatMap(({ at: { source } }) =>
      source.kind === "state" ? [source.block] : [],
    );
    this.blocks = [hyper, step, ...composition.clocks.blocks, ...states];
    this.check = {
      words: PEAK,
      emit: ({ w, read, scratch }) => {
        const ranges = changes.map(({ value }) => ({ len: value.size, x: read(value) }));
        write.guard(w, { peak: scratch, ranges });
      },
      explain: (fault) => explainComposed(optimizer, changes, fault),
    };
  }

  before(): void {
    const { composition, optimizer } = this;
    composition.checkSwapped("minimize()");
    optimizer.applySchedule();
    composition.clocks.set(optimizer);
    if (composition === optimizer.spec.composition) return;
    for (const variable of this.writes) optimizer.lookAnew(variable); // a rule of the core goes on with its slots
  }

  emit({ w, read, at: placeOf }: EffectEmission): void {
    for (const { at, value, rows } of this.changes) {
      const [x, y] = [read(value), placeOf(at)];
      if (rows === undefined) write.copy(w, { n: value.size, x, y });
      else {
        const sizes = { rows: at.shape[0]!, width: value.size / rows.size, count: rows.size };
        write.putRows(w, { ...sizes, indices: read(rows), values: x, table: y });
      }
    }
  }
}
