import { ArgumentError, DataError, FormatError, StateError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { type DType, type Shape, sameShape, showShape } from "../graph/tensor.ts";
import type { BuiltLayer } from "../model/build.ts";
import type { Training } from "../model/programs.ts";
import { type OptimizerState, slotKey } from "../optimizers/state.ts";
import { boolean, checkOptions, isPlain, repeated, show } from "../suggest.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { type SafetensorsFile, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";

/** Version of the metadata; files of a newer one are refused. */
export const FORMAT_VERSION = 1;

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

/** The architecture as it stands in the file's metadata. */
export interface SavedModel {
  readonly name: string;
  readonly inputShape: Shape;
  readonly seed: number;
  readonly classNames?: readonly string[];
  readonly layers: readonly {
    readonly type: string;
    readonly name: string;
    readonly config: object;
  }[];
  readonly training?: SavedTraining;
}

/** How a model was compiled, in the file's metadata. */
export interface SavedTraining {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, number | boolean>>;
  /**
   * A name, or with its options and the default that outputs are taken for what they mean; absent for a loss of one's own, which a file
   * cannot hold.
   */
  readonly loss?: string | { readonly name: string; readonly options: object };
  readonly metrics: readonly string[];
  /** Epochs finished; absent without the optimizer's state, and in the first files. */
  readonly epochs?: number;
}

/** How far training has come, apart from the model: what a file holds of it. */
export interface SavedProgress extends OptimizerState {
  /** Epochs finished. */
  readonly epochs: number;
  /** Absent in the first files of losses of one's own. */
  readonly training: SavedTraining | undefined;
}

/** What a file is made from. */
export interface Saveable {
  readonly name: string;
  readonly inputShape: Shape;
  readonly seed: number;
  readonly classNames: readonly string[] | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly built: readonly BuiltLayer[];
  readonly variables: readonly Variable<Shape, DType>[];
  readonly stepVariable: Variable<Shape, "int32">;
}

/** The bytes of a model. */
export function saveModel(
  model: Saveable,
  training: Training | undefined,
  progress: { saved(training: Training | undefined): SavedProgress | undefined },
  options: SaveOptions,
): Uint8Array {
  checkOptions("save()", options, ["includeOptimizer", "metadata"]);
  const withState = boolean("save()", "includeOptimizer", options.includeOptimizer ?? false);
  const state = withState ? progress.saved(training) : undefined;
  const tensors = new Map<string, SafetensorsTensor>();
  for (const variable of model.variables) {
    tensors.set(variable.name, saveable(variable.name, variable.shape, variable.data()));
  }
  if (state !== undefined) addState(tensors, model, state);
  const saved = architecture(model, state === undefined ? trainingEntry(training) : state.training);
  const metadata = new Map([
    ["format", "ferrograd"],
    ["formatVersion", String(FORMAT_VERSION)],
    ["model", JSON.stringify(saved)],
    ...callersEntries(options.metadata ?? model.metadata),
  ]);
  return writeSafetensors(tensors, metadata, "save()");
}

/** What a file says of a model beside its numbers. */
export function architecture(model: Saveable, training: SavedTraining | undefined): SavedModel {
  return {
    name: model.name,
    inputShape: model.inputShape,
    seed: model.seed,
    ...(model.classNames && { classNames: model.classNames }),
    layers: model.built.map(layerEntry),
    ...(training && { training }),
  };
}

/** Before the names of an optimizer's slots. */
export const STATE = "optimizer/";

/** Before the keys that are the caller's, so that they cannot clash with those of the format. */
const CALLERS = "user.";

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

/** The texts of the caller in a file. */
export function readMetadata({ metadata }: SafetensorsFile): Record<string, string> {
  const own = [...metadata].filter(([key]) => key.startsWith(CALLERS));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(CALLERS.length), value]));
}

function layerEntry({ layer, name }: BuiltLayer) {
  const { config } = layer;
  if (config === undefined || Object.values(config).some((v) => typeof v === "function")) {
    const what = config === undefined ? "layers" : "activations";
    throw new StateError(
      `save(): layer "${name}": expected built-in ${what}, got a function, which a file cannot hold; ` +
        "keep getWeights() and build the model in code",
    );
  }
  const shared = layer.variables.find((variable) => !variable.name.startsWith(`${name}/`));
  if (shared !== undefined) {
    throw new StateError(
      `save(): layer "${name}": expected weights of its own, got "${shared.name}", which it shares with another layer or model`,
    );
  }
  return { type: layer.type, name, config };
}

/** How a model was compiled; a loss of one's own leaves nothing to compile again without its optimizer's state. */
function trainingEntry(training: Training | undefined): SavedTraining | undefined {
  return training === undefined || training.loss.name === "" ? undefined : savedTraining(training);
}

/** How a model was compiled, as a file words it. */
export function savedTraining(training: Training): SavedTraining {
  const { optimizer, loss, reading, metrics } = training;
  const { hyper, fixed } = optimizer.spec;
  const { name, options } = loss;
  const plain = Object.keys(options).length === 0 && reading?.direct !== false;
  const numbers = Object.keys(hyper).map((hyper) => [hyper, optimizer.getHyper(hyper)] as const);
  return {
    optimizer: optimizer.name,
    options: { ...Object.fromEntries(numbers), ...fixed },
    ...(name !== "" && { loss: plain ? name : { name, options } }),
    metrics: [...metrics.keys()],
  };
}

function addState(
  tensors: Map<string, SafetensorsTensor>,
  { variables, stepVariable }: Saveable,
  { slots, steps, values }: SavedProgress,
): void {
  tensors.set("step", { dtype: "I32", shape: [1], data: stepVariable.data() });
  tensors.set("optimizer/step", { dtype: "I32", shape: [1], data: Int32Array.of(steps) });
  for (const variable of variables) {
    for (const slot of slots) {
      const key = slotKey(slot, variable);
      const name = `${STATE}${key}`;
      tensors.set(name, saveable(name, variable.shape, values.get(key)!));
    }
  }
}

/** Numbers that `loadModel` will take. */
function saveable(name: string, shape: Shape, values: ArrayLike<number>): SafetensorsTensor {
  const data = values as Float32Array<ArrayBuffer>;
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { dtype: "F32", shape, data };
  throw new DataError(
    `save(): "${name}": element ${bad}: expected a finite number, got ${data[bad]}; setWeights() replaces weights`,
  );
}

/** The architecture of a file, its fields checked. */
export function readArchitecture({ metadata }: SafetensorsFile): SavedModel {
  const where = "loadModel()";
  if (metadata.get("format") !== "ferrograd") {
    throw new FormatError(
      `${where}: expected a file that model.save() made, got safetensors without its metadata; ` +
        "readSafetensors() reads the tensors: build the model in code and give them to setWeights()",
    );
  }
  const version = Number(metadata.get("formatVersion"));
  if (version !== FORMAT_VERSION) {
    throw new FormatError(
      `${where}: expected format version ${FORMAT_VERSION}, got ${show(metadata.get("formatVersion"))}`,
    );
  }
  const json = metadata.get("model") ?? "";
  const saved = parsed(json);
  if (!isSavedModel(saved)) {
    throw new FormatError(`${where}: metadata "model": expected the architecture as JSON`);
  }
  const twice = duplicateKey(json) ?? repeated(saved.layers.map(({ name }) => name));
  if (twice !== undefined) {
    const got = `${show(twice)} twice`;
    throw new FormatError(
      `${where}: metadata "model": expected each key and each layer's name once, got ${got}`,
    );
  }
  return saved;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isSavedModel(value: unknown): value is SavedModel {
  if (!isObject(value) || typeof value.name !== "string" || !isCount(value.seed)) return false;
  if (!Array.isArray(value.inputShape) || !Array.isArray(value.layers)) return false;
  const layersFit = value.layers.every(
    (layer) =>
      isObject(layer) &&
      typeof layer.type === "string" &&
      typeof layer.name === "string" &&
      isObject(layer.config),
  );
  const { training } = value;
  const trainingFits =
    training === undefined ||
    (isObject(training) &&
      isObject(training.options) &&
      (!isObject(training.loss) || isObject(training.loss.options)) &&
      Array.isArray(training.metrics) &&
      isCount(training.epochs ?? 0));
  return layersFit && trainingFits;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** A tensor of a file for something of a known shape, no number below `least`. */
export function tensorFor(
  file: SafetensorsFile,
  name: string,
  dtype: "F32" | "I32",
  shape: Shape,
  least = Number.NEGATIVE_INFINITY,
): SafetensorsTensor {
  const tensor = file.tensors.get(name);
  if (tensor === undefined)
    throw new FormatError(`loadModel(): tensor ${show(name)}: expected in the file, got none`);
  if (tensor.dtype !== dtype || !sameShape(tensor.shape, shape)) {
    throw new FormatError(
      `loadModel(): tensor ${show(name)}: expected ${dtype} ${showShape(shape)}, got ${tensor.dtype} ${showShape(tensor.shape)}`,
    );
  }
  const bad = (tensor.data as Float32Array).findIndex(
    (value) => !Number.isFinite(value) || value < least,
  );
  if (bad >= 0) {
    const expected = least === 0 ? "a finite number, 0 or more" : "a finite number";
    throw new FormatError(
      `loadModel(): tensor ${show(name)}: element ${bad}: expected ${expected}, got ${tensor.data[bad]}`,
    );
  }
  return tensor;
}
