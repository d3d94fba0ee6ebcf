import { mul, sgd, sigmoid, sub, type Tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { descend, lowest } from "../contour.ts";
import { among, cell, type Experiment, median } from "../experiment.ts";
import { network } from "../network.ts";

const BATCHES = [1, 2, 4, 8, 16, 32];
const RATES = [0.5, 2, 8, 32];
const STEPS = 400;
/** Reached: a loss within 5 % of the least. */
const NEAR = 1.05;
const SEEDS = [0, 1, 2];
const INPUTS = [
  { inputs: "all positive", centered: false },
  { inputs: "centered", centered: true },
];

interface Kind {
  readonly inputs: string;
  readonly centered: boolean;
  /** The least loss of each seed. */
  readonly least: readonly number[];
}

/** Steps until the loss is near its least, and the share of equal signs: medians over seeds. */
function measured({ centered, least }: Kind, batchSize: number, rate: number, seed: number) {
  const runs = SEEDS.map((i) =>
    descend({ steps: STEPS, until: NEAR * least[i]!, rate, batchSize, centered, seed: seed + i }),
  );
  return {
    steps: median(runs.map(({ reached }) => reached ?? STEPS)),
    equal: median(runs.map(({ equalSigns }) => equalSigns)),
  };
}

function stepsTable(kinds: readonly Kind[], seed: number) {
  const rows = BATCHES.flatMap((batchSize) =>
    kinds.map((kind) => {
      const runs = RATES.map((rate) => measured(kind, batchSize, rate, seed));
      const steps = runs.map((run) => run.steps);
      return [batchSize, kind.inputs, runs[0]!.equal, ...steps, Math.min(...steps)];
    }),
  );
  return {
    title: `Two weights, logistic loss, medians of three seeds: steps to within 5 % of the least loss, at most ${STEPS}`,
    columns: [
      "batch",
      "inputs",
      "equal signs",
      ...RATES.map((rate) => `steps at rate ${rate}`),
      "steps at best rate",
    ],
    rows: rows as (string | number)[][],
    charts: [
      {
        kind: "lines",
        title: "Share of steps whose two gradients have one sign",
        x: "batch",
        y: ["equal signs"],
        series: "inputs",
        scale: "share",
        domain: [0, 1],
      },
      {
        kind: "lines",
        title: "Steps to the loss at a rate of 32; 400 is never",
        x: "batch",
        y: ["steps at rate 32"],
        series: "inputs",
        scale: "log",
      },
    ],
  } as const;
}

const PATHS = INPUTS.flatMap((kind) =>
  [1, 32].map((batchSize) => ({ ...kind, batchSize, name: `${kind.inputs}, batch ${batchSize}` })),
);
const PATH = { rate: 8, steps: 24, until: 0 };

function pathTable(seed: number) {
  const paths = PATHS.map(({ centered, batchSize }) =>
    descend({ ...PATH, centered, batchSize, seed }),
  );
  const rows = Array.from({ length: PATH.steps + 1 }, (_, step) => [
    step,
    ...paths.flatMap(({ weights }) => weights[step]!),
  ]);
  const columnsOf = ({ name }: { readonly name: string }) => [`${name}: w1`, `${name}: w2`];
  return {
    title: `The two weights in the first ${PATH.steps} steps at rate ${PATH.rate}`,
    columns: ["step", ...PATHS.flatMap(columnsOf)],
    rows,
    charts: INPUTS.map(({ inputs }) => ({
      kind: "path" as const,
      title: `Path of the two weights: ${inputs} inputs`,
      x: "step",
      y: PATHS.filter((path) => path.inputs === inputs).flatMap(columnsOf),
    })),
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

const EPOCHS = Array.from({ length: 10 }, (_, i) => `epoch ${i + 1}`);

export const zigZag: Experiment = {
  id: "f",
  title: "Zig-zag",
  claim:
    "When all inputs of a unit are positive, all its weight gradients have one sign, so that weights move in zig-zag; zero-centered data train faster.",
  prediction:
    "For single rows the share of equal signs is 1 and falls as the batch grows; centered inputs need fewer steps to the same loss. With 2·sigmoid - 1 in place of sigmoid, a network learns faster too.",
  note: "The argument holds per unit and per row; over a batch the signs mix. At a small rate both go at the speed of the slowest direction. What zig-zag costs is the larger rate, at which positive inputs no longer arrive. And 2·sigmoid - 1 is steeper as well as centered, so that it is compared at a rate four times smaller too.",
  question: {
    asks: "All inputs positive. For single rows both gradients have one sign, always. How often in batches of 32?",
    options: ["less than half of the time", "in half to nine tenths of the steps", "nearly always"],
    answer: (measured) => among(cell(measured, 0, [32, "all positive"], "equal signs"), [0.5, 0.9]),
  },
  run(seed) {
    const kinds = INPUTS.map((kind) => ({
      ...kind,
      least: SEEDS.map((i) => lowest(kind.centered, seed + i).loss),
    }));
    const steps = stepsTable(kinds, seed);
    const curves = [
      ["sigmoid, rate 0.1", losses("sigmoid", 0.1, seed)],
      ["2·sigmoid - 1, rate 0.1", losses(centeredSigmoid, 0.1, seed)],
      ["2·sigmoid - 1, rate 0.025", losses(centeredSigmoid, 0.025, seed)],
    ] as const;
    const tables = [
      steps,
      pathTable(seed),
      {
        title: "Digits, 32 hidden units: training loss of each epoch",
        columns: ["network", ...EPOCHS],
        rows: curves.map(([name, curve]) => [name, ...curve]),
        charts: [
          {
            kind: "lines" as const,
            title: "Training loss on digits",
            x: "epoch",
            across: true,
            y: EPOCHS,
            series: "network",
          },
        ],
      },
    ];
    const at = (batch: number, inputs: string, column: string) =>
      cell({ tables, checks: [] }, 0, [batch, inputs], column);
    const fewer = (column: string) =>
      BATCHES.every((batch) => at(batch, "centered", column) < at(batch, "all positive", column));
    const [plain, both, slow] = curves.map(([, curve]) => curve.at(-1)!);
    return {
      tables,
      checks: [
        {
          says: "with positive inputs, single rows give equal signs always",
          holds: at(1, "all positive", "equal signs") === 1,
        },
        {
          says: "the share falls as the batch grows",
          holds: at(32, "all positive", "equal signs") < at(1, "all positive", "equal signs"),
        },
        {
          says: "centered inputs need fewer steps at every batch size, at rate 0.5",
          holds: fewer("steps at rate 0.5"),
        },
        { says: "and at rate 32", holds: fewer("steps at rate 32") },
        { says: "and with the best rate for each", holds: fewer("steps at best rate") },
        { says: "2·sigmoid - 1 learns faster at the same rate", holds: both! < plain! },
        { says: "and at a quarter of the rate", holds: slow! < plain! },
      ],
    };
  },
};
