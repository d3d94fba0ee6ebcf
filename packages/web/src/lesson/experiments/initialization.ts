import { type ActivationName, adam, type Initializer, initializers } from "ferrograd";
import { digits } from "ferrograd/datasets";
import type { Experiment } from "../experiment.ts";
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

export const initialization: Experiment = {
  id: "e",
  title: "First weights",
  claim:
    "Too small, and signals die out; too large, and units saturate; Glorot's size suits tanh, He's suits relu; with zeros no unit differs from its neighbour.",
  prediction:
    "Over six layers tanh keeps its spread with Glorot and relu with He; 0.01 loses it, 1 saturates tanh; zeros stay at chance.",
  run(seed) {
    const { train, test } = digits();
    const { x, y } = train.take(256);
    const rows = NAMES.flatMap((name) =>
      INITIALIZATIONS.map(([title, kernelInitializer]) => {
        const options = { widths: WIDTHS, activation: name, seed, kernelInitializer };
        const net = network({ ...options, optimizer: adam() });
        const health = probe(net, name, x, Int32Array.from(y.data));
        const [first, last] = [health[0]!, health.at(-1)!];
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
