import { adam } from "ferrograd";
import { breastCancer, digits } from "ferrograd/datasets";
import { type Experiment, median } from "../experiment.ts";
import { ACTIVATION_NAMES, trainedAccuracy } from "../network.ts";

const WANTED = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "elu",
  "selu",
  "gelu",
  "silu",
  "mish",
];
const NAMES = ACTIVATION_NAMES.filter((name) => WANTED.includes(name));

const SEEDS = 5;
const DATA = [
  ["digits", digits, 64, 10],
  ["breast cancer", breastCancer, 30, 2],
] as const;

export const choice: Experiment = {
  id: "i",
  title: "Which one to choose",
  claim:
    "Use relu, with care for the learning rate; try leakyRelu and its kin; try tanh but expect less; do not use sigmoid.",
  prediction:
    "With two hidden layers at a sound rate all non-linear rows end close together: differences are of the size of the spread over seeds.",
  note: "Small networks on small data. What separates activations is depth, rate and first weights: see c, e and g.",
  run(seed) {
    const rows = DATA.flatMap(([title, load, inputs, classes]) =>
      NAMES.map((name) => {
        const accuracies = Array.from({ length: SEEDS }, (_, i) =>
          trainedAccuracy(
            {
              widths: [inputs, 32, 32, classes],
              activation: name,
              optimizer: adam({ learningRate: 0.003 }),
              seed: seed + i,
            },
            load(),
            20,
          ),
        );
        return [
          title,
          name,
          median(accuracies),
          Math.min(...accuracies),
          Math.max(...accuracies),
        ] as const;
      }),
    );
    const on = (data: string, name: string) =>
      rows.find((row) => row[0] === data && row[1] === name)!;
    const spread = (data: string) =>
      Math.max(...rows.filter((row) => row[0] === data).map((row) => row[4] - row[3]));
    const better = (data: string, a: string, b: string) => on(data, a)[2] > on(data, b)[2];
    const close = (data: string) => {
      const medians = rows
        .filter((row) => row[0] === data && row[1] !== "linear")
        .map((row) => row[2]);
      return Math.max(...medians) - Math.min(...medians) <= spread(data);
    };
    return {
      tables: [
        {
          title: `Two hidden layers of 32, Adam at 0.003, 20 epochs, ${SEEDS} seeds: test accuracy`,
          columns: ["data", "activation", "median", "lowest", "highest"],
          rows,
        },
      ],
      checks: [
        { says: "relu beats sigmoid on digits", holds: better("digits", "relu", "sigmoid") },
        { says: "relu beats tanh on digits", holds: better("digits", "relu", "tanh") },
        {
          says: "relu beats sigmoid on breast cancer",
          holds: better("breast cancer", "relu", "sigmoid"),
        },
        ...DATA.map(([title]) => ({
          says: `on ${title} the rows lie within the spread over seeds`,
          holds: close(title),
        })),
      ],
    };
  },
};
