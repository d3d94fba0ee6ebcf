import { type ActivationName, adam } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { among, cell, type Experiment } from "../experiment.ts";
import { ACTIVATION_NAMES, network } from "../network.ts";
import { probe } from "../probe.ts";

const WANTED = ["sigmoid", "tanh", "relu", "leakyRelu", "gelu"];
const NAMES: readonly ActivationName[] = ACTIVATION_NAMES.filter((name) => WANTED.includes(name));
const DEPTHS = [2, 4, 6, 8, 10];
const WIDTH = 32;
const LAYERS = Array.from({ length: DEPTHS.at(-1)! }, (_, i) => `layer ${i + 1}`);

export const depth: Experiment = {
  id: "c",
  title: "Depth",
  claim:
    "Saturating activations kill gradients on the way down; relu does not saturate on its positive side and trains deep.",
  prediction:
    "With ten hidden layers the sigmoid's gradient shrinks more than a thousandfold from last layer to first, and it stays at chance; relu's stays within a factor of 10, and it learns.",
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
  run(seed) {
    const { train, test } = digits();
    const { x, y } = train.take(256);
    const labels = Int32Array.from(y.data);
    const norms: (string | number)[][] = [];
    const rows = NAMES.flatMap((name) =>
      DEPTHS.map((layers) => {
        const widths = [64, ...Array<number>(layers).fill(WIDTH), 10];
        const net = network({ widths, activation: name, optimizer: adam(), seed });
        const health = probe(net, name, x, labels);
        const gradients = health.map(({ gradientNorm }) => gradientNorm);
        if (layers === DEPTHS.at(-1)) norms.push([name, ...gradients]);
        net.model.fitSync(train, { epochs: 15 });
        const { accuracy } = net.model.evaluate(test);
        const saturated = Math.max(...probe(net, name, x, labels).map((h) => h.saturated));
        net.dispose();
        return [name, layers, gradients.at(-1)! / gradients[0]!, saturated, accuracy] as const;
      }),
    );
    const deep = (wanted: string) => rows.find(([name, n]) => name === wanted && n === 10)!;
    const [sigmoid, tanh, relu] = ["sigmoid", "tanh", "relu"].map(deep);
    return {
      tables: [
        {
          title: "By hidden layers; gradient: last layer's norm over the first's, before training",
          columns: [
            "activation",
            "layers",
            "gradient last/first",
            "saturated, worst layer",
            "accuracy",
          ],
          rows,
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
          rows: norms,
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
        {
          says: "sigmoid's gradient falls more than 1,000 times over ten layers",
          holds: sigmoid![2] > 1000,
        },
        { says: "relu's stays within a factor of 10", holds: relu![2] < 10 && relu![2] > 0.1 },
        { says: "ten sigmoid layers stay at chance", holds: sigmoid![4] < 0.2 },
        { says: "ten relu layers pass 90 %", holds: relu![4] > 0.9 },
        { says: "ten tanh layers fall behind relu", holds: tanh![4] < relu![4] },
      ],
    };
  },
};
