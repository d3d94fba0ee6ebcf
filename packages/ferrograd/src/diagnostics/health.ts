import type { Callbacks, FitModel, FitRun } from "../callbacks/callback.ts";
import { ArgumentError } from "../errors.ts";
import { Model } from "../model/model.ts";
import { callable, checkOptions, positiveInteger, show } from "../options/index.ts";
import type { Samples } from "../training/samples.ts";
import { type Diagnosis, withFindings } from "./diagnose.ts";
import { chanceLoss, examine, probeRows } from "./examine.ts";
import type { Deaths } from "./findings.ts";
import { type DiagnoseOptions, OPTIONS, type Settings, settingsOf } from "./options.ts";
import { Probe } from "./probe.ts";
import { compareUpdates } from "./updates.ts";

/** Options of `health`, beside those of `diagnose`. */
export interface HealthOptions extends DiagnoseOptions {
  /** Diagnose at the end of each epoch, or every so many steps (default "epoch"). */
  readonly every?: "epoch" | number;
  /**
   * Called with each diagnosis and the model, which it may act on: `model.optimizer.learningRate /= 2`. "stop" ends the
   * training, and a promise is waited for.
   */
  readonly onDiagnosis?: (diagnosis: HealthRecord, model: FitModel) => unknown;
}

/** One diagnosis of a training under way. */
export interface HealthRecord extends Diagnosis {
  /**
   * Cosine of the angle between two consecutive updates of all weights: near −1 for a path that
   * zig-zags, near 1 for one that goes straight; undefined before there are two.
   */
  readonly updateCosine: number | undefined;
  /** By layer: each unit that is dead now, and the step of the diagnosis that first found it so. */
  readonly deaths: Deaths;
}

/** A callback that diagnoses as `fit` goes; what it measured can be read at any time. */
export interface Health extends Callbacks {
  readonly history: readonly HealthRecord[];
}

/**
 * Watches the health of a network while it trains: `diagnose` on a fixed sample of the training rows,
 * at the end of each epoch or every so many steps. The weights are those of a training without it,
 * bit for bit. A diagnosis costs a forward and a backward pass over the probe and about half as much
 * again: on every epoch of 60,000 rows of 784 under 1 % of the training, every 10 steps of 512 rows about
 * 9 %, of 32 rows more than the steps, since 256 rows are the work of 8 of them. `probeRows` makes it
 * smaller, `every` rarer. After a fit that failed it keeps the probe until the next one.
 *
 * The curve of the dead units of a layer is `watch.history.map(({ layers }) => layers[0].dead.share)`, and
 * `deaths` has the step at which each was first found dead.
 *
 * @example
 * const watch = health();
 * await model.fit(x, y, { epochs: 5, callbacks: watch });
 * watch.history.at(-1)?.findings.map(({ sentence }) => sentence);
 * @throws ArgumentError for bad options
 */
export function health(options: HealthOptions = {}): Health {
  const where = "health()";
  checkOptions(where, options, [...OPTIONS, "every", "onDiagnosis"]);
  const { every = "epoch", onDiagnosis } = options;
  if (every !== "epoch") positiveInteger(where, "every", every);
  if (onDiagnosis !== undefined) callable(where, "onDiagnosis", onDiagnosis);
  const settings = settingsOf(where, options);
  const history: HealthRecord[] = [];
  let watch: Watch | undefined;
  let model: FitModel | undefined;
  let atEpochBegin = 0;
  let done = 0;

  const record = (): unknown => {
    const found = watch!.diagnose(history.at(-1));
    history.push(found);
    try {
      return onDiagnosis?.(found, model!);
    } catch (error) {
      watch?.dispose(); // that ends fit
      throw error;
    }
  };

  return {
    history,
    onTrainBegin(run: FitRun) {
      watch?.dispose(); // of a fit that failed
      watch = new Watch(run, settings);
      ({ model } = run);
      done = 0;
    },
    onEpochBegin() {
      atEpochBegin = done;
      if (every === "epoch") watch!.remember();
    },
    onBatchEnd(step: number) {
      done = step;
      // Two updates are compared: the first two of an epoch, or the last two before a diagnosis.
      if (every === "epoch" ? step - atEpochBegin <= 2 : (step + 2) % every <= 2) {
        watch!.remember();
      }
      return every !== "epoch" && step % every === 0 ? record() : undefined;
    },
    onEpochEnd() {
      return every === "epoch" ? record() : undefined;
    },
    onTrainEnd() {
      watch?.dispose();
      watch = model = undefined;
    },
  };
}

/** What is kept between the diagnoses of one `fit`. */
class Watch {
  private readonly model: Model<never>;
  private readonly samples: Samples;
  private readonly rows: Samples;
  private readonly probe: Probe;
  private readonly settings: Settings;
  private readonly chance: number | undefined;
  /** Weights after the last steps that were remembered, at most three, oldest first. */
  private recent: Float32Array[][] = [];

  constructor(run: FitRun, settings: Settings) {
    if (!(run.model instanceof Model)) {
      throw new ArgumentError(
        `health(): expected the model of a fit of this version, got ${show(run.model)}`,
      );
    }
    if (run.samples === undefined) {
      throw new ArgumentError(
        "health(): expected a fit of rows, got one of batches as they come; call diagnose(model, data) in a callback",
      );
    }
    this.model = run.model as Model<never>;
    this.samples = run.samples;
    this.settings = settings;
    this.rows = probeRows(run.samples, settings, this.model.seed);
    this.chance = chanceLoss(this.model, this.rows);
    this.probe = new Probe(this.model, this.model.trainingOf("health()"), this.rows);
  }

  remember(): void {
    this.recent = [...this.recent.slice(-2), this.model.getWeights()];
  }

  diagnose(before: HealthRecord | undefined): HealthRecord {
    const { model, recent, samples, rows, settings, chance } = this;
    const updates = compareUpdates(model, recent);
    const by = { samples, rows, settings, chance, ratios: updates.ratios };
    const now = examine(model, this.probe, by);
    const deaths = new Map(
      now.layers.map(({ name, dead }) => [
        name,
        new Map(
          dead.units.map(
            (unit) => [unit, before?.deaths.get(name)?.get(unit) ?? now.step] as const,
          ),
        ),
      ]),
    );
    const firstNonFinite = before?.firstNonFinite ?? now.firstNonFinite;
    const diagnosis = withFindings(model, { ...now, firstNonFinite }, by, deaths);
    return { ...diagnosis, updateCosine: updates.cosine, deaths };
  }

  dispose(): void {
    this.probe.dispose();
  }
}
