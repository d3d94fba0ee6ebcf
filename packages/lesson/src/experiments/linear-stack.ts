import { spirals, xor } from "@ferrograd/shared/toys.ts";
import { type ActivationName, adam, collapse } from "ferrograd";
import { digits } from "ferrograd/datasets";
import {
  among,
  cell,
  type Epochs,
  type Experiment,
  most,
  shareBars,
  spread,
} from "../experiment.ts";
import { network } from "../network.ts";

const STACKS: readonly [string, readonly number[], ActivationName][] = [
  ["one linear layer", [], "linear"],
  ["three linear layers", [32, 32], "linear"],
  ["three layers with tanh", [32, 32], "tanh"],
];

/** Share of the radius by which points are moved, or the test spirals would be those of training. */
const NOISE = 0.02;

/** Xor, two spirals and digits. */
function datasets(seed: number) {
  const toy = (make: typeof xor) => ({
    train: make({ rows: 400, noise: NOISE, seed }),
    test: make({ rows: 400, noise: NOISE, seed: seed + 1 }),
  });
  return [
    { data: toy(xor), epochs: 40, batchSize: 32 },
    { data: toy(spirals), epochs: 500, batchSize: 64 },
    { data: digits(), epochs: 30, batchSize: 32 },
  ];
}

/** Accuracy of each stack on each data set, and the largest difference of a collapsed model's outputs. */
function measured(seed: number, given: Epochs) {
  let difference = 0;
  const accuracies = datasets(seed).map(({ data, epochs, batchSize }) => {
    const [inputs, classes] = [data.train.x.shape[1]!, data.train.classNames!.length];
    return STACKS.map(([, hidden, activation]) => {
      const widths = [inputs, ...hidden, classes];
      const optimizer = adam({ learningRate: 0.01 });
      const net = network({ widths, activation, optimizer, seed });
      net.model.fitSync(data.train, { epochs: given(epochs), batchSize });
      const { accuracy } = net.model.evaluate(data.test);
      const smaller = collapse(net.model);
      const [one, all] = [smaller, net.model].map((m) => m.predict(data.test.x).data());
      one!.forEach((v, i) => {
        const error = Math.abs(v - all![i]!) / Math.max(1, Math.abs(all![i]!));
        difference = Math.max(difference, error);
      });
      smaller.dispose();
      net.dispose();
      return accuracy;
    });
  });
  const [xor, spirals, digits] = accuracies as [number[], number[], number[]];
  return { accuracies, xor, spirals, digits, difference };
}

const SEEDS = 5;

export const linearStack: Experiment = {
  id: "a",
  title: "Linear layers collapse",
  claim: "Without a non-linearity between them, W3·W2·W1 is one matrix: depth adds nothing.",
  prediction:
    "On xor and two spirals three linear layers are no better than one, and tanh solves both. Digits are nearly linear: there the difference is small.",
  note: "Three linear layers hold more numbers and take other paths while training, so their accuracy is near that of one layer, not equal to it.",
  question: {
    asks: "Two spirals: three linear layers against one. How much more accurate are the three?",
    options: ["hardly, if at all", "clearly: 10 to 30 points", "by more than 30 points"],
    answer: (measured) => {
      const of = (network: string) => cell(measured, 0, ["two spirals", network], "median");
      return among(of("three linear layers") - of("one linear layer"), [0.1, 0.3]);
    },
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const runs = seeds.map((each) => measured(each, epochs));
    const rows = ["xor", "two spirals", "digits"].flatMap((data, d) =>
      STACKS.map(([name], i) => [
        data,
        name,
        ...spread(runs.map(({ accuracies }) => accuracies[d]![i]!)),
      ]),
    );
    return {
      tables: [
        {
          title: "Test accuracy over five seeds",
          columns: ["data", "network", "median", "lowest", "highest"],
          rows,
          charts: [
            shareBars({
              title: "Test accuracy: median, with the range over seeds",
              x: "data",
              y: ["median"],
              range: ["lowest", "highest"],
              series: "network",
            }),
          ],
        },
        {
          title: "Collapsed model",
          columns: ["largest difference of outputs"],
          rows: [[Math.max(...runs.map(({ difference }) => difference))]],
        },
      ],
      checks: [
        most(
          "linear layers, one or three, stay under 70 % on the toys",
          runs,
          ({ xor, spirals }) => Math.max(xor[0]!, xor[1]!, spirals[0]!, spirals[1]!) < 0.7,
        ),
        most(
          "tanh reaches 90 % on both",
          runs,
          ({ xor, spirals }) => Math.min(xor[2]!, spirals[2]!) > 0.9,
        ),
        most(
          "on digits the difference is under 8 points",
          runs,
          ({ digits: [, deep, tanh] }) => tanh! - deep! < 0.08,
        ),
        most(
          "the collapsed models give equal outputs, to 1e-4",
          runs,
          ({ difference }) => difference <= 1e-4,
        ),
      ],
    };
  },
};
