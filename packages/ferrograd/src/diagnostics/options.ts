import { type LoadOptions, makersOf } from "../model/registries.ts";
import {
  checkOptions,
  finiteNumber,
  nonNegativeInteger,
  positiveInteger,
} from "../options/index.ts";
import type { FindingCode } from "./findings.ts";
import { CODES, RULES } from "./rules.ts";

/** Options of `diagnose` and `health`. */
export interface DiagnoseOptions {
  /** Rows of the probe, drawn from those given (default 256). */
  readonly probeRows?: number;
  /** Decides which rows (default: the model's seed). */
  readonly seed?: number;
  /** An element is on a flat end where |f'(z)| is below this share of its largest value (default 0.027: for the sigmoid |z| > 5). */
  readonly flatness?: number;
  /** Training steps done (default: as the model counts them, which a file keeps only with the optimizer). */
  readonly step?: number;
  /** From where on each code is found. */
  readonly thresholds?: Partial<Readonly<Record<FindingCode, number>>>;
  /** What makes layers of one's own again, as for `loadModel`: updates are measured, and remedies tried, on copies. */
  readonly layers?: LoadOptions["layers"];
}

/** Options with their defaults. */
export interface Settings {
  readonly probeRows: number;
  readonly seed: number | undefined;
  readonly flatness: number;
  readonly step: number | undefined;
  readonly thresholds: Readonly<Record<FindingCode, number>>;
  readonly load: LoadOptions;
}

export const OPTIONS = ["probeRows", "seed", "flatness", "step", "thresholds", "layers"];

export function settingsOf(where: string, options: DiagnoseOptions): Settings {
  const { probeRows, seed, flatness, step, thresholds = {}, layers } = options;
  const load = layers === undefined ? {} : { layers };
  makersOf(where, load); // which refuses what makes nothing
  checkOptions(`${where}: thresholds`, thresholds, [...CODES]);
  const given = (code: FindingCode) =>
    finiteNumber(where, `thresholds.${code}`, thresholds[code] ?? RULES[code].threshold);
  return {
    probeRows: positiveInteger(where, "probeRows", probeRows ?? 256),
    seed: seed === undefined ? undefined : nonNegativeInteger(where, "seed", seed),
    flatness: finiteNumber(where, "flatness", flatness ?? 0.027),
    step: step === undefined ? undefined : nonNegativeInteger(where, "step", step),
    thresholds: Object.fromEntries(
      CODES.map((code) => [code, given(code)]),
    ) as Settings["thresholds"],
    load,
  };
}
