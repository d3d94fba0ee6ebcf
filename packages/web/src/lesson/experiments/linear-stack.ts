import { type ActivationName, adam, collapse } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { spirals, xor } from "../../worker/toys.ts";
import { among, cell, type Experiment } from "../experiment.ts";
import { network } from "../network.ts";

const STACKS: readonly [string, readonly number[], ActivationName][] = [
  ["one linear layer", [], "linear"],
  ["three linear layers", [32, 32], "linear"],
  ["three layers with tanh", [32, 32], "tanh"],
];

/** Share of the radius by which points are moved, or the test spirals would be those of training. */
const NOISE = 0.02;

function datasets(seed: number) {
  const toy = (make: typeof xor) => ({
    train: make({ rows: 400, noise: NOISE, seed }),
    test: make({ rows: 400, noise: NOISE, seed: seed + 1 }),
  });
  return [
    { name: "xor", data: toy(xor), epochs: 40, batchSize: 32 },
    { name: "two spirals", data: toy(spirals), epochs: 500, batchSize: 64 },
    { name: "digits", data: digits(), epochs: 30, batchSize: 32 },
  ];
}

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
      const at = (column: string) => cell(measured, 0, ["two spirals"], column);
      return among(at("three linear layers") - at("one linear layer"), [0.1, 0.3]);
    },
  },
  run(seed) {
    let difference = 0;
    const rows = datasets(seed).map(({ name, data, epochs, batchSize }) => {
      const [inputs, classes] = [data.train.x.shape[1]!, data.train.classNames!.length];
      const accuracies = STACKS.map(([, hidden, activation]) => {
        const widths = [inputs, ...hidden, classes];
        const optimizer = adam({ learningRate: 0.01 });
        const net = network({ widths, activation, optimizer, seed });
        net.model.fitSync(data.train, { epochs, batchSize });
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
      return [name, ...accuracies] as const;
    });
    const [x, s, d] = rows.map(([, ...accuracies]) => accuracies) as [number[], number[], number[]];
    const linear = Math.max(...[x, s].flatMap(([one, deep]) => [one!, deep!]));
    return {
      tables: [
        {
          title: "Test accuracy",
          columns: ["data", ...STACKS.map(([name]) => name)],
          rows,
          charts: [
            {
              kind: "bars",
              title: "Test accuracy",
              x: "data",
              y: STACKS.map(([name]) => name),
              scale: "share",
              domain: [0, 1],
            },
          ],
        },
        {
          title: "Collapsed model",
          columns: ["largest difference of outputs"],
          rows: [[difference]],
        },
      ],
      checks: [
        { says: "linear layers, one or three, stay under 65 % on the toys", holds: linear < 0.65 },
        { says: "tanh reaches 95 % on both", holds: Math.min(x[2]!, s[2]!) > 0.95 },
        { says: "on digits the difference is under 8 points", holds: d[2]! - d[1]! < 0.08 },
        { says: "the collapsed models give equal outputs, to 1e-5", holds: difference <= 1e-5 },
      ],
    };
  },
};
