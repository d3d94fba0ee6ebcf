import { runningNumerics } from "../engine/numerics.ts";
import { ArgumentError, FormatError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import type { AnyModel } from "../model/model.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type Named, slotKey } from "../optimizers/state.ts";
import { show } from "../options/index.ts";
import type { DType } from "../values/dtype.ts";
import { type Shape, sameShape, showShape } from "../values/shape.ts";
import { arrays, count, FLOATS, list, number, record, text, WORDS } from "./checks.ts";

type AnyVariable = Variable<Shape, DType>;

/** A variable, or a slot of an optimizer. */
interface SavedArray {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array;
}

/** All that a training goes on from but its data: weights, what the optimizer knows, and how far it has come. */
export interface Snapshot {
  readonly numerics: number;
  readonly weights: readonly SavedArray[];
  /** Steps that the model has done, by which random numbers are drawn. */
  readonly step: number;
  readonly epochs: number;
  readonly optimizer: {
    readonly name: string;
    readonly steps: number;
    readonly hyper: Readonly<Record<string, number>>;
    /** As JSON; empty where the rate is a number. */
    readonly schedule: string;
    /** Flags and links, as JSON; of earlier versions nothing. */
    readonly fixed?: string | undefined;
    readonly slots: readonly SavedArray[];
  };
}

const scheduleOf = ({ schedule }: Optimizer): string =>
  schedule === undefined ? "" : JSON.stringify(schedule);

/** What of it has no name among its numbers: flags, and links without the rate. */
const fixedOf = ({ spec }: Optimizer): string =>
  JSON.stringify(spec.fixed, (name, value) => (name === "learningRate" ? undefined : value));

/** Slots of what it trains, or has trained before it was frozen: here, or where these were saved. */
function slotsOf(
  optimizer: Optimizer,
  named: readonly Named[],
  saved: ReadonlySet<string> = new Set(),
) {
  return named.flatMap((one) => {
    const { variable } = one;
    const slots = optimizer.spec.slots(variable).map((slot, at) => ({ one, slot, at }));
    const isKept =
      variable.trainable ||
      optimizer.trains(variable) ||
      slots.some(({ slot }) => saved.has(slotKey(slot.name, one)));
    return isKept ? slots : [];
  });
}

/** A copy of what a compiled model is now. */
export function snapshot(where: string, model: AnyModel): Snapshot {
  const { training, progress } = model.life.trainerFor(where);
  const { optimizer } = training;
  optimizer.spec.composition?.checkSwapped(where);
  const hyper = Object.keys(optimizer.spec.hyper);
  return {
    numerics: progress.from?.numerics ?? runningNumerics(),
    weights: model.named.map(({ name, variable }) => savedArray(name, variable)),
    step: model.stepVariable.data()[0]!,
    epochs: progress.epochs,
    optimizer: {
      name: optimizer.name,
      steps: optimizer.steps,
      hyper: Object.fromEntries(hyper.map((name) => [name, optimizer.getHyper(name)])),
      schedule: scheduleOf(optimizer),
      fixed: fixedOf(optimizer),
      slots: slotsOf(optimizer, model.named).map(({ one, slot, at }) => ({
        name: slotKey(slot.name, one),
        shape: slot.shape,
        data: optimizer.slotOf(one.variable, at).slice(),
      })),
    },
  };
}

const savedArray = (name: string, variable: AnyVariable): SavedArray => ({
  name,
  shape: variable.shape,
  data: variable.data(),
});

/** A snapshot of a file, its form checked. */
export function readSnapshot(where: string, saved: unknown): Snapshot {
  const at = record(where, saved);
  const optimizer = record(`${where}: optimizer`, at.optimizer);
  const of = (name: string) => `${where}: ${name}`;
  const hyper = record(of("hyper"), optimizer.hyper);
  return {
    numerics: count(of("numerics"), at.numerics),
    weights: list(of("weights"), at.weights, savedArrayOf),
    step: count(of("step"), at.step),
    epochs: count(of("epochs"), at.epochs),
    optimizer: {
      name: text(of("optimizer"), optimizer.name),
      steps: count(of("steps"), optimizer.steps),
      hyper: Object.fromEntries(
        Object.entries(hyper).map(([name, value]) => [name, number(of(name), value)]),
      ),
      schedule: text(of("schedule"), optimizer.schedule),
      fixed: optimizer.fixed === undefined ? undefined : text(of("fixed"), optimizer.fixed),
      slots: list(of("slots"), optimizer.slots, savedArrayOf),
    },
  };
}

function savedArrayOf(where: string, saved: unknown): SavedArray {
  const { name, shape, data } = record(where, saved);
  return {
    name: text(where, name),
    shape: list(where, shape, count),
    data: arrays(where, data, [FLOATS, WORDS]),
  };
}

/**
 * Makes a model, compiled as it was, what it was then.
 *
 * @throws ArgumentError where it is another model or compiled otherwise; nothing has changed then
 */
export function putBack(where: string, model: AnyModel, saved: Snapshot): void {
  const { training, progress } = model.life.trainerFor(where);
  const { optimizer } = training;
  const { named } = model;
  checkOptimizer(where, optimizer, saved.optimizer);
  const keys = new Set(saved.optimizer.slots.map(({ name }) => name));
  const slots = slotsOf(optimizer, named, keys);
  checkArrays(
    where,
    named.map(({ name, variable: { shape, dtype } }) => ({ name, shape, dtype })),
    saved.weights,
  );
  checkFrozen(where, slots, keys);
  checkArrays(
    `${where}: optimizer`,
    slots.map(({ one, slot: { name, shape, least } }) => {
      return { name: slotKey(name, one), shape, dtype: "float32", least };
    }),
    saved.optimizer.slots,
  );
  named.forEach(({ variable }, i) => variable.set(saved.weights[i]!.data));
  model.stepVariable.set(Int32Array.of(saved.step));
  for (const [name, value] of Object.entries(saved.optimizer.hyper)) {
    optimizer.setHyper(name, value);
  }
  optimizer.core().step.view().u32[0] = saved.optimizer.steps;
  slots.forEach(({ one, at }, i) => {
    optimizer.restoreSlot(one.variable, at, saved.optimizer.slots[i]!.data as Float32Array);
  });
  progress.epochs = saved.epochs;
  progress.from = saved.numerics === runningNumerics() ? undefined : otherNumerics(saved.numerics);
}

const otherNumerics = (numerics: number) => ({
  numerics,
  warning:
    `fit(): expected to go on from a checkpoint of numerics version ${runningNumerics()}, got one of ${numerics}: ` +
    "the numbers are not quite those of one training; where they must be, train with the version that made it",
});

function checkOptimizer(where: string, optimizer: Optimizer, saved: Snapshot["optimizer"]): void {
  const differs = (what: string, expected: string, got: string) =>
    new ArgumentError(
      `${where}: ${what}: expected ${expected}, as in the checkpoint, got ${got}; compile the model as it was`,
    );
  const { name } = optimizer;
  if (name !== saved.name) throw differs("optimizer", show(saved.name), show(name));
  const schedule = scheduleOf(optimizer);
  if (schedule !== saved.schedule) {
    const said = (text: string) => (text === "" ? "a number" : text);
    throw differs("learningRate", said(saved.schedule), said(schedule));
  }
  const fixed = fixedOf(optimizer);
  if (fixed !== (saved.fixed ?? fixed)) throw differs("optimizer", saved.fixed!, fixed);
  const own = Object.keys(optimizer.spec.hyper).sort().join(", ");
  const kept = Object.keys(saved.hyper).sort().join(", ");
  if (own !== kept) throw differs("optimizer", kept, own);
  for (const [hyper, value] of Object.entries(saved.hyper)) optimizer.spec.check(hyper, value);
}

/** What trains here and did not there. */
function checkFrozen(
  where: string,
  slots: ReturnType<typeof slotsOf>,
  saved: ReadonlySet<string>,
): void {
  const unknown = slots.find(({ one, slot }) => !saved.has(slotKey(slot.name, one)));
  if (unknown === undefined) return;
  throw new ArgumentError(
    `${where}: optimizer: expected ${show(unknown.one.name)} to be frozen, as in the checkpoint, got one that trains; ` +
      "set `trainable` as it was",
  );
}

interface Wanted {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: string;
  readonly least?: number | undefined;
}

function checkArrays(where: string, wanted: readonly Wanted[], saved: readonly SavedArray[]): void {
  for (let i = 0; i < Math.max(wanted.length, saved.length); i++) {
    const [want, got] = [wanted[i], saved[i]];
    const said = (one: { name: string; shape: Shape } | undefined) =>
      one === undefined ? "nothing more" : `${show(one.name)} ${showShape(one.shape)}`;
    const fits =
      want?.name === got?.name &&
      sameShape(want!.shape, got!.shape) &&
      got!.data instanceof (want!.dtype === "int32" ? Int32Array : Float32Array) &&
      got!.data.length === got!.shape.reduce((product, size) => product * size, 1);
    if (!fits) {
      throw new ArgumentError(
        `${where}: expected a model with ${said(got)}, as in the checkpoint, got ${said(want)}`,
      );
    }
    const least = want!.least ?? Number.NEGATIVE_INFINITY;
    const bad = (got!.data as Float32Array).findIndex((v) => !Number.isFinite(v) || v < least);
    if (bad < 0) continue;
    throw new FormatError(
      `${where}: ${show(got!.name)}: element ${bad}: expected a finite number${least === 0 ? " of 0 or more" : ""}, got ${got!.data[bad]}`,
    );
  }
}
