import { FormatError } from "../errors.ts";
import { duplicateKey } from "../io/duplicate-key.ts";
import type { SafetensorsFile, SafetensorsTensor } from "../io/safetensors.ts";
import { repeated, show } from "../options/index.ts";
import type { SavedTraining } from "../training/saved.ts";
import { type Dims, type Shape, sameShape, showShape } from "../values/shape.ts";
import { isCount, isObject } from "./json.ts";
import { MOST, type SavedGraph } from "./saved-graph.ts";

/** Versions of the metadata: 1 is layers one after the other, 2 has their graph beside them. */
export const STACK_VERSION = 1;
export const GRAPH_VERSION = 2;

/** The key of which numbers a seed gave; the first files have none, and are of version 1. */
export const NUMERICS = "numericsVersion";

/** The architecture as it stands in the file's metadata. */
export interface SavedModel {
  readonly name: string;
  /** In format 1. */
  readonly inputShape?: Dims;
  /** In format 2. */
  readonly graph?: SavedGraph;
  readonly seed: number;
  readonly classNames?: readonly string[];
  readonly layers: readonly {
    readonly type: string;
    readonly name: string;
    readonly config: object;
    /** What is frozen of it: itself is 0, then come the layers in it. */
    readonly frozen?: readonly number[];
    /** Is it one's own, whatever ours are called? */
    readonly own?: boolean;
  }[];
  readonly training?: SavedTraining;
}

/** Before the names of an optimizer's slots. */
export const STATE = "optimizer/";

/** Before the keys that are the caller's, so that they cannot clash with those of the format. */
export const CALLERS = "user.";

/** The texts of the caller in a file. */
export function readMetadata({ metadata }: SafetensorsFile): Record<string, string> {
  const own = [...metadata].filter(([key]) => key.startsWith(CALLERS));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(CALLERS.length), value]));
}

/** Which numbers a seed gave where a file was saved. */
export function readNumerics({ metadata }: SafetensorsFile): number {
  const text = metadata.get(NUMERICS) ?? "1";
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new FormatError(
    `loadModel(): metadata "${NUMERICS}": expected an integer from 1, got ${show(text)}`,
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
  if (version !== STACK_VERSION && version !== GRAPH_VERSION) {
    throw new FormatError(
      `${where}: expected format version 1 or 2, got ${show(metadata.get("formatVersion"))}`,
    );
  }
  const json = metadata.get("model") ?? "";
  const saved = parsed(json);
  if (!isSavedModel(saved) || (version === GRAPH_VERSION) !== (saved.graph !== undefined)) {
    throw new FormatError(`${where}: metadata "model": expected the architecture as JSON`);
  }
  if (saved.layers.length > MOST) {
    throw new FormatError(
      `${where}: metadata "model": layers: expected at most ${MOST}, got ${saved.layers.length} of them`,
    );
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

function isSavedModel(value: unknown): value is SavedModel {
  if (!isObject(value) || typeof value.name !== "string" || !isCount(value.seed)) return false;
  const ofInputs =
    value.graph === undefined ? Array.isArray(value.inputShape) : isObject(value.graph);
  if (!ofInputs || !Array.isArray(value.layers)) return false;
  const layersFit = value.layers.every(
    (layer) =>
      isObject(layer) &&
      typeof layer.type === "string" &&
      typeof layer.name === "string" &&
      isObject(layer.config) &&
      (layer.own === undefined || layer.own === true) &&
      (layer.frozen === undefined || (Array.isArray(layer.frozen) && layer.frozen.every(isCount))),
  );
  const { training } = value;
  const trainingFits =
    training === undefined ||
    (isObject(training) &&
      isObject(training.options) &&
      isSavedHead(training) &&
      (training.heads === undefined || areSavedHeads(training.heads)) &&
      isCount(training.epochs ?? 0));
  return layersFit && trainingFits;
}

const isSavedHead = ({ loss, metrics }: Record<string, unknown>): boolean =>
  (!isObject(loss) || isObject(loss.options)) &&
  Array.isArray(metrics) &&
  metrics.every((one) => !isObject(one) || (typeof one.name === "string" && isObject(one.options)));

const areSavedHeads = (heads: unknown): boolean =>
  Array.isArray(heads) &&
  heads.every(
    (head) =>
      isObject(head) &&
      typeof head.name === "string" &&
      typeof head.lossWeight === "number" &&
      isSavedHead(head),
  );

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
