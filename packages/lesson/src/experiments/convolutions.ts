import { digits } from "ferrograd/datasets";
import { type ConvolutionalOptions, convolutional, darkFilters } from "../convolutional.ts";
import {
  among,
  cell,
  type Epochs,
  type Experiment,
  median,
  most,
  shareBars,
  spread,
} from "../experiment.ts";

type Kind = Pick<ConvolutionalOptions, "activation" | "batchNormalization">;
const RELU = "relu";
const NORMALIZED = "relu, normalized";
const KINDS: readonly [string, Kind][] = [
  [RELU, { activation: "relu", batchNormalization: false }],
  [NORMALIZED, { activation: "relu", batchNormalization: true }],
  ["leakyRelu", { activation: "leakyRelu", batchNormalization: false }],
];
const RATES = [0.001, 0.03, 0.1];
const FILTERS = [16, 16, 16];
const DEPTHS = [2, 8, 16];
const DEEP_FILTERS = 8;
const DEEP_RATE = 0.01;
const ROWS = 256;
const EPOCHS = 5;
const BATCH = 32;
const SEEDS = 5;

/** What a net has come to after five epochs on 256 digits. */
function measured(options: ConvolutionalOptions, epochs: Epochs) {
  const { train, test } = digits();
  const rows = train.take(ROWS);
  const net = convolutional(options);
  const { history } = net.model.fitSync(rows, { epochs: epochs(EPOCHS), batchSize: BATCH });
  const { accuracy } = net.model.evaluate(test);
  // A leakyRelu has a slope on either side.
  const dark = options.activation === "relu" ? darkFilters(net, rows) : 0;
  net.dispose();
  const filters = options.filters.reduce((sum, count) => sum + count);
  return { loss: history.loss.at(-1)!, accuracy, dead: dark / filters };
}

/** Its runs from each seed. */
function group(
  kind: Kind,
  filters: number[],
  learningRate: number,
  seeds: readonly number[],
  epochs: Epochs,
) {
  return seeds.map((seed) => measured({ ...kind, filters, learningRate, seed }, epochs));
}

export const convolutions: Experiment = {
  id: "j",
  title: "Convolutions",
  claim:
    "In a convolutional net, too, relu filters die at a high rate; batch normalization improves the flow of gradients through deep nets and allows higher rates.",
  prediction:
    "With Adam at 0.03 some relu filters are dead after training and none with batch normalization, at 0.1 over a quarter, and the net with batch normalization is more accurate; sixteen convolutions learn with it and lag far behind without it.",
  note: "Dead: the slope is 0 at every pixel of all 256 rows, with batch normalization by the statistics that the net predicts with. Normalization moves what a filter gives to around 0 in each batch, so that large steps of its kernel cannot push it off the data; steps of its scale and offset can, and do at 0.1. Two convolutions learn without it as well. Loss is that of the training rows, in five epochs: with more of them sixteen learn without normalization too, but later.",
  question: {
    asks: "Sixteen convolutions with relu, five epochs: how many times as large is the loss without batch normalization as with it?",
    options: ["about the same", "1.5 to 2 times", "over twice as large"],
    answer: (measured) => {
      const loss = (kind: string) => cell(measured, 1, [kind, DEPTHS.at(-1)!], "loss");
      return among(loss(RELU) / loss(NORMALIZED), [1.5, 2]);
    },
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const byRate = RATES.flatMap((rate) =>
      KINDS.map(([name, kind]) => ({
        rate,
        name,
        runs: group(kind, FILTERS, rate, seeds, epochs),
      })),
    );
    const byDepth = KINDS.filter(([, { activation }]) => activation === "relu").flatMap(
      ([name, kind]) =>
        DEPTHS.map((layers) => {
          const filters = Array<number>(layers).fill(DEEP_FILTERS);
          return { name, layers, runs: group(kind, filters, DEEP_RATE, seeds, epochs) };
        }),
    );
    const runs = seeds.map((_, i) => ({
      at: (rate: number, name: string) =>
        byRate.find((one) => one.rate === rate && one.name === name)!.runs[i]!,
      loss: (layers: number, name: string) =>
        byDepth.find((one) => one.layers === layers && one.name === name)!.runs[i]!.loss,
    }));
    const deepest = DEPTHS.at(-1)!;
    return {
      tables: [
        {
          title:
            "Three convolutions of 16 filters, Adam, 5 epochs on 256 digits, five seeds: medians, and range of accuracy",
          columns: ["rate", "network", "dead filters", "accuracy", "lowest", "highest"],
          rows: byRate.map(({ rate, name, runs }) => [
            rate,
            name,
            median(runs.map(({ dead }) => dead)),
            ...spread(runs.map(({ accuracy }) => accuracy)),
          ]),
          charts: [
            shareBars({
              title: "Dead filters after training",
              x: "rate",
              y: ["dead filters"],
              series: "network",
            }),
            shareBars({
              title: "Test accuracy, with the range over seeds",
              x: "rate",
              y: ["accuracy"],
              range: ["lowest", "highest"],
              series: "network",
            }),
          ],
        },
        {
          title:
            "By convolutions of 8 filters, Adam at 0.01, 5 epochs on 256 digits, five seeds: medians, and range of the loss",
          columns: ["network", "layers", "loss", "lowest", "highest", "accuracy"],
          rows: byDepth.map(({ name, layers, runs }) => [
            name,
            layers,
            ...spread(runs.map(({ loss }) => loss)),
            median(runs.map(({ accuracy }) => accuracy)),
          ]),
          charts: [
            {
              kind: "lines",
              title: "Training loss after 5 epochs",
              x: "layers",
              y: ["loss"],
              series: "network",
            },
          ],
        },
      ],
      checks: [
        most(
          "at 0.03 over 5 % of the relu filters are dead, at 0.1 over a quarter",
          runs,
          ({ at }) => at(0.03, RELU).dead > 0.05 && at(0.1, RELU).dead > 0.25,
        ),
        most(
          "at 0.001 under 5 % are, and at 0.03 with batch normalization",
          runs,
          ({ at }) => at(0.001, RELU).dead < 0.05 && at(0.03, NORMALIZED).dead < 0.05,
        ),
        most(
          "at 0.1 batch normalization is worth 5 points of accuracy",
          runs,
          ({ at }) => at(0.1, NORMALIZED).accuracy > at(0.1, RELU).accuracy + 0.05,
        ),
        most(
          "two convolutions end under a loss of 0.6, with batch normalization or without",
          runs,
          ({ loss }) => [RELU, NORMALIZED].every((name) => loss(2, name) < 0.6),
        ),
        most(
          "without it sixteen lose more than 1.5 times as much as with it",
          runs,
          ({ loss }) => loss(deepest, RELU) > 1.5 * loss(deepest, NORMALIZED),
        ),
        most(
          "without it sixteen lose more than two",
          runs,
          ({ loss }) => loss(deepest, RELU) > loss(2, RELU),
        ),
      ],
    };
  },
};
