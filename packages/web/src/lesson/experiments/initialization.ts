import { type ActivationName, adam, type Initializer, initializers } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { among, type Chart, cell, type Experiment } from "../experiment.ts";
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
  run(seed) {
    const spreads: (string | number)[][] = [];
    const { train, test } = digits();
    const { x, y } = train.take(256);
    const rows = NAMES.flatMap((name) =>
      INITIALIZATIONS.map(([title, kernelInitializer]) => {
        const options = { widths: WIDTHS, activation: name, seed, kernelInitializer };
        const net = network({ ...options, optimizer: adam() });
        const health = probe(net, name, x, Int32Array.from(y.data));
        const [first, last] = [health[0]!, health.at(-1)!];
        spreads.push([name, title, ...health.map(({ deviation }) => deviation)]);
        net.model.fitSync(train, { epochs: 8 });
        const { accuracy } = net.model.evaluate(test);
        net.dispose();
        return [name, title, first.deviation, last.deviation, last.saturated, accuracy] as const;
      }),
    );
    const at = (name: string, title: string) =>
      rows.find((row) => row[0] === name && row[1].startsWith(title))!;
    const kept = (row: (typeof rows)[number]) => row[3] / row[2];
    const zeros = rows.filter(([, title]) => title === "zero");
    return {
      tables: [
        {
          title:
            "Six hidden layers of 64; spread and saturation before training, accuracy after 8 epochs",
          columns: [
            "activation",
            "first weights",
            "spread, layer 1",
            "spread, layer 6",
            "saturated, layer 6",
            "accuracy",
          ],
          rows,
          charts: [
            {
              kind: "bars",
              title: "Test accuracy after 8 epochs",
              x: "activation",
              y: ["accuracy"],
              series: "first weights",
              scale: "share",
              domain: [0, 1],
            },
          ],
        },
        {
          title: "Spread (standard deviation) of each layer's outputs before training",
          columns: ["activation", "first weights", ...LAYERS],
          rows: spreads,
          charts: [spreadOf("tanh"), spreadOf("relu")],
        },
      ],
      checks: [
        { says: "zeros stay under 20 %", holds: zeros.every((row) => row[5] < 0.2) },
        {
          says: "0.01 leaves under a thousandth of the spread (tanh, relu)",
          holds: Math.max(kept(at("tanh", "too small")), kept(at("relu", "too small"))) < 1e-3,
        },
        { says: "Glorot keeps half of tanh's spread", holds: kept(at("tanh", "Glorot")) > 0.5 },
        {
          says: "He keeps half of relu's spread, Glorot less",
          holds:
            kept(at("relu", "He")) > 0.5 && kept(at("relu", "Glorot")) < kept(at("relu", "He")),
        },
        { says: "1 saturates most tanh units", holds: at("tanh", "too large")[4] > 0.5 },
      ],
    };
  },
};
