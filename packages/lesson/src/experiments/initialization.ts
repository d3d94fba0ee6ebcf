import { type ActivationName, adam, type Initializer, initializers } from "ferrograd";
import { digits } from "ferrograd/datasets";
import {
  among,
  type Chart,
  cell,
  type Epochs,
  type Experiment,
  median,
  medians,
  most,
  shareBars,
  spread,
} from "../experiment.ts";
import { network } from "../network.ts";
import { probe } from "../probe.ts";

export const INITIALIZATIONS: readonly [string, Initializer][] = [
  ["zero", initializers.zeros],
  ["too small (0.01)", initializers.normal({ stddev: 0.01 })],
  ["Glorot", initializers.glorotNormal],
  ["He", initializers.heNormal],
  ["too large (1)", initializers.normal({ stddev: 1 })],
];
const NAMES: readonly ActivationName[] = ["sigmoid", "tanh", "relu", "leakyRelu"];
const WIDTHS = [64, 64, 64, 64, 64, 64, 64, 10];
const LAYERS = Array.from({ length: WIDTHS.length - 2 }, (_, i) => `layer ${i + 1}`);

const spreadOf = (activation: string): Chart => ({
  kind: "lines",
  title: `Spread of outputs before training: ${activation}`,
  x: "layer",
  across: true,
  y: LAYERS,
  series: "first weights",
  where: ["activation", activation],
  scale: "log",
});

/** The layers before training, and the accuracy after it. */
function measured(
  name: ActivationName,
  kernelInitializer: Initializer,
  seed: number,
  epochs: Epochs,
) {
  const { train, test } = digits();
  const { x, y } = train.take(256);
  const options = { widths: WIDTHS, activation: name, seed, kernelInitializer };
  const net = network({ ...options, optimizer: adam() });
  const health = probe(net, name, x, Int32Array.from(y.data));
  net.model.fitSync(train, { epochs: epochs(8) });
  const { accuracy } = net.model.evaluate(test);
  net.dispose();
  const deviations = health.map(({ deviation }) => deviation);
  const kept = deviations.at(-1)! / deviations[0]!;
  return { deviations, kept, saturated: health.at(-1)!.saturated, accuracy };
}

const SEEDS = 5;

export const initialization: Experiment = {
  id: "e",
  title: "First weights",
  claim:
    "Too small, and signals die out; too large, and units saturate; Glorot's size suits tanh, He's suits relu; with zeros no unit differs from its neighbor.",
  prediction:
    "Over six layers tanh keeps its spread with Glorot and relu with He; 0.01 loses it, 1 saturates tanh; zeros stay at chance.",
  note: "Sigmoid learns best here from the weights that are too large for the others: its slope of 0.25 at most wants larger ones. Zero weights still move the last layer's biases, so that chance is what is left.",
  question: {
    asks: "Six layers of relu from weights of size 0.01: how much of the first layer's spread reaches the sixth?",
    options: [
      "less than a hundred-thousandth",
      "a hundred-thousandth to a hundredth",
      "more than a hundredth",
    ],
    answer: (measured) => {
      const spread = (layer: string) => cell(measured, 1, ["relu", "too small (0.01)"], layer);
      return among(spread("layer 6") / spread("layer 1"), [1e-5, 1e-2]);
    },
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const groups = NAMES.flatMap((name) =>
      INITIALIZATIONS.map(([title, initializer]) => ({
        name,
        title,
        runs: seeds.map((each) => measured(name, initializer, each, epochs)),
      })),
    );
    const runs = seeds.map((_, i) => ({
      of: (name: string, title: string) =>
        groups.find((group) => group.name === name && group.title.startsWith(title))!.runs[i]!,
    }));
    return {
      tables: [
        {
          title:
            "Six hidden layers of 64, medians of five seeds; spread and saturation before training, accuracy after 8 epochs",
          columns: [
            "activation",
            "first weights",
            "spread, layer 1",
            "spread, layer 6",
            "saturated, layer 6",
            "accuracy",
            "lowest",
            "highest",
          ],
          rows: groups.map(({ name, title, runs }) => [
            name,
            title,
            median(runs.map(({ deviations }) => deviations[0]!)),
            median(runs.map(({ deviations }) => deviations.at(-1)!)),
            median(runs.map(({ saturated }) => saturated)),
            ...spread(runs.map(({ accuracy }) => accuracy)),
          ]),
          charts: [
            shareBars({
              title: "Test accuracy after 8 epochs",
              x: "activation",
              y: ["accuracy"],
              range: ["lowest", "highest"],
              series: "first weights",
            }),
          ],
        },
        {
          title: "Spread (standard deviation) of each layer's outputs before training",
          columns: ["activation", "first weights", ...LAYERS],
          rows: groups.map(({ name, title, runs }) => [
            name,
            title,
            ...medians(runs.map(({ deviations }) => deviations)),
          ]),
          charts: [spreadOf("tanh"), spreadOf("relu")],
        },
      ],
      checks: [
        most("zeros stay under 30 %", runs, ({ of }) =>
          NAMES.every((name) => of(name, "zero").accuracy < 0.3),
        ),
        most("0.01 leaves under a thousandth of the spread (tanh, relu)", runs, ({ of }) =>
          ["tanh", "relu"].every((name) => of(name, "too small").kept < 1e-3),
        ),
        most(
          "Glorot keeps a third of tanh's spread",
          runs,
          ({ of }) => of("tanh", "Glorot").kept > 1 / 3,
        ),
        most(
          "He keeps half of relu's spread, Glorot less",
          runs,
          ({ of }) =>
            of("relu", "He").kept > 0.5 && of("relu", "Glorot").kept < of("relu", "He").kept,
        ),
        most(
          "1 saturates most tanh units",
          runs,
          ({ of }) => of("tanh", "too large").saturated > 0.5,
        ),
      ],
    };
  },
};
