import { mul, sgd, sigmoid, sub, type Tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { descend } from "../contour.ts";
import { type Experiment, median } from "../experiment.ts";
import { network } from "../network.ts";

const BATCHES = [1, 2, 4, 8, 16, 32];
const RATES = [0.5, 2, 8, 32, 128];
const LIMIT = { steps: 400, until: 0.4 };

/** Steps to the loss and share of equal signs: medians of three seeds. */
function measured(centered: boolean, batchSize: number, rate: number, seed: number) {
  const runs = [0, 1, 2].map((i) =>
    descend({ ...LIMIT, rate, batchSize, centered, seed: seed + i }),
  );
  return {
    rate,
    steps: median(runs.map(({ reached }) => reached ?? LIMIT.steps)),
    equal: median(runs.map(({ equalSigns }) => equalSigns)),
  };
}

const centeredSigmoid = (x: Tensor) => sub(mul(2, sigmoid(x)), 1);

/** Training loss after each of ten epochs with 32 hidden units. */
function losses(f: "sigmoid" | typeof centeredSigmoid, rate: number, seed: number) {
  const optimizer = sgd({ learningRate: rate });
  const net = network({ widths: [64, 32, 10], activation: f, optimizer, seed });
  const { history } = net.model.fitSync(digits().train, { epochs: 10 });
  net.dispose();
  return history.loss;
}

export const zigZag: Experiment = {
  id: "f",
  title: "Zig-zag",
  claim:
    "When all inputs of a unit are positive, all its weight gradients have one sign, so that weights move in zig-zag; zero-centered data train faster.",
  prediction:
    "For single rows the share of equal signs is 1 and falls as the batch grows; centered inputs need fewer steps to the same loss. With 2·sigmoid - 1 in place of sigmoid, a network learns faster too.",
  note: "The argument holds per unit and per row; over a batch the signs mix. At one small rate both go at the speed of the slowest direction; what zig-zag costs is the larger rate, so that the best of five is shown too. And 2·sigmoid - 1 is steeper as well as centered, so that it is compared at a rate four times smaller too.",
  run(seed) {
    const rows = BATCHES.flatMap((batchSize) =>
      [false, true].map((centered) => {
        const [first, ...others] = RATES.map((rate) => measured(centered, batchSize, rate, seed));
        const best = others.reduce((a, b) => (b.steps < a.steps ? b : a), first!);
        const inputs = centered ? "centered" : "all positive";
        return [batchSize, inputs, first!.equal, first!.steps, best.steps, best.rate] as const;
      }),
    );
    const positive = rows.filter((row) => row[1] === "all positive");
    const centered = rows.filter((row) => row[1] === "centered");
    const curves = [
      ["sigmoid, rate 0.1", losses("sigmoid", 0.1, seed)],
      ["2·sigmoid - 1, rate 0.1", losses(centeredSigmoid, 0.1, seed)],
      ["2·sigmoid - 1, rate 0.025", losses(centeredSigmoid, 0.025, seed)],
    ] as const;
    const [plain, both, slow] = curves.map(([, curve]) => curve.at(-1)!) as [
      number,
      number,
      number,
    ];
    return {
      tables: [
        {
          title: `Two weights, logistic loss, medians of three seeds: steps to a loss of ${LIMIT.until}, at most ${LIMIT.steps}`,
          columns: [
            "batch",
            "inputs",
            "equal signs",
            `steps at rate ${RATES[0]}`,
            "steps at best rate",
            "best rate",
          ],
          rows,
        },
        {
          title: "Digits, 32 hidden units: training loss of each epoch",
          columns: ["network", ...Array.from({ length: 10 }, (_, i) => `epoch ${i + 1}`)],
          rows: curves.map(([name, curve]) => [name, ...curve]),
        },
      ],
      checks: [
        {
          says: "with positive inputs, single rows give equal signs always",
          holds: positive[0]![2] === 1,
        },
        {
          says: "the share falls as the batch grows",
          holds: positive.at(-1)![2] < positive[0]![2],
        },
        {
          says: `centered inputs need fewer steps at every batch size, at rate ${RATES[0]}`,
          holds: centered.every((row, i) => row[3] < positive[i]![3]),
        },
        {
          says: "and with the best rate for each",
          holds: centered.every((row, i) => row[4] < positive[i]![4]),
        },
        { says: "2·sigmoid - 1 learns faster at the same rate", holds: both < plain },
        { says: "and at a quarter of the rate", holds: slow < plain },
      ],
    };
  },
};
