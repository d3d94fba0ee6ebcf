import type { AnyModel, Model } from "../model/model.ts";
import { checkOptions } from "../options/index.ts";
import type { DataLike, DatasetLike } from "../training/given.ts";
import { chanceLoss, diagnosable, type Examination, examine, probeRows } from "./examine.ts";
import type { Deaths, FindingCode, Measured, Overall, Remedy, Severity } from "./findings.ts";
import type { LayerHealth } from "./layers.ts";
import { type DiagnoseOptions, OPTIONS, settingsOf } from "./options.ts";
import { Probe } from "./probe.ts";
import { oneStep, type Trial, type TrialOptions, tryRemedy } from "./remedy.ts";
import { CODES, RULES } from "./rules.ts";

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
  /** What `tryRemedy` tries. */
  readonly remedy: Remedy;
  /** All that the sentence names. */
  readonly remedies: readonly Remedy[];
  /** `dense_2: 71 % of the 128 relu units have been dead since step 400; lower the learning rate, ...` */
  readonly sentence: string;
  /** The page about it in the repository: the argument, the formula, an example, what the remedy does. */
  readonly page: string;
  /**
   * Applies a remedy to a copy, trains it for 200 steps beside an unchanged copy on the same batches
   * (those of `fit`), and returns both curves. Remedies of rate, clipping and optimizer start both
   * copies from the model's state; those of initialization, activation and width from step 0 with the
   * model's seed. The model itself is not touched.
   *
   * @example
   * const [finding] = diagnose(model, x, y, { thresholds: { notZeroCentered: 0 } }).findings;
   * const { unchanged, remedied } = finding.tryRemedy({ steps: 20 });
   * unchanged.value - remedied.value; // how much better
   * @throws StateError for a model that cannot be saved, and so not copied: plain functions as layers; FormatError for one
   * with layers of one's own that the option `layers` does not make again
   */
  tryRemedy(options?: TrialOptions): Trial;
}

/** What `diagnose` returns. */
export interface Diagnosis extends Overall {
  readonly findings: readonly Finding[];
}

/**
 * Runs rows through a model, forward and backward, and says per layer what the activations do to it:
 * saturation, dead units, signs, gradient flow, sizes of updates, histograms; then what is wrong and
 * what helps. Nothing of the model changes. Statistics are accumulated in f64; layers run as in
 * prediction, so dropout is off. Each finding has a page in docs/findings.
 *
 * @example
 * const { layers, findings } = diagnose(model, x, y);
 * for (const { sentence } of findings) console.log(sentence);
 * @throws StateError before `compile`; DataError, ShapeError and ArgumentError for bad data and options
 */
export function diagnose(model: AnyModel, data: DatasetLike, options?: DiagnoseOptions): Diagnosis;
export function diagnose(
  model: AnyModel,
  x: DataLike,
  y: DataLike,
  options?: DiagnoseOptions,
): Diagnosis;
export function diagnose(of: AnyModel, ...args: unknown[]): Diagnosis {
  const where = "diagnose()";
  const { model, samples, options } = diagnosable<DiagnoseOptions>(where, of, args);
  checkOptions(where, options, OPTIONS);
  const settings = settingsOf(where, options);
  const rows = probeRows(samples, settings, model.seed);
  const probe = new Probe(model, model.trainingOf(where), rows);
  try {
    const chance = chanceLoss(model, rows);
    const by = { samples, rows, settings, chance, ratios: oneStep(model, rows, settings) };
    return withFindings(model, examine(model, probe, by), by, undefined);
  } finally {
    probe.dispose();
  }
}

/** Words what is beyond the thresholds; `deaths` are known to whoever watched. */
export function withFindings(
  model: Model<never>,
  overall: Overall,
  by: Examination,
  deaths: Deaths | undefined,
): Diagnosis {
  const byName = new Map<string | undefined, LayerHealth>(
    overall.layers.map((layer) => [layer.name, layer]),
  );
  const { thresholds } = by.settings;
  const measured = new Map(
    CODES.map((code) => {
      const found = RULES[code].measure(overall).filter(({ value }) => value > thresholds[code]);
      return [code, found] as const;
    }),
  );
  const word = (one: Measured): Finding => {
    const { severity, remedies, first = 0, sentence } = RULES[one.code];
    const remedy = remedies[first]!;
    const said = sentence(one, { ...overall, health: byName.get(one.layer), deaths });
    return {
      ...one,
      severity,
      step: overall.step,
      threshold: thresholds[one.code],
      remedy,
      remedies,
      sentence: `${said}; ${listed(remedies.map(({ text }) => text))}`,
      page: `docs/findings/${one.code}.md`,
      tryRemedy: (options) => tryRemedy(model, by, one, remedy, options),
    };
  };
  const findings = CODES.flatMap((code) => {
    const stronger = measured.get(RULES[code].unless ?? code)!;
    const others = RULES[code].unless === undefined ? [] : stronger.map(({ layer }) => layer);
    return measured
      .get(code)!
      .filter(({ layer }) => !others.includes(layer))
      .map(word);
  });
  return { ...overall, findings };
}

/** `a, b, or c` */
function listed(texts: readonly string[]): string {
  if (texts.length < 3) return texts.join(" or ");
  return `${texts.slice(0, -1).join(", ")}, or ${texts.at(-1)}`;
}
