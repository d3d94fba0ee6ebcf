import {
  dense,
  loadModel,
  type Metric,
  type MetricResult,
  metrics,
  sequential,
  sgd,
  softmaxLayer,
} from "ferrograd";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import {
  answered,
  averaged,
  bestAt,
  brier,
  calibration,
  correlation,
  inRows,
  iou,
  kappa,
  logLoss,
  type Measured,
  matrixOf,
  matthews,
  precisionRecall,
  r2,
  roc,
  rowMean,
  scores,
} from "./support/metric-references.ts";
import { floats, sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

const ROWS = 150;
const next = sequence(5);
const inColumns = (flat: ArrayLike<number>, columns: number) =>
  Array.from({ length: flat.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, c) => flat[i * columns + c]!),
  );
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
const softmax = (row: number[]) => {
  const e = row.map(Math.exp);
  return e.map((v) => v / inRows.sumOf(e));
};

/** What a model with these scores says, and what is true; scores lean towards it. */
function setting(kind: "binary" | "labels" | "classes" | "amounts") {
  const columns = kind === "binary" ? 1 : 3;
  const labels = Int32Array.from({ length: ROWS }, () => Math.floor(next() * 3));
  const truth = Array.from({ length: ROWS }, (_, i) =>
    Array.from({ length: columns }, (_, c) => {
      if (kind === "classes") return Number(labels[i] === c);
      return kind === "amounts" ? Math.fround(1000 + 3 * c + 4 * next()) : Number(next() < 0.3);
    }),
  );
  const noise = inColumns(floats(ROWS * columns, 7), columns);
  const outputs = truth.map((row, i) =>
    row.map((t, c) =>
      Math.fround(kind === "amounts" ? t + noise[i]![c]! : 1.5 * t - 0.7 + noise[i]![c]!),
    ),
  );
  const p =
    kind === "amounts"
      ? outputs
      : outputs.map((row) => (kind === "classes" ? softmax(row) : row.map(sigmoid)));
  const w = Array.from({ length: ROWS }, () => (next() < 0.1 ? 0 : Math.fround(2 * next())));
  const y = kind === "classes" ? labels : truth;
  const loss = {
    binary: "binaryCrossentropy",
    labels: "binaryCrossentropy",
    classes: "sparseCategoricalCrossentropy",
    amounts: "meanSquaredError",
  } as const;
  return { kind, columns, x: outputs, y, loss: loss[kind], data: { p, t: truth, w } as Measured };
}

const settings = {
  binary: setting("binary"),
  labels: setting("labels"),
  classes: setting("classes"),
  amounts: setting("amounts"),
};
type Kind = keyof typeof settings;
type AnyMetric = Metric<string, MetricResult>;

/** A name, how the metric is made, where it makes sense, and what it should say. */
type Case = readonly [
  string,
  (options: { weighted: boolean; name: string }) => AnyMetric,
  readonly Kind[],
  (data: Measured, kind: Kind) => unknown,
];

const CLASSES: readonly Kind[] = ["binary", "labels", "classes"];
const SINGLE: readonly Kind[] = ["binary", "classes"];
const AMOUNTS: readonly Kind[] = ["amounts"];
const said = (data: Measured, kind: Kind) => answered(data, kind === "classes" ? "classes" : 0.5);
const over = (columns: number, f: (c: number) => number) =>
  Array.from({ length: columns }, (_, c) => f(c));
const flattened = ({ p, t, w }: Measured): Measured => ({
  p: p.flat().map((v) => [v]),
  t: t.flat().map((v) => [v]),
  w: p.flatMap((row, i) => row.map(() => w[i]!)),
});

const AVERAGES = ["micro", "macro", "weighted", "none"] as const;
const counted: Case[] = (
  [
    "precision",
    "recall",
    "f1Score",
    "fBetaScore",
    "truePositives",
    "falsePositives",
    "falseNegatives",
    "trueNegatives",
  ] as const
).flatMap((name) =>
  AVERAGES.map(
    (average): Case => [
      `${name} ${average}`,
      (options) =>
        metrics[name]({ ...options, average, ...(name === "fBetaScore" && { beta: 2 }) }),
      CLASSES,
      (data, kind) => averaged(said(data, kind), scores[name], average),
    ],
  ),
);

const cases: readonly Case[] = [
  ...counted,
  [
    "precision above 0.7",
    (o) => metrics.precision({ ...o, threshold: 0.7 }),
    CLASSES,
    (data) => averaged(answered(data, 0.7), scores.precision, "micro"),
  ],
  [
    "recall of one class",
    (o) => metrics.recall({ ...o, classId: 1 }),
    ["labels", "classes"],
    (data, kind) => (averaged(said(data, kind), scores.recall, "none") as number[])[1],
  ],
  [
    "confusionMatrix",
    (o) => metrics.confusionMatrix(o),
    SINGLE,
    (data, kind) => matrixOf(said(data, kind)),
  ],
  [
    "matthewsCorrelation",
    (o) => metrics.matthewsCorrelation(o),
    SINGLE,
    (data, kind) => matthews(said(data, kind)),
  ],
  ["meanIoU", (o) => metrics.meanIoU(o), SINGLE, (data, kind) => iou(said(data, kind))],
  ["cohenKappa", (o) => metrics.cohenKappa(o), SINGLE, (data, kind) => kappa(said(data, kind))],
  ["auc", (o) => metrics.auc(o), ["binary"], (data) => roc(data, 0, 200)],
  [
    "auc of 20 thresholds",
    (o) => metrics.auc({ ...o, numThresholds: 20 }),
    CLASSES,
    (data) => roc(flattened(data), 0, 20),
  ],
  [
    "auc of each class",
    (o) => metrics.auc({ ...o, numThresholds: 50, average: "none" }),
    CLASSES,
    (data) => over(data.p[0]!.length, (c) => roc(data, c, 50)),
  ],
  [
    "auc, the mean over classes",
    (o) => metrics.auc({ ...o, numThresholds: 50, average: "macro" }),
    CLASSES,
    (data) => inRows.meanOf(over(data.p[0]!.length, (c) => roc(data, c, 50))),
  ],
  [
    "auc of precision and recall",
    (o) => metrics.auc({ ...o, curve: "PR" }),
    ["binary"],
    (data) => precisionRecall(data, 0, 200),
  ],
  [
    "auc of precision and recall, together",
    (o) => metrics.auc({ ...o, curve: "PR", numThresholds: 30 }),
    CLASSES,
    (data) => precisionRecall(flattened(data), 0, 30),
  ],
  [
    "expectedCalibrationError",
    (o) => metrics.expectedCalibrationError({ ...o, numBins: 10 }),
    CLASSES,
    (data, kind) => calibration(data, kind === "classes", 10),
  ],
  [
    "brierScore",
    (o) => metrics.brierScore(o),
    CLASSES,
    (data, kind) => brier(data, kind === "classes"),
  ],
  [
    "binaryCrossentropy",
    (o) => metrics.binaryCrossentropy(o),
    ["binary", "labels"],
    (data) => logLoss(data, false),
  ],
  [
    "sparseCategoricalCrossentropy",
    (o) => metrics.sparseCategoricalCrossentropy(o),
    ["classes"],
    (data) => logLoss(data, true),
  ],
  [
    "binaryAccuracy",
    (o) => metrics.binaryAccuracy(o),
    ["binary", "labels"],
    (data) =>
      rowMean(answered(data, 0.5), (p, t) => inRows.meanOf(p.map((v, c) => Number(v === t[c])))),
  ],
  [
    "sparseCategoricalAccuracy",
    (o) => metrics.sparseCategoricalAccuracy(o),
    ["classes"],
    (data) => rowMean(data, (p, t) => t[inRows.largest(p)]!),
  ],
  [
    "topKCategoricalAccuracy",
    (o) => metrics.topKCategoricalAccuracy({ ...o, k: 2 }),
    ["classes"],
    (data) => rowMean(data, (p, t) => Number(p.filter((v) => v > p[t.indexOf(1)]!).length < 2)),
  ],
  [
    "precisionAtRecall",
    (o) => metrics.precisionAtRecall({ ...o, recall: 0.7, numThresholds: 50 }),
    ["binary"],
    (data) => bestAt(data, ["precision", "recall"], 0.7, 50),
  ],
  [
    "recallAtPrecision",
    (o) => metrics.recallAtPrecision({ ...o, precision: 0.5 }),
    ["binary"],
    (data) => bestAt(data, ["recall", "precision"], 0.5, 200),
  ],
  [
    "sensitivityAtSpecificity",
    (o) => metrics.sensitivityAtSpecificity({ ...o, specificity: 0.8 }),
    ["binary"],
    (data) => bestAt(data, ["recall", "specificity"], 0.8, 200),
  ],
  [
    "specificityAtSensitivity",
    (o) => metrics.specificityAtSensitivity({ ...o, sensitivity: 0.8 }),
    ["binary"],
    (data) => bestAt(data, ["specificity", "recall"], 0.8, 200),
  ],
  [
    "pearsonCorrelation",
    (o) => metrics.pearsonCorrelation(o),
    AMOUNTS,
    (data) => inRows.meanOf(over(3, (c) => correlation(data, c, false))),
  ],
  [
    "concordanceCorrelation",
    (o) => metrics.concordanceCorrelation({ ...o, average: "none" }),
    AMOUNTS,
    (data) => over(3, (c) => correlation(data, c, true)),
  ],
  [
    "meanSquaredLogarithmicError",
    (o) => metrics.meanSquaredLogarithmicError(o),
    AMOUNTS,
    (data) =>
      rowMean(data, (p, t) =>
        inRows.meanOf(p.map((v, c) => (Math.log1p(v) - Math.log1p(t[c]!)) ** 2)),
      ),
  ],
  [
    "huber",
    (o) => metrics.huber({ ...o, delta: 0.5 }),
    AMOUNTS,
    (data) =>
      rowMean(data, (p, t) =>
        inRows.meanOf(
          p.map((v, c) => {
            const e = Math.abs(v - t[c]!);
            return e <= 0.5 ? e ** 2 / 2 : 0.5 * (e - 0.25);
          }),
        ),
      ),
  ],
  [
    "logCosh",
    (o) => metrics.logCosh(o),
    AMOUNTS,
    (data) =>
      rowMean(data, (p, t) => inRows.meanOf(p.map((v, c) => Math.log(Math.cosh(v - t[c]!))))),
  ],
  [
    "meanSquaredError",
    (o) => metrics.meanSquaredError(o),
    AMOUNTS,
    (data) => rowMean(data, (p, t) => inRows.meanOf(p.map((v, c) => (v - t[c]!) ** 2))),
  ],
  [
    "rootMeanSquaredError",
    (o) => metrics.rootMeanSquaredError(o),
    AMOUNTS,
    (data) => Math.sqrt(rowMean(data, (p, t) => inRows.meanOf(p.map((v, c) => (v - t[c]!) ** 2)))),
  ],
  [
    "meanAbsoluteError",
    (o) => metrics.meanAbsoluteError(o),
    AMOUNTS,
    (data) => rowMean(data, (p, t) => inRows.meanOf(p.map((v, c) => Math.abs(v - t[c]!)))),
  ],
  [
    "meanAbsolutePercentageError",
    (o) => metrics.meanAbsolutePercentageError(o),
    AMOUNTS,
    (data) =>
      rowMean(data, (p, t) =>
        inRows.meanOf(p.map((v, c) => (100 * Math.abs(v - t[c]!)) / Math.abs(t[c]!))),
      ),
  ],
  [
    "cosineSimilarity",
    (o) => metrics.cosineSimilarity(o),
    AMOUNTS,
    (data) =>
      rowMean(
        data,
        (p, t) => inRows.sumOf(p.map((v, c) => v * t[c]!)) / Math.hypot(...p) / Math.hypot(...t),
      ),
  ],
  ["r2Score", (o) => metrics.r2Score(o), AMOUNTS, (data) => r2(data, false)],
  [
    "r2Score by variance",
    (o) => metrics.r2Score({ ...o, classAggregation: "variance_weighted_average" }),
    AMOUNTS,
    (data) => r2(data, true),
  ],
];

const numbers = (value: unknown): number[] =>
  [value].flat(Number.POSITIVE_INFINITY as 1) as number[];
type Said = Readonly<Record<string, unknown>>;

describe.each(Object.keys(settings) as Kind[])("of %s", (kind) => {
  const { columns, x, y, loss, data } = settings[kind];
  const own = ours(cases.filter(([, , kinds]) => kinds.includes(kind)));
  const identity = x[0]!.map((_, i) => x[0]!.map((_, j) => Number(i === j)));
  const everyWay: Said[] = [];
  let loaded: Said;

  // All in one model, which says what it is given, and learns nothing.
  beforeAll(async () => {
    using model = sequential([dense(columns)], { inputShape: [columns] }).compile({
      optimizer: sgd({ learningRate: 0 }),
      loss,
      metrics: own.flatMap(([name, make]) => [
        make({ weighted: false, name }),
        make({ weighted: true, name: `${name}, weighted` }),
      ]),
    });
    model.setWeights([identity, x[0]!.map(() => 0)]);
    const set = { x, y, sampleWeight: data.w };
    const { history } = await model.fit(set, { epochs: 1, batchSize: 64 });
    everyWay.push(model.evaluate(set), history, model.trainOnBatch(set));
    using again = loadModel(model.save());
    loaded = again.evaluate(set);
  });

  test.each(own)("%s", (name, _make, _kinds, reference) => {
    const ways = [
      { full: name, w: data.w.map(() => 1) },
      { full: `${name}, weighted`, w: data.w },
    ];
    for (const { full, w } of ways) {
      const expected = numbers(reference({ ...data, w }, kind));
      for (const said of everyWay) expectAllclose(numbers(said[full]), expected, 1e-5);
      expect(loaded[full]).toEqual(everyWay[0]![full]);
    }
  });
});

describe("metrics of data alone", () => {
  test("are those of the model", () => {
    const { x, y, loss, columns } = settings.classes;
    const list = [
      metrics.auc(),
      metrics.f1Score({ average: "none" }),
      metrics.brierScore(),
    ] as const;
    using model = sequential([dense(columns), softmaxLayer()], {
      inputShape: [columns],
      seed: 1,
    }).compile({ optimizer: "sgd", loss, metrics: list });
    const measured = model.evaluate(x, y);
    const predicted = model.predict(x);
    expectAllclose(
      list.flatMap((one) => one.of(y as Int32Array, predicted)),
      [measured.auc, ...measured.f1Score, measured.brierScore],
      1e-6,
    );
  });
});
