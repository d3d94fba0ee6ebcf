import type { Block } from "../engine/core.ts";
import { ArgumentError, ShapeError, StateError } from "../errors.ts";
import { toTensor } from "../graph/leaf.ts";
import { mul, sub } from "../graph/ops/elementwise.ts";
import { type AnyTensor, Tensor } from "../graph/tensor.ts";
import { type Effect, untraced } from "../graph/trace.ts";
import { isPlain, positiveInteger, show } from "../options/index.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../values/shape.ts";
import { Clocks } from "./clocks.ts";
import { type Change, ComposedStep } from "./composed-step.ts";
import type { Optimizer } from "./optimizer.ts";
import { select } from "./select.ts";
import type { AnyVariable, Slot, StepParts } from "./spec.ts";
import type { Named } from "./state.ts";
import type { Applied, Link, LinkInfo, Transformed, TransformState } from "./transform.ts";
import { checkPaths } from "./transforms/paths.ts";
import { rowsOf, type UsedRows, usedRows } from "./used-rows.ts";

/** A link under a name that no other one has. */
interface NamedLink {
  readonly name: string;
  readonly link: Link;
}

/** Where a slot of a link stands in the memory of a variable. */
interface Place extends Slot {
  readonly link: number;
  /** Its name in the link. */
  readonly own: string;
}

/** An optimizer that is a chain of transforms: what it keeps, and its steps. */
export class Composition {
  readonly links: readonly Link[];
  readonly clocks = new Clocks();
  /** Names of variables that links may speak of: their own and those in models. */
  private readonly known = new Map<AnyVariable, Set<string>>();
  /** Are the variables exchanged with their averages? */
  swapped = false;
  private readonly named: readonly NamedLink[];
  private readonly places = new WeakMap<AnyVariable, readonly Place[]>();
  private readonly leaves = new WeakMap<Block, readonly AnyTensor[]>();

  constructor(links: readonly Link[]) {
    this.links = links;
    const count = new Map<string, number>();
    this.named = links.map((link) => {
      const n = count.get(link.name) ?? 0;
      count.set(link.name, n + 1);
      return { link, name: n === 0 ? link.name : `${link.name}_${n}` };
    });
  }

  /**
   * Takes note of variables, those that are frozen too.
   *
   * @throws ArgumentError where options of a link speak of others only
   */
  know(named: readonly Named[]): void {
    const links = this.links.filter(({ paths = [] }) => paths.length > 0);
    if (links.length === 0) return;
    for (const variable of this.known.keys()) {
      if (variable.source.kind !== "state") this.known.delete(variable); // disposed
    }
    const before = [...this.known.values()].flatMap((names) => [...names]);
    const all = [...before, ...named.map(({ name }) => name)];
    for (const { name, paths } of links) checkPaths(`${name}()`, paths!, all);
    for (const { name, variable } of named) {
      const names = this.known.get(variable) ?? new Set([variable.name]);
      this.known.set(variable, names.add(name));
    }
  }

  /** Calls of minimize for each that changes the variables. */
  get period(): number {
    return this.links.reduce((product, { every }) => product * every, 1);
  }

  slots(variable: AnyVariable): readonly Place[] {
    let places = this.places.get(variable);
    if (places === undefined) {
      places = this.named.flatMap(({ link, name }, at) =>
        Object.entries(firstState(link, variable)).map(([own, { shape }]) => ({
          ...{ link: at, own, shape },
          name: `${name}.${own}`,
        })),
      );
      this.places.set(variable, places);
    }
    return places;
  }

  begin(variable: AnyVariable): readonly ArrayLike<number>[] {
    const first = this.links.map((link) => firstState(link, variable));
    return untraced(() => this.slots(variable).map(({ link, own }) => first[link]![own]!.data()));
  }

  /** The state of a variable as tensors, by link. */
  private states(optimizer: Optimizer, variable: AnyVariable): Record<string, Tensor>[] {
    const states: Record<string, Tensor>[] = this.links.map(() => ({}));
    const places = this.slots(variable);
    const block = optimizer.stateOf(variable);
    if (block === undefined) return states;
    let leaves = this.leaves.get(block);
    if (leaves === undefined) {
      let offset = 0;
      leaves = places.map(({ shape }) => {
        const source = { kind: "state", block, offset } as const;
        offset += sizeOf(shape);
        return new Tensor(shape, "float32", source) as AnyTensor;
      });
      this.leaves.set(block, leaves);
    }
    for (const [i, { link, own }] of places.entries()) states[link]![own] = leaves[i] as Tensor;
    return states;
  }

  /** The rows that a variable is changed in, where all links leave the others as they are. */
  private rows({ rules }: AnyVariable, gradient: Tensor): UsedRows | undefined {
    const isByRows = rules.constraint === undefined && this.links.every(({ byRows }) => byRows);
    return isByRows ? usedRows(gradient) : undefined;
  }

  /** What changes in a step, and the gradients of it. */
  private changes(optimizer: Optimizer, { variables, gradients }: StepParts) {
    const { clocks } = this;
    const used = variables.map((variable, i) => this.rows(variable, gradients[i]!));
    const part = (whole: Tensor, i: number) =>
      used[i] === undefined ? whole : rowsOf(whole, used[i].indices);
    const states = variables.map((variable) => this.states(optimizer, variable));
    const before = states.map((links, i) =>
      links.map((state) =>
        Object.fromEntries(Object.entries(state).map(([own, whole]) => [own, part(whole, i)])),
      ),
    );
    const now = before.map((links) => links.map((state) => ({ ...state })));
    const flows = gradients.map((gradient, i) => used[i]?.gradient ?? gradient);
    let updates = flows;
    let period = 1;
    const call = (at: number, which: "update" | "apply", given: readonly Tensor[]): Tensor[] => {
      const { link, name } = this.named[at]!;
      if (link[which] === undefined) return [...given];
      return variables.map((variable, i) => {
        const info = infoOf(optimizer, clocks, period, variable, updates, [
          ...(this.known.get(variable) ?? []),
        ]);
        const where = `${name}: ${which}`;
        const made = resultOf(where, link[which]!(given[i]!, now[i]![at]!, info));
        const { state = {}, [RESULT[which]]: next } = made;
        Object.assign(now[i]![at]!, this.kept(where, state, now[i]![at]!, period, optimizer));
        return next === undefined ? given[i]! : checked(where, next, given[i]!.shape);
      });
    };
    for (const [at, { every }] of this.links.entries()) {
      updates = call(at, "update", updates);
      period *= every;
    }
    const rate = clocks.rate(optimizer);
    const kept = (next: Tensor, i: number): Tensor => {
      const { constraint } = variables[i]!.rules;
      return constraint === undefined ? next : constraint(next);
    };
    let next = variables
      .map((variable, i) => sub(part(variable as AnyTensor as Tensor, i), mul(updates[i]!, rate)))
      .map(kept);
    for (const at of this.links.keys()) {
      next = call(at, "apply", next).map((made, i) => (made === next[i] ? made : kept(made, i)));
    }
    const weights = variables.map((variable, i): Change => {
      const value = this.gated(period, next[i]!, variable as AnyTensor as Tensor, optimizer);
      const rows = used[i]?.indices;
      return { variable, at: variable as AnyTensor, value: value as AnyTensor, rows };
    });
    const slots = variables.flatMap((variable, i) =>
      this.slots(variable).flatMap(({ link, own, name }): Change[] => {
        const [at, old, value] = [states, before, now].map((all) => all[i]![link]![own]!);
        const [place, made] = [at, value] as AnyTensor[];
        const rows = used[i]?.indices;
        return old === value ? [] : [{ variable, slot: name, at: place!, value: made!, rows }];
      }),
    );
    return { changes: [...weights, ...slots], gradients: flows };
  }

  /** What a link has made of its state, checked; where its clock stands still, the state too. */
  private kept(
    where: string,
    made: Readonly<Record<string, unknown>>,
    state: TransformState,
    period: number,
    optimizer: Optimizer,
  ): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(made).map(([own, value]) => {
        const old = state[own];
        const names = Object.keys(state).join(", ") || "none";
        if (old === undefined)
          throw new ShapeError(
            `${where}: state: expected slots that init gave (${names}), got "${own}"`,
          );
        const next = checked(`${where}: state "${own}"`, value, old.shape);
        return [own, this.gated(period, next, old, optimizer)];
      }),
    );
  }

  /** The new value in each `period`-th step, else the old one. */
  private gated(period: number, next: Tensor, old: Tensor, optimizer: Optimizer): Tensor {
    if (period === 1 || next === old) return next;
    return select(this.clocks.every(optimizer, period), next, old);
  }

  /** Refuses to go on, or to be saved, with averages in the place of variables. */
  checkSwapped(where: string): void {
    if (!this.swapped) return;
    throw new StateError(
      `${where}: expected weights, got their averages; call swapAverages() again, which puts the weights back`,
    );
  }

  forget(optimizer: Optimizer): void {
    for (const block of this.clocks.blocks) optimizer.free(block);
    this.clocks.forget();
  }

  effect(optimizer: Optimizer, step: StepParts): Effect {
    this.know(step.variables.map((variable) => ({ name: variable.name, variable })));
    const { changes, gradients } = this.changes(optimizer, step);
    return new ComposedStep(optimizer, this, { ...step, gradients }, changes);
  }
}

/** Compositions that step in the place of a rule of the core, each as long as its optimizer trains something. */
export function inPlaceOfCore(
  links: (optimizer: Optimizer) => readonly Link[],
): (optimizer: Optimizer) => Composition {
  const made = new WeakMap<object, Composition>();
  return (optimizer) => {
    const lasting = optimizer.core();
    const own = made.get(lasting) ?? new Composition(links(optimizer));
    made.set(lasting, own);
    return own;
  };
}

const infoOf = (
  optimizer: Optimizer,
  clocks: Clocks,
  period: number,
  variable: AnyVariable,
  updates: readonly Tensor[],
  names: readonly string[],
): LinkInfo => ({
  ...{ variable, updates, names },
  get rate() {
    return clocks.rate(optimizer);
  },
  get step() {
    return clocks.step(optimizer, period);
  },
  get count() {
    return clocks.count(optimizer, period);
  },
  every: (n) => clocks.every(optimizer, period * positiveInteger("every()", "n", n)),
});

function stateOf(link: Link, variable: AnyVariable): Readonly<Record<string, unknown>> {
  const state: unknown = link.init(variable);
  if (isPlain(state)) return state;
  throw new ArgumentError(`${link.name}: init: expected an object of tensors, got ${show(state)}`);
}

/** First values of what a link keeps for a variable. */
const firstState = (link: Link, variable: AnyVariable): Record<string, Tensor> =>
  untraced(() =>
    Object.fromEntries(
      Object.entries(stateOf(link, variable)).map(([own, value]) => {
        const tensor = toTensor(`${link.name}: init`, value);
        return [own, checked(`${link.name}: init "${own}"`, tensor, tensor.shape)];
      }),
    ),
  );

/** What the functions of a transform give beside the state. */
const RESULT = { update: "update", apply: "next" } as const;

/** What one gave, which is anyone's function. */
function resultOf(where: string, made: unknown): Partial<Transformed & Applied> {
  if (isPlain(made) && (made.state === undefined || isPlain(made.state))) return made;
  throw new ArgumentError(
    `${where}: expected an object such as { update, state }, got ${show(made)}`,
  );
}

/** A tensor that one gave. */
function checked(where: string, value: unknown, shape: Shape): Tensor {
  const tensor = toTensor(where, value);
  if (tensor.dtype === "float32" && sameShape(tensor.shape, shape)) return tensor as Tensor;
  throw new ShapeError(
    `${where}: expected float32 ${showShape(shape)}, got ${tensor.dtype} ${showShape(tensor.shape)}`,
  );
}
