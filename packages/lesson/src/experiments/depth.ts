import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import { type ActivationName, adam } from "ferrograd";
import { digits } from "ferrograd/datasets";
import {
  among,
  cell,
  type Epochs,
  type Experiment,
  median,
  medians,
  most,
  spread,
} from "../experiment.ts";
import { network } from "../network.ts";
import { probe } from "../probe.ts";

const WANTED = ["sigmoid", "tanh", "relu", "leakyRelu", "gelu"];
const NAMES: readonly ActivationName[] = ACTIVATION_NAMES.filter((name) => WANTED.includes(name));
const DEPTHS = [2, 4, 6, 8, 10];
const WIDTH = 32;
const LAYERS = Array.from({ length: DEPTHS.at(-1)! }, (_, i) => `layer ${i + 1}`);

/** Gradients before training, saturation and accuracy after it. */
function measured(name: ActivationName, layers: number, seed: number, epochs: Epochs) {
  const { train, test } = digits();
  const { x, y } = train.take(256);
  const labels = Int32Array.from(y.data);
  const widths = [64, ...Array<number>(layers).fill(WIDTH), 10];
  const net = network({ widths, activation: name, optimizer: adam(), seed });
  const norms = probe(net, name, x, labels).map(({ gradientNorm }) => gradientNorm);
  net.model.fitSync(train, { epochs: epochs(15) });
  const { accuracy } = net.model.evaluate(test);
  const saturated = Math.max(...probe(net, name, x, labels).map((h) => h.saturated));
  net.dispose();
  return { norms, falls: norms.at(-1)! / norms[0]!, saturated, accuracy };
}

const SEEDS = 5;

export const depth: Experiment = {
  id: "c",
  title: "Depth",
  claim:
    "Saturating activations kill gradients on the way down; relu does not saturate on its positive side and trains deep.",
  prediction:
    "With ten hidden layers the sigmoid's gradient shrinks more than a thousandfold from last layer to first, and it stays near chance; relu's stays within a factor of 10, and it learns.",
  note: "Saturation is not what stops the sigmoid here: hardly a unit is beyond 5. Its slope is 0.25 at most, and ten factors of a quarter are a millionth. Tanh, whose slope is 1 in the middle, keeps its gradient with Glorot's first weights.",
  question: {
    asks: "Ten hidden layers of sigmoid: how many times smaller is the gradient of the first layer's weights than that of the last's?",
    options: [
      "less than 10 times",
      "10 to 1,000 times",
      "1,000 to 100,000 times",
      "more than that",
    ],
    answer: (measured) =>
      among(cell(measured, 0, ["sigmoid", 10], "gradient last/first"), [10, 1000, 100_000]),
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const groups = NAMES.flatMap((name) =>
      DEPTHS.map((layers) => ({
        name,
        layers,
        runs: seeds.map((each) => measured(name, layers, each, epochs)),
      })),
    );
    const deepest = groups.filter(({ layers }) => layers === DEPTHS.at(-1));
    const runs = seeds.map((_, i) => {
      const of = (wanted: string) => deepest.find(({ name }) => name === wanted)!.runs[i]!;
      return { sigmoid: of("sigmoid"), tanh: of("tanh"), relu: of("relu") };
    });
    return {
      tables: [
        {
          title:
            "By hidden layers, medians of five seeds; gradient: last layer's norm over the first's, before training",
          columns: [
            "activation",
            "layers",
            "gradient last/first",
            "saturated, worst layer",
            "accuracy",
            "lowest",
            "highest",
          ],
          rows: groups.map(({ name, layers, runs }) => [
            name,
            layers,
            median(runs.map(({ falls }) => falls)),
            median(runs.map(({ saturated }) => saturated)),
            ...spread(runs.map(({ accuracy }) => accuracy)),
          ]),
          charts: [
            {
              kind: "lines",
              title: "Test accuracy after 15 epochs",
              x: "layers",
              y: ["accuracy"],
              series: "activation",
              scale: "share",
              domain: [0, 1],
            },
            {
              kind: "lines",
              title: "Share of saturated outputs, worst layer, after training",
              x: "layers",
              y: ["saturated, worst layer"],
              series: "activation",
              scale: "share",
            },
          ],
        },
        {
          title: "Norm of the weights' gradient in ten layers, before training",
          columns: ["activation", ...LAYERS],
          rows: deepest.map(({ name, runs }) => [name, ...medians(runs.map(({ norms }) => norms))]),
          charts: [
            {
              kind: "lines",
              title: "Norm of the weights' gradient before training",
              x: "layer",
              across: true,
              y: LAYERS,
              series: "activation",
              scale: "log",
            },
          ],
        },
      ],
      checks: [
        most(
          "sigmoid's gradient falls more than 1,000 times over ten layers",
          runs,
          ({ sigmoid }) => sigmoid.falls > 1000,
        ),
        most(
          "relu's stays within a factor of 10",
          runs,
          ({ relu }) => relu.falls < 10 && relu.falls > 0.1,
        ),
        most("ten sigmoid layers stay under 30 %", runs, ({ sigmoid }) => sigmoid.accuracy < 0.3),
        most("ten relu layers pass 85 %", runs, ({ relu }) => relu.accuracy > 0.85),
        most(
          "ten tanh layers fall 5 points behind relu",
          runs,
          ({ tanh, relu }) => tanh.accuracy < relu.accuracy - 0.05,
        ),
      ],
    };
  },
};
