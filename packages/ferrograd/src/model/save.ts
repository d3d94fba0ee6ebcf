import { runningNumerics } from "../engine/numerics.ts";
import { ArgumentError, DataError, StateError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { type SafetensorsTensor, writeSafetensors } from "../io/safetensors.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { type Named, slotKey } from "../optimizers/state.ts";
import { boolean, checkOptions, isPlain, show } from "../options/index.ts";
import type { Training } from "../training/heads.ts";
import {
  isUnsayable,
  type SavedProgress,
  type SavedTraining,
  savedTraining,
} from "../training/saved.ts";
import type { Dims, Shape } from "../values/shape.ts";
import type { Graph } from "./graph.ts";
import { frozenParts, layersOf, MOST, savedGraph } from "./saved-graph.ts";
import {
  CALLERS,
  GRAPH_VERSION,
  NUMERICS,
  type SavedModel,
  STACK_VERSION,
  STATE,
} from "./schema.ts";

/** Options of `save`. */
export interface SaveOptions {
  /**
   * Keep the optimizer's state, and the steps and epochs done, so that training goes on as if never
   * interrupted (default false).
   */
  readonly includeOptimizer?: boolean;
  /** Texts of your own, found again in `model.metadata` (default: the model's). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a file is made from. */
export interface Saveable {
  readonly name: string;
  readonly inputShape: Dims;
  readonly seed: number;
  readonly classNames: readonly string[] | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
  readonly named: readonly Named[];
  readonly stepVariable: Variable<Shape, "int32">;
}

/** The bytes of a model. */
export function saveModel(
  model: Saveable,
  training: Training | undefined,
  progress: { saved(training: Training | undefined): SavedProgress | undefined },
  options: SaveOptions,
): Uint8Array {
  const remedy = typeof options === "string" ? "; it returns the bytes of a file to write" : "";
  checkOptions("save()", options, ["includeOptimizer", "metadata"], remedy);
  const withState = boolean("save()", "includeOptimizer", options.includeOptimizer ?? false);
  const { length } = model.graph.calls;
  if (length > MOST) throw new StateError(`save(): expected at most ${MOST} layers, got ${length}`);
  const state = withState ? progress.saved(training) : undefined;
  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name, variable } of model.named) tensors.set(name, saveable(name, variable));
  if (state !== undefined) addState(tensors, model, state);
  const saved = architecture(model, state === undefined ? trainingEntry(training) : state.training);
  const metadata = new Map([
    ["format", "ferrograd"],
    ["formatVersion", String(saved.graph === undefined ? STACK_VERSION : GRAPH_VERSION)],
    [NUMERICS, String(state?.from?.numerics ?? runningNumerics())],
    ["model", JSON.stringify(saved)],
    ...callersEntries(options.metadata ?? model.metadata),
  ]);
  return writeSafetensors(tensors, metadata, "save()");
}

/** What a file says of a model beside its numbers. */
export function architecture(model: Saveable, training: SavedTraining | undefined): SavedModel {
  const graph = savedGraph(model.graph);
  const { calls } = model.graph;
  const layers = layersOf(model.graph).map((layer) =>
    layerEntry(layer, calls.find((call) => call.layer === layer)!.name),
  );
  return {
    name: model.name,
    ...(graph === undefined ? { inputShape: model.inputShape } : { graph }),
    seed: model.seed,
    ...(model.classNames && { classNames: model.classNames }),
    layers,
    ...(training && { training }),
  };
}

function callersEntries(metadata: Readonly<Record<string, string>>): [string, string][] {
  if (!isPlain(metadata)) {
    throw new ArgumentError(
      `save(): metadata: expected an object of strings, got ${show(metadata)}`,
    );
  }
  return Object.entries(metadata).map(([key, value]) => {
    if (typeof value === "string") return [`${CALLERS}${key}`, value];
    throw new ArgumentError(
      `save(): metadata: ${show(key)}: expected a string, got ${show(value)}`,
    );
  });
}

function layerEntry(layer: AnyLayer, name: string) {
  const { type, config } = layer;
  const isHeld = (value: unknown) =>
    typeof value !== "function" || (value as { toJSON?: unknown }).toJSON !== undefined;
  const unheld = Object.entries(config ?? {}).find(([, value]) => !isHeld(value))?.[0];
  if (config === undefined || unheld !== undefined) {
    const built = unheld === "activation" ? "a built-in activation" : `${unheld}: one with a name`;
    const what = config === undefined ? "built-in layers" : built;
    throw new StateError(
      `save(): layer "${name}": expected ${what}, got a function, which a file cannot hold; ` +
        "keep getWeights() and build the model in code",
    );
  }
  const frozen = frozenParts(layer);
  const { isOwn } = layer;
  return { type, name, config, ...(isOwn && { own: true }), ...(frozen.length > 0 && { frozen }) };
}

/** How a model was compiled; a loss of one's own without a name leaves nothing to compile again without its optimizer's state. */
function trainingEntry(training: Training | undefined): SavedTraining | undefined {
  const saved = training && savedTraining(training);
  return saved === undefined || isUnsayable(saved) ? undefined : saved;
}

function addState(
  tensors: Map<string, SafetensorsTensor>,
  { named, stepVariable }: Saveable,
  { slots, steps, values }: SavedProgress,
): void {
  tensors.set("step", { dtype: "I32", shape: [1], data: stepVariable.data() });
  tensors.set("optimizer/step", { dtype: "I32", shape: [1], data: Int32Array.of(steps) });
  for (const one of named) {
    for (const slot of slots) {
      const key = slotKey(slot, one);
      const [name, kept] = [`${STATE}${key}`, values.get(key)];
      if (kept !== undefined) tensors.set(name, finite(name, one.variable.shape, kept));
    }
  }
}

function saveable(name: string, variable: Named["variable"]): SafetensorsTensor {
  const { shape } = variable;
  const data = variable.data();
  return data instanceof Int32Array ? { dtype: "I32", shape, data } : finite(name, shape, data);
}

/** Numbers that `loadModel` will take. */
function finite(name: string, shape: Shape, values: ArrayLike<number>): SafetensorsTensor {
  const data = values as Float32Array<ArrayBuffer>;
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { dtype: "F32", shape, data };
  throw new DataError(
    `save(): "${name}": element ${bad}: expected a finite number, got ${data[bad]}; setWeights() replaces weights`,
  );
}
