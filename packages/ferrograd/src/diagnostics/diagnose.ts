import type { RowsLike } from "../data/rows.ts";
import type { DatasetLike } from "../model/data.ts";
import type { Model } from "../model/model.ts";
import { checkOptions } from "../suggest.ts";
import { diagnosable, type Examination, examine, probeRows } from "./examine.ts";
import {
  CODES,
  type FindingCode,
  type Overall,
  type Remedy,
  RULES,
  type Severity,
} from "./findings.ts";
import type { LayerHealth } from "./layers.ts";
import { type DiagnoseOptions, OPTIONS, settingsOf } from "./options.ts";
import { Probe } from "./probe.ts";
import { oneStep, type Trial, tryRemedy } from "./remedy.ts";

/** Something that was found: data first, then a sentence about it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** undefined where the network as a whole is meant. */
  readonly layer: string | undefined;
  /** Training steps done when it was measured. */
  readonly step: number;
  readonly value: number;
  readonly threshold: number;
  readonly remedy: Remedy;
  /** `dense_2: 71 % of the 128 relu units are dead: ...; lower the learning rate, ...` */
  readonly sentence: string;
  /**
   * Applies the remedy to a copy, trains it beside an unchanged copy on the same batches, and
   * returns both curves. The model itself is not touched.
   */
  tryRemedy(options?: { readonly steps?: number; readonly batchSize?: number }): Trial;
}

/** What `diagnose` returns. */
export interface Diagnosis extends Overall {
  readonly findings: readonly Finding[];
}

/**
 * Runs rows through a model, forward and backward, and says per layer what the activations do to it:
 * saturation, dead units, signs, gradient flow, sizes of updates, histograms; then what is wrong and
 * what helps. Nothing of the model changes. Statistics are accumulated in f64; layers run as in
 * prediction, so dropout is off.
 *
 * @example
 * const { layers, findings } = diagnose(model, x, y);
 * for (const { sentence } of findings) console.log(sentence);
 * @throws StateError before `compile`; DataError, ShapeError and ArgumentError for bad data and options
 */
export function diagnose(
  model: Model<never>,
  data: DatasetLike,
  options?: DiagnoseOptions,
): Diagnosis;
export function diagnose(
  model: Model<never>,
  x: RowsLike,
  y: RowsLike,
  options?: DiagnoseOptions,
): Diagnosis;
export function diagnose(model: Model<never>, ...args: unknown[]): Diagnosis {
  const where = "diagnose()";
  const { samples, options } = diagnosable<DiagnoseOptions>(where, model, args);
  checkOptions(where, options, OPTIONS);
  const settings = settingsOf(where, options);
  const rows = probeRows(samples, settings, model.seed);
  const probe = new Probe(model, model.trainingOf(where), rows);
  try {
    const by = { samples, rows, settings, ratios: oneStep(model, rows) };
    return withFindings(model, examine(model, probe, by), by);
  } finally {
    probe.dispose();
  }
}

/** Words what is beyond the thresholds. */
export function withFindings(model: Model<never>, overall: Overall, by: Examination): Diagnosis {
  const byName = new Map<string | undefined, LayerHealth>(
    overall.layers.map((layer) => [layer.name, layer]),
  );
  const findings = CODES.flatMap((code) => {
    const { severity, remedy, measure, sentence } = RULES[code];
    const threshold = by.settings.thresholds[code];
    const found = measure(overall).filter(({ value }) => value > threshold);
    return found.map(
      (measured): Finding => ({
        ...measured,
        severity,
        step: overall.step,
        threshold,
        remedy,
        sentence: `${sentence(measured, byName.get(measured.layer))}; ${remedy.text}`,
        tryRemedy: (options) => tryRemedy(model, by, measured, remedy, options),
      }),
    );
  });
  return { ...overall, findings };
}
