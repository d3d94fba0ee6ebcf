import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import type { ActivationName, InitializerName, OptimizerName } from "ferrograd";

export const DATA_NAMES = ["digits", "spirals", "circles", "xor", "csv"] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** "auto": what suits the activation. */
export const INITIALIZER_NAMES = [
  "auto",
  "heNormal",
  "heUniform",
  "glorotNormal",
  "glorotUniform",
  "lecunNormal",
  "lecunUniform",
  "normal",
  "uniform",
  "truncatedNormal",
  "zeros",
  "ones",
] as const satisfies readonly ("auto" | InitializerName)[];

/** A record, so that the types miss a name that is not here. */
const OPTIMIZERS: Readonly<Record<OptimizerName, true>> = {
  sgd: true,
  momentum: true,
  adam: true,
  adamW: true,
  adamax: true,
  nadam: true,
  radam: true,
  rmsprop: true,
  adagrad: true,
  adadelta: true,
  lion: true,
};
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];
export const LEARNING_RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
export const BATCH_SIZES = [1, 5, 10, 16, 32, 64, 128, 256];
/** Steps per second; 0 is as fast as the machine goes. */
export const SPEEDS = [5, 25, 100, 300, 1000, 0];
export const MAX_DEPTH = 6;
export const MAX_WIDTH = 128;

/** Everything that decides a run, bit by bit, and how fast it is shown. */
export interface Settings {
  readonly data: DataName;
  /** How far points stray from their curve, in percent of the radius. */
  readonly noise: number;
  /** Hidden layers. */
  readonly depth: number;
  /** Units of each. */
  readonly width: number;
  readonly activation: ActivationName;
  readonly initializer: (typeof INITIALIZER_NAMES)[number];
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly speed: number;
  /** Column of the CSV file that is learned; "" is the last one. */
  readonly target: string;
}

/** What a link promises: these weights after so many steps. */
export interface Promised {
  readonly steps: number;
  readonly sha256: string;
}

const plane: Settings = {
  data: "spirals",
  noise: 5,
  depth: 3,
  width: 8,
  activation: "leakyRelu",
  initializer: "auto",
  optimizer: "adam",
  learningRate: 0.01,
  batchSize: 32,
  seed: 1,
  speed: 100,
  target: "",
};

/** What each choice of data starts with. */
const DEFAULTS: Readonly<Record<DataName, Settings>> = {
  digits: {
    ...plane,
    data: "digits",
    noise: 0,
    depth: 1,
    width: 128,
    activation: "relu",
    learningRate: 0.001,
  },
  spirals: plane,
  circles: { ...plane, data: "circles", depth: 1, width: 6, activation: "tanh", batchSize: 10 },
  xor: { ...plane, data: "xor", depth: 1, width: 6, activation: "tanh", batchSize: 10 },
  csv: { ...plane, data: "csv", noise: 0, depth: 1, width: 16, activation: "relu" },
};

export const defaults = (data: DataName): Settings => DEFAULTS[data];

/** Reads one setting from a link; undefined where the text is none. */
type Parse<T> = (text: string) => T | undefined;

const within =
  (min: number, max: number, whole = true): Parse<number> =>
  (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
  };

const among =
  <T extends string>(names: readonly T[]): Parse<T> =>
  (text) =>
    names.find((name) => name === text);

const PARSE: { readonly [key in keyof Settings]: Parse<Settings[key]> } = {
  data: among(DATA_NAMES),
  noise: within(0, 50),
  depth: within(0, MAX_DEPTH),
  width: within(1, MAX_WIDTH),
  activation: among(ACTIVATION_NAMES),
  initializer: among(INITIALIZER_NAMES),
  optimizer: among(OPTIMIZER_NAMES),
  learningRate: within(0, 1000, false),
  batchSize: within(1, 1024),
  seed: within(0, Number.MAX_SAFE_INTEGER),
  speed: within(0, 1e6),
  target: (text) => text,
};

/** A setting from the text of a control or link; undefined where it is none. */
export function parseSetting<K extends keyof Settings>(
  key: K,
  text: string,
): Settings[K] | undefined {
  return PARSE[key](text);
}

const SHA256 = /^[0-9a-f]{64}$/;

/** Settings and promise from the part of an address after `#`; what cannot be read is left at its default. */
export function readHash(hash: string): { settings: Settings; promised: Promised | undefined } {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const data = parseSetting("data", params.get("data") ?? "") ?? "spirals";
  const start = defaults(data);
  const entries = Object.entries(start).map(([key, value]) => {
    const text = params.get(key);
    const given = text === null ? undefined : parseSetting(key as keyof Settings, text);
    return [key, given ?? value];
  });
  const steps = within(0, Number.MAX_SAFE_INTEGER)(params.get("steps") ?? "");
  const sha256 = params.get("sha256") ?? "";
  const promised = steps !== undefined && SHA256.test(sha256) ? { steps, sha256 } : undefined;
  return { settings: Object.fromEntries(entries) as unknown as Settings, promised };
}

/** The part of an address after `#` that gives these settings and this promise. */
export function writeHash(settings: Settings, promised?: Promised): string {
  const entries = Object.entries(settings).filter(([, value]) => value !== "");
  const params = new URLSearchParams(entries.map(([key, value]) => [key, String(value)]));
  if (promised !== undefined) {
    params.set("steps", String(promised.steps));
    params.set("sha256", promised.sha256);
  }
  return `#${params}`;
}
