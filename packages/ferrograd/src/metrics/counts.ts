import { mul } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { boolean, float32, nonNegativeInteger, oneOf } from "../options/index.ts";
import type { Metric, MetricResult } from "./metric.ts";
import { type ClassOptions, ClassOutputs } from "./outputs.ts";
import { type MetricOptions, shipped } from "./shipped.ts";
import { share, sumsMetric } from "./sums.ts";

/** How what is said of each class becomes one number. */
export type Average = "micro" | "macro" | "weighted" | "none";

/** Options of metrics that count, class by class. */
export interface CountOptions<A extends Average = Average> extends ClassOptions {
  /**
   * "micro": of the counts of all classes together; "macro": the mean over the classes; "weighted": that by how often each
   * is there; "none": a list with a number for each class.
   */
  readonly average?: A;
  /** Only this class (default all). */
  readonly classId?: number;
}

/** A number, or of "none" one for each class. */
export type Averaged<A extends Average> = "none" extends A ? number[] : number;

/** Of one class: how often it is rightly said, said, and there. */
interface Counts {
  readonly hits: number;
  readonly said: number;
  readonly there: number;
  /** Of all rows. */
  readonly all: number;
}

export const averageOf = (where: string, name: string, value: unknown): Average =>
  oneOf(where, name, value, ["micro", "macro", "weighted", "none"]);

/** What options of counting may be. */
const OPTIONS = {
  fromLogits: boolean,
  threshold: float32,
  classId: nonNegativeInteger,
  average: averageOf,
};

/** A metric that follows from the counts of each class. */
function counted<N extends string, A extends Average, O extends CountOptions<A>>(
  type: string,
  options: (O & MetricOptions<N>) | undefined,
  by: Average,
  score: (counts: Counts, options: O) => number,
  more: object = {},
): Metric<N, Averaged<A>> {
  const validators = { ...OPTIONS, ...more } as never;
  return shipped<N, O, Averaged<A>>(type, options, validators, (given) => (where, loss, shape) => {
    const outputs = new ClassOutputs(where, type, loss, shape, given);
    const { columns } = outputs;
    if (given.classId !== undefined) outputs.checkClasses(where, [given.classId]);
    const stream = sumsMetric(type, {
      shapes: { hits: [columns], said: [columns], there: [columns], all: [1] },
      add(yTrue, yPred, weight) {
        const w = outputs.weights(weight);
        const [said, truth] = [mul(outputs.said(yPred), w), outputs.truth(yTrue, yPred)];
        return {
          hits: sum(mul(said, truth), { axis: 0 }),
          said: sum(said, { axis: 0 }),
          there: sum(mul(truth, w), { axis: 0 }),
          all: sum(w, { axis: 0 }),
        };
      },
      result({ hits, said, there, all }) {
        const each = Array.from(hits, (_, i) => ({
          hits: hits[i]!,
          said: said[i]!,
          there: there[i]!,
          all: all[0]!,
        }));
        const of =
          given.classId === undefined ? each : each.slice(given.classId, given.classId + 1);
        return averaged(of, given.average ?? by, (counts) => score(counts, given));
      },
    });
    return { ...stream, check: outputs.check };
  });
}

/** One number of the counts of all classes, or one for each. */
function averaged(
  each: readonly Counts[],
  average: Average,
  score: (counts: Counts) => number,
): MetricResult {
  if (average === "micro") return score(each.reduce(together, NOTHING));
  const scores = each.map(score);
  if (average === "none") return scores;
  const weights = each.map(({ there }) => (average === "weighted" ? there : 1));
  const total = weights.reduce((a, b) => a + b, 0);
  return share(
    scores.reduce((a, one, i) => a + one * weights[i]!, 0),
    total,
  );
}

const NOTHING: Counts = { hits: 0, said: 0, there: 0, all: 0 };

const together = (a: Counts, b: Counts): Counts => ({
  hits: a.hits + b.hits,
  said: a.said + b.said,
  there: a.there + b.there,
  all: a.all + b.all,
});

/**
 * Of what is said to be of a class, the share that is: Σ w·hits / Σ w·said; 0 where nothing is said. Of one output that of
 * the positive class, of several over all classes ("micro", Keras's Precision; torchmetrics' Precision averages otherwise).
 *
 * @example metrics.precision({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const precision = <const N extends string = "precision", const A extends Average = "micro">(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted("precision", options, "micro", ({ hits, said }) => share(hits, said));

/**
 * Of what is of a class, the share that is said to be: Σ w·hits / Σ w·there; 0 where nothing is there. Averaged as `precision`
 * (Keras's Recall).
 *
 * @example metrics.recall({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const recall = <const N extends string = "recall", const A extends Average = "micro">(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted("recall", options, "micro", ({ hits, there }) => share(hits, there));

/** Options of `fBetaScore`. */
export interface FBetaOptions<A extends Average = Average> extends CountOptions<A> {
  /** How many times as much recall counts as precision (default 1). */
  readonly beta?: number;
}

/**
 * (1 + β²)·hits / (β²·there + said), of each class and averaged over them ("macro"; Keras's FBetaScore gives a number for each
 * class, which `average: "none"` does).
 *
 * @example metrics.fBetaScore({ beta: 2, fromLogits: false }).of([1, 0, 1, 1], [0.9, 0.8, 0.2, 0.1]) // 0.35714…
 * @throws ArgumentError for options it does not have
 */
export const fBetaScore = <
  const N extends string = "fBetaScore",
  const A extends Average = "macro",
>(
  options?: FBetaOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted(
    "fBetaScore",
    options,
    "macro",
    ({ hits, said, there }, { beta = 1 }) =>
      share((1 + beta * beta) * hits, beta * beta * there + said),
    { beta: float32 },
  );

/**
 * The harmonic mean of precision and recall, 2·hits / (there + said), of each class and averaged over them ("macro"; Keras's
 * F1Score gives a number for each class, which `average: "none"` does).
 *
 * @example metrics.f1Score({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 0.5
 * @throws ArgumentError for options it does not have
 */
export const f1Score = <const N extends string = "f1Score", const A extends Average = "macro">(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted("f1Score", options, "macro", ({ hits, said, there }) => share(2 * hits, there + said));

/**
 * How often what is said to be of a class is (Keras's TruePositives).
 *
 * @example metrics.truePositives({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 1
 * @throws ArgumentError for options it does not have
 */
export const truePositives = <
  const N extends string = "truePositives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> => counted("truePositives", options, "micro", ({ hits }) => hits);

/**
 * How often what is said to be of a class is not (Keras's FalsePositives).
 *
 * @example metrics.falsePositives({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 1
 * @throws ArgumentError for options it does not have
 */
export const falsePositives = <
  const N extends string = "falsePositives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted("falsePositives", options, "micro", ({ hits, said }) => said - hits);

/**
 * How often what is of a class is not said to be (Keras's FalseNegatives).
 *
 * @example metrics.falseNegatives({ fromLogits: false }).of([1, 0, 1], [0.9, 0.8, 0.2]) // 1
 * @throws ArgumentError for options it does not have
 */
export const falseNegatives = <
  const N extends string = "falseNegatives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted("falseNegatives", options, "micro", ({ hits, there }) => there - hits);

/**
 * How often what is not of a class is not said to be (Keras's TrueNegatives).
 *
 * @example metrics.trueNegatives({ fromLogits: false }).of([1, 0, 1, 0], [0.9, 0.8, 0.2, 0.1]) // 1
 * @throws ArgumentError for options it does not have
 */
export const trueNegatives = <
  const N extends string = "trueNegatives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
): Metric<N, Averaged<A>> =>
  counted(
    "trueNegatives",
    options,
    "micro",
    ({ hits, said, there, all }) => all - said - there + hits,
  );
