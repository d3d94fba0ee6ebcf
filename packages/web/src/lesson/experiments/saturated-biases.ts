import { type ActivationName, type Initializer, initializers, sgd, tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import type { Experiment } from "../experiment.ts";
import { network } from "../network.ts";
import { probe } from "../probe.ts";

/** +8, -8, +8, ... */
const far: Initializer = ([units = 0]) =>
  tensor(Float32Array.from({ length: units }, (_, i) => (i % 2 === 0 ? 8 : -8)));

const CASES: readonly [string, ActivationName, Initializer][] = [
  ["sigmoid, biases ±8", "sigmoid", far],
  ["sigmoid, biases 0", "sigmoid", initializers.zeros],
  ["tanh, biases ±8", "tanh", far],
  ["tanh, biases 0", "tanh", initializers.zeros],
];

export const saturatedBiases: Experiment = {
  id: "d",
  title: "Saturated units stand still",
  claim:
    "On a flat end the local gradient is almost zero, so no gradient reaches the weights below.",
  prediction:
    "With biases of ±8 the first layer's weights move less than a tenth as far as with biases of 0; biases of 0 are the cure.",
  note: "Not zero: a sigmoid's slope at 8 is 0.0003, a tanh's 0.0000005; given time enough the sigmoid does move.",
  run(seed) {
    const { train, test } = digits();
    const { x, y } = train.take(256);
    const rows = CASES.map(([title, name, biasInitializer]) => {
      const optimizer = sgd({ learningRate: 0.1 });
      const net = network({
        widths: [64, 32, 10],
        activation: name,
        optimizer,
        seed,
        biasInitializer,
      });
      const [layer] = probe(net, name, x, Int32Array.from(y.data));
      const before = net.model.getWeights()[0]!;
      net.model.fitSync(train, { epochs: 10 });
      const after = net.model.getWeights()[0]!;
      const moved = Math.sqrt(
        after.reduce((sum, v, i) => sum + (v - before[i]!) * (v - before[i]!), 0),
      );
      const { accuracy } = net.model.evaluate(test);
      net.dispose();
      return [title, layer!.saturated, layer!.gradientNorm, moved, accuracy] as const;
    });
    const [sFar, s0, tFar, t0] = rows.map(([, , , moved]) => moved) as [
      number,
      number,
      number,
      number,
    ];
    const [aFar, a0, bFar, b0] = rows.map((row) => row[4]) as [number, number, number, number];
    return {
      tables: [
        {
          title: "First layer of 32 units, SGD at 0.1 for 450 steps",
          columns: [
            "network",
            "saturated at first",
            "gradient norm at first",
            "weights moved",
            "accuracy",
          ],
          rows,
        },
      ],
      checks: [
        { says: "saturated sigmoid weights move less than a tenth as far", holds: sFar < s0 / 10 },
        { says: "saturated tanh weights move less than a tenth as far", holds: tFar < t0 / 10 },
        { says: "biases of 0 give more accuracy in both", holds: a0 > aFar && b0 > bFar },
      ],
    };
  },
};
