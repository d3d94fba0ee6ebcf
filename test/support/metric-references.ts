/** Metrics as their definitions say, in f64: rows of probabilities, of targets (one-hot, bits or amounts), and weights. */
export interface Measured {
  readonly p: readonly (readonly number[])[];
  readonly t: readonly (readonly number[])[];
  readonly w: readonly number[];
}

const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : sumOf(values) / values.length;
const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
const columnsOf = ({ p }: Measured) => p[0]!.map((_, c) => c);
const weightedMean = ({ w }: Measured, each: (row: number) => number) =>
  ratio(sumOf(w.map((weight, i) => weight * each(i))), sumOf(w));
const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

/** Answers of 0 and 1: the class with the largest probability, or what is above the threshold. */
export function answered(data: Measured, how: "classes" | number): Measured {
  const p = data.p.map((row) =>
    row.map((v, c) => Number(how === "classes" ? largest(row) === c : v > how)),
  );
  return { ...data, p };
}

function countsOf({ p, t, w }: Measured, c: number) {
  const count = (a: number, b: number) =>
    sumOf(w.filter((_, i) => p[i]![c] === a && t[i]![c] === b));
  return { tp: count(1, 1), fp: count(1, 0), fn: count(0, 1), tn: count(0, 0) };
}
type Counts = ReturnType<typeof countsOf>;

export const scores = {
  precision: ({ tp, fp }: Counts) => ratio(tp, tp + fp),
  recall: ({ tp, fn }: Counts) => ratio(tp, tp + fn),
  f1Score: ({ tp, fp, fn }: Counts) => ratio(2 * tp, 2 * tp + fp + fn),
  fBetaScore: ({ tp, fp, fn }: Counts) => ratio(5 * tp, 5 * tp + 4 * fn + fp), // beta 2
  truePositives: ({ tp }: Counts) => tp,
  falsePositives: ({ fp }: Counts) => fp,
  falseNegatives: ({ fn }: Counts) => fn,
  trueNegatives: ({ tn }: Counts) => tn,
};

export function averaged(data: Measured, score: (counts: Counts) => number, average: string) {
  const each = columnsOf(data).map((c) => countsOf(data, c));
  const there = each.map(({ tp, fn }) => tp + fn);
  const total = (key: keyof Counts) => sumOf(each.map((one) => one[key]));
  switch (average) {
    case "none":
      return each.map(score);
    case "macro":
      return meanOf(each.map(score));
    case "weighted":
      return ratio(sumOf(each.map((one, c) => score(one) * there[c]!)), sumOf(there));
    default:
      return score({ tp: total("tp"), fp: total("fp"), fn: total("fn"), tn: total("tn") });
  }
}

/** Rows are the truth. */
export function matrixOf({ p, t, w }: Measured): number[][] {
  const two = (row: readonly number[]) => (row.length === 1 ? [1 - row[0]!, row[0]!] : row);
  const classes = two(p[0]!).map((_, c) => c);
  const at = (i: number) => [largest(two(t[i]!)), largest(two(p[i]!))];
  return classes.map((a) =>
    classes.map((b) => sumOf(w.filter((_, i) => at(i)[0] === a && at(i)[1] === b))),
  );
}

/** The correlation of one-hot truth and answers, over rows and classes. */
export function matthews(data: Measured): number {
  const matrix = matrixOf(data);
  const rows = matrix.flatMap((row, a) => row.map((weight, b) => ({ a, b, weight })));
  const n = sumOf(rows.map(({ weight }) => weight));
  const share = (key: "a" | "b", c: number) =>
    sumOf(rows.filter((row) => row[key] === c).map(({ weight }) => weight)) / n;
  const classes = matrix.map((_, c) => c);
  const covariance = (f: "a" | "b", g: "a" | "b") =>
    sumOf(
      classes.map((c) =>
        sumOf(
          rows.map(
            (row) =>
              (row.weight / n) *
              (Number(row[f] === c) - share(f, c)) *
              (Number(row[g] === c) - share(g, c)),
          ),
        ),
      ),
    );
  return covariance("a", "b") / Math.sqrt(covariance("a", "a") * covariance("b", "b"));
}

export function iou(data: Measured): number {
  const matrix = matrixOf(data);
  const ious = matrix.map((row, c) => {
    const union = sumOf(row) + sumOf(matrix.map((other) => other[c]!)) - row[c]!;
    return { union, iou: ratio(row[c]!, union) };
  });
  return meanOf(ious.filter(({ union }) => union > 0).map((one) => one.iou));
}

export function kappa(data: Measured): number {
  const matrix = matrixOf(data);
  const n = sumOf(matrix.flat());
  const agree = sumOf(matrix.map((row, c) => row[c]!)) / n;
  const chance = sumOf(
    matrix.map((row, c) => (sumOf(row) / n) * (sumOf(matrix.map((other) => other[c]!)) / n)),
  );
  return (agree - chance) / (1 - chance);
}

/** Every pair of one that is so and one that is not: right, or half where no threshold tells them apart. */
export function roc({ p, t, w }: Measured, c: number, thresholds: number): number {
  const bin = (v: number) => Math.ceil(Math.fround(v) * (thresholds - 1) - 1e-9);
  let [right, all] = [0, 0];
  for (const i of w.keys()) {
    for (const j of w.keys()) {
      if (t[i]![c] !== 1 || t[j]![c] !== 0) continue;
      const weight = w[i]! * w[j]!;
      const [a, b] = [bin(p[i]![c]!), bin(p[j]![c]!)];
      right += weight * (a > b ? 1 : a === b ? 0.5 : 0);
      all += weight;
    }
  }
  return right / all;
}

/** Keras's interpolate_pr_auc, step by step. */
export function precisionRecall({ p, t, w }: Measured, c: number, thresholds: number): number {
  const at = Array.from({ length: thresholds }, (_, k) =>
    k === 0 ? -1e-7 : k === thresholds - 1 ? 1 + 1e-7 : k / (thresholds - 1),
  );
  const above = (value: number) =>
    at.map((threshold) => sumOf(w.filter((_, i) => t[i]![c] === value && p[i]![c]! > threshold)));
  const [tp, fp] = [above(1), above(0)];
  let area = 0;
  for (let k = 0; k + 1 < thresholds; k++) {
    const [said, next] = [tp[k]! + fp[k]!, tp[k + 1]! + fp[k + 1]!];
    const slope = ratio(tp[k]! - tp[k + 1]!, Math.max(said - next, 0));
    const intercept = tp[k + 1]! - slope * next;
    const safe = said > 0 && next > 0 ? said / next : 1;
    area += ratio(slope * (tp[k]! - tp[k + 1]! + intercept * Math.log(safe)), tp[0]!);
  }
  return area;
}

export function calibration(data: Measured, exclusive: boolean, bins: number): number {
  const { p, t, w } = data;
  const seen = w.flatMap((weight, i) =>
    exclusive
      ? [{ weight, sure: Math.max(...p[i]!), right: t[i]![largest(p[i]!)]! }]
      : p[i]!.map((sure, c) => ({ weight, sure, right: t[i]![c]! })),
  );
  const total = sumOf(seen.map(({ weight }) => weight));
  let error = 0;
  for (let k = 0; k < bins; k++) {
    const inside = seen.filter(({ sure }) => Math.max(Math.ceil(sure * bins) - 1, 0) === k);
    const weight = sumOf(inside.map((one) => one.weight));
    const mean = (key: "sure" | "right") =>
      ratio(sumOf(inside.map((one) => one.weight * one[key])), weight);
    error += (weight / total) * Math.abs(mean("right") - mean("sure"));
  }
  return error;
}

export const brier = (data: Measured, exclusive: boolean): number =>
  weightedMean(data, (i) => {
    const errors = data.p[i]!.map((v, c) => (v - data.t[i]![c]!) ** 2);
    return exclusive ? sumOf(errors) : meanOf(errors);
  });

export const logLoss = (data: Measured, exclusive: boolean): number =>
  weightedMean(data, (i) => {
    const [p, t] = [data.p[i]!, data.t[i]!];
    return exclusive
      ? -sumOf(p.map((v, c) => t[c]! * Math.log(v)))
      : -meanOf(p.map((v, c) => t[c]! * Math.log(v) + (1 - t[c]!) * Math.log(1 - v)));
  });

/** The mean of what each row has. */
export const rowMean = (
  data: Measured,
  each: (p: readonly number[], t: readonly number[]) => number,
): number => weightedMean(data, (i) => each(data.p[i]!, data.t[i]!));

export function r2({ p, t, w }: Measured, byVariance: boolean): number {
  const each = p[0]!.map((_, c) => {
    const center = sumOf(w.map((weight, i) => weight * t[i]![c]!)) / sumOf(w);
    const spread = sumOf(w.map((weight, i) => weight * (t[i]![c]! - center) ** 2));
    const errors = sumOf(w.map((weight, i) => weight * (t[i]![c]! - p[i]![c]!) ** 2));
    return { spread, score: 1 - errors / spread };
  });
  const all = sumOf(each.map(({ spread }) => spread));
  return sumOf(
    each.map(({ spread, score }) => score * (byVariance ? spread / all : 1 / each.length)),
  );
}

/** The best of one rate where another is at least `least`, over all thresholds. */
export function bestAt(
  { p, t, w }: Measured,
  [best, at]: readonly [Rate, Rate],
  least: number,
  thresholds: number,
): number {
  const points = Array.from({ length: thresholds }, (_, k) => {
    const threshold = k === 0 ? -1 : k === thresholds - 1 ? 2 : k / (thresholds - 1);
    const count = (truth: number, isSaid: boolean) =>
      sumOf(w.filter((_, i) => t[i]![0] === truth && p[i]![0]! > threshold === isSaid));
    const [tp, fn, fp, tn] = [count(1, true), count(1, false), count(0, true), count(0, false)];
    return {
      precision: ratio(tp, tp + fp),
      recall: ratio(tp, tp + fn),
      specificity: ratio(tn, tn + fp),
    };
  });
  return Math.max(0, ...points.filter((one) => one[at] >= least).map((one) => one[best]));
}

type Rate = "precision" | "recall" | "specificity";

/** Of one output. */
export function correlation({ p, t, w }: Measured, c: number, isConcordance: boolean): number {
  const all = sumOf(w);
  const mean = (of: (i: number) => number) => sumOf(w.map((weight, i) => weight * of(i))) / all;
  const [a, b] = [mean((i) => t[i]![c]!), mean((i) => p[i]![c]!)];
  const ofTruth = mean((i) => (t[i]![c]! - a) ** 2);
  const ofSaid = mean((i) => (p[i]![c]! - b) ** 2);
  const together = mean((i) => (t[i]![c]! - a) * (p[i]![c]! - b));
  return isConcordance
    ? (2 * together) / (ofTruth + ofSaid + (a - b) ** 2)
    : together / Math.sqrt(ofTruth * ofSaid);
}

export const inRows = { meanOf, sumOf, largest };
