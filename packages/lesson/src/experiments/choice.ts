import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import { type ActivationName, adam } from "ferrograd";
import { breastCancer, digits } from "ferrograd/datasets";
import {
  among,
  type Chart,
  cell,
  type Epochs,
  type Experiment,
  most,
  spread,
} from "../experiment.ts";
import { trainedAccuracy } from "../network.ts";

const SEEDS = 5;
/** More of them for pairs: one seed differs from the next by as much as relu from sigmoid. */
const MANY_SEEDS = 9;
const DATA = [
  ["digits", digits, 64, 10],
  ["breast cancer", breastCancer, 30, 2],
] as const;

const accuracyOn = (data: string): Chart => ({
  kind: "rows",
  title: `Test accuracy on ${data}: median, lowest and highest of five seeds`,
  x: "activation",
  y: ["median"],
  range: ["lowest", "highest"],
  where: ["data", data],
  domain: [0.9, 1],
  scale: "share",
});

/** Some of their runs fail, so that a median of five may be anything; and what is linear is not compared. */
const UNSURE: readonly string[] = ["threshold", "exponential", "linear"];

const PAIRS = [
  ["digits", "relu", "sigmoid"],
  ["digits", "relu", "tanh"],
  ["breast cancer", "relu", "sigmoid"],
] as const;

function accuracyOf(data: string, name: ActivationName, seed: number, epochs: Epochs): number {
  const [, load, inputs, classes] = DATA.find(([title]) => title === data)!;
  const optimizer = adam({ learningRate: 0.003 });
  const widths = [inputs, 32, 32, classes];
  return trainedAccuracy({ widths, activation: name, optimizer, seed }, load(), epochs(20));
}

export const choice: Experiment = {
  id: "i",
  title: "Which one to choose",
  claim:
    "Use relu, with care for the learning rate; try leakyRelu and its kin; try tanh but expect less; do not use sigmoid.",
  prediction:
    "With two hidden layers at a sound rate all non-linear rows end close together, within a few points.",
  note: "Small networks on small data. A run whose numbers leave float32 stops there, as some of exponential do; threshold, which is flat up to 1, at times does not start. What separates activations is depth, rate and first weights: see c, e and g.",
  question: {
    asks: "Two hidden layers on digits: how many points of accuracy does relu gain over sigmoid from the same seed, by the median?",
    options: ["none", "up to 5 points", "more than 5 points"],
    answer: (measured) =>
      among(cell(measured, 1, ["relu over sigmoid, digits"], "median"), [1e-9, 0.05]),
  },
  seeds: MANY_SEEDS,
  run(seeds, epochs) {
    const of = (data: string, name: ActivationName) => (seed: number) =>
      accuracyOf(data, name, seed, epochs);
    const rows = DATA.flatMap(([title]) =>
      ACTIVATION_NAMES.map((name) => {
        const accuracies = seeds.slice(0, SEEDS).map(of(title, name));
        return [title, name, ...spread(accuracies)] as const;
      }),
    );
    const apart = (data: string) => {
      const medians = rows
        .filter(([title, name]) => title === data && !UNSURE.includes(name))
        .map((row) => row[2]);
      return Math.max(...medians) - Math.min(...medians);
    };
    const pairs = PAIRS.map(([data, first, second]) => ({
      name: `${first} over ${second}, ${data}`,
      differences: seeds.map((each) => of(data, first)(each) - of(data, second)(each)),
    }));
    const [overSigmoid, overTanh, onCancer] = pairs.map(({ differences }) => differences);
    return {
      tables: [
        {
          title: `Two hidden layers of 32, Adam at 0.003, 20 epochs, ${SEEDS} seeds: test accuracy`,
          columns: ["data", "activation", "median", "lowest", "highest"],
          rows,
          charts: DATA.map(([title]) => accuracyOn(title)),
        },
        {
          title: `Differences of test accuracy from the same seed, ${MANY_SEEDS} seeds`,
          columns: ["difference", "median", "lowest", "highest"],
          rows: pairs.map(({ name, differences }) => [name, ...spread(differences)]),
          charts: [
            {
              kind: "rows",
              title: "Relu's lead from the same seed: median, lowest and highest of nine seeds",
              x: "difference",
              y: ["median"],
              range: ["lowest", "highest"],
              scale: "share",
            },
          ],
        },
      ],
      checks: [
        most("relu beats sigmoid on digits", overSigmoid!, (lead) => lead > 0),
        most("relu beats tanh by a point on digits", overTanh!, (lead) => lead > 0.01),
        most("relu beats sigmoid by a point on breast cancer", onCancer!, (lead) => lead > 0.01),
        {
          says: "on digits all non-linear medians but those of threshold and exponential lie within 5 points",
          holds: apart("digits") < 0.05,
        },
        {
          says: "on breast cancer they do too",
          holds: apart("breast cancer") < 0.05,
        },
      ],
    };
  },
};
