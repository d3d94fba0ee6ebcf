import type { Variable } from "../graph/leaf.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { canTakeUp, type Named, slotNamesOf, stateOf, takeUp } from "../optimizers/state.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Training } from "./heads.ts";
import type { FitLoop } from "./loop.ts";
import { type OtherNumerics, type SavedProgress, savedTraining } from "./saved.ts";

/** How far a model has come with one optimizer. */
export interface Progress {
  /** Epochs finished, in all calls of `fit`. */
  epochs: number;
  /** Of a file, until it is trained on. */
  from?: OtherNumerics | undefined;
  /** Of a checkpoint, until the next `fit`: where that one was. */
  resume?: { readonly place: unknown; into(loop: FitLoop): void } | undefined;
}

type Variables = readonly Variable<Shape, DType>[];

/** How far a model has come with each optimizer that it was compiled with, in this process or in a file. */
export class Progresses {
  /** All that hold state for the variables. */
  private readonly byOptimizer = new Map<Optimizer, Progress>();
  /** Of models that are gone, with state for layers that this one has too. */
  private readonly inherited = new Set<Optimizer>();
  /** Out of a file, for the next `compile`. */
  private kept: SavedProgress | undefined;
  private readonly weights: readonly Named[];

  constructor(weights: readonly Named[]) {
    this.weights = weights;
  }

  /** Keeps what a file says until `compile` says how it goes on. */
  keep(saved: SavedProgress): void {
    this.kept = saved;
  }

  /** Epochs of the training that is compiled, or kept. */
  epochs(training: Training | undefined): number {
    return (training ? this.byOptimizer.get(training.optimizer) : this.kept)?.epochs ?? 0;
  }

  /** A copy for a file of the training that is compiled, or kept. */
  saved(training: Training | undefined): SavedProgress | undefined {
    if (training === undefined) return this.kept;
    const epochs = this.epochs(training);
    const state = stateOf(training.optimizer, this.weights);
    const from = this.byOptimizer.get(training.optimizer)?.from;
    return { ...state, epochs, from, training: { ...savedTraining(training), epochs } };
  }

  /** Goes on with this optimizer; where a file kept the state of another one, this one starts anew and `warn` hears of it. */
  with(optimizer: Optimizer, warn: (message: string) => void): Progress {
    const { kept } = this;
    let progress = this.byOptimizer.get(optimizer);
    if (progress === undefined) {
      const goesOn = kept !== undefined && canTakeUp(optimizer, this.weights, kept);
      if (goesOn) takeUp(optimizer, this.weights, kept);
      else if (kept !== undefined && kept.steps > 0)
        warn(startsAnew(optimizer, this.weights, kept));
      progress = goesOn ? { epochs: kept.epochs, from: kept.from } : { epochs: 0 };
      this.byOptimizer.set(optimizer, progress);
    }
    this.kept = undefined;
    return progress;
  }

  /** Forgets an optimizer that is gone. */
  delete(optimizer: Optimizer): void {
    this.byOptimizer.delete(optimizer);
  }

  /** Takes over what another model that is gone would have forgotten with its layers. */
  inherit({ byOptimizer, inherited }: Progresses): void {
    for (const optimizer of [...byOptimizer.keys(), ...inherited]) this.inherited.add(optimizer);
  }

  /** Gives back the state of all optimizers for the variables that are gone. */
  forget(variables: Variables): void {
    for (const optimizer of [...this.byOptimizer.keys(), ...this.inherited]) {
      optimizer.forget(variables);
    }
  }
}

function startsAnew(optimizer: Optimizer, weights: readonly Named[], kept: SavedProgress): string {
  const steps = (n: number) => `${n} ${n === 1 ? "step" : "steps"}`;
  const own = describe(optimizer.name, slotNamesOf(optimizer, weights));
  const used = optimizer.steps > 0 ? `, with ${steps(optimizer.steps)} of its own,` : "";
  const file = describe(kept.name ?? "an optimizer", kept.slots);
  return (
    `compile(): ${own}${used} starts anew: the file keeps the state of ${file} after ${steps(kept.steps)}; ` +
    "to go on from there, load it again and compile with a new optimizer of that kind"
  );
}

/** `adam (m, v)`, by its slots. */
const describe = (name: string, slots: readonly string[]): string =>
  slots.length === 0 ? name : `${name} (${slots.join(", ")})`;
