import { adam } from "ferrograd";
import { breastCancer, digits } from "ferrograd/datasets";
import { among, type Chart, type Experiment, median } from "../experiment.ts";
import { ACTIVATION_NAMES, trainedAccuracy } from "../network.ts";

const SEEDS = 5;
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

export const choice: Experiment = {
  id: "i",
  title: "Which one to choose",
  claim:
    "Use relu, with care for the learning rate; try leakyRelu and its kin; try tanh but expect less; do not use sigmoid.",
  prediction:
    "With two hidden layers at a sound rate all non-linear rows end close together: differences are of the size of the spread over seeds.",
  note: "Small networks on small data. A run whose numbers leave float32 stops there, as some of exponential do. What separates activations is depth, rate and first weights: see c, e and g.",
  question: {
    asks: "Two hidden layers on digits: how far apart are the best and the worst of the 26 non-linear activations, by their medians?",
    options: ["less than 2 points", "2 to 5 points", "more than 5 points"],
    answer: ({ tables }) => {
      const medians = tables[0]!.rows
        .filter(([data, name]) => data === "digits" && name !== "linear")
        .map((row) => row[2] as number);
      return among(Math.max(...medians) - Math.min(...medians), [0.02, 0.05]);
    },
  },
  run(seed) {
    const rows = DATA.flatMap(([title, load, inputs, classes]) =>
      ACTIVATION_NAMES.map((name) => {
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
      median(rows.filter((row) => row[0] === data).map((row) => row[4] - row[3]));
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
          charts: DATA.map(([title]) => accuracyOn(title)),
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
          says: `on ${title} all medians lie within the typical spread over seeds`,
          holds: close(title),
        })),
      ],
    };
  },
};
