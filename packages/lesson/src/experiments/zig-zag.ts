import { mul, sgd, sigmoid, sub, type Tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { descend, lowest } from "../contour.ts";
import { among, cell, type Experiment, median, medians, most, spread } from "../experiment.ts";
import { network } from "../network.ts";

const BATCHES = [1, 2, 4, 8, 16, 32];
const RATES = [0.5, 2, 8, 32];
const STEPS = 400;
/** Reached: a loss within 5 % of the least. */
const NEAR = 1.05;
const SEEDS = 5;
const INPUTS = [
  { inputs: "all positive", centered: false },
  { inputs: "centered", centered: true },
];

interface Kind {
  readonly inputs: string;
  readonly centered: boolean;
}

/** Descents at each rate in batches of this size: the steps until the loss is near its least, and equal signs. */
function descents({ inputs, centered }: Kind, batchSize: number, until: number, seed: number) {
  const paths = RATES.map((rate) =>
    descend({ steps: STEPS, until, rate, batchSize, centered, seed }),
  );
  const steps = paths.map(({ reached }) => reached ?? STEPS);
  return { inputs, batchSize, steps, best: Math.min(...steps), equal: paths[0]!.equalSigns };
}

/** Both kinds of inputs in all sizes of batches. */
const walked = (seed: number) =>
  INPUTS.flatMap((kind) => {
    const until = NEAR * lowest(kind.centered, seed).loss;
    return BATCHES.map((batchSize) => descents(kind, batchSize, until, seed));
  });

type Walks = ReturnType<typeof walked>;

/** Centered inputs' steps over those of positive ones, both summed over the sizes of batches. */
function centeredOver(walks: Walks, steps: (walk: Walks[number]) => number): number {
  const [positive, centered] = INPUTS.map(({ inputs }) =>
    walks.reduce((sum, walk) => sum + (walk.inputs === inputs ? steps(walk) : 0), 0),
  );
  return centered! / positive!;
}

const equalSigns = (walks: Walks, size: number): number =>
  walks.find(({ inputs, batchSize }) => inputs === "all positive" && batchSize === size)!.equal;

function stepsTable(runs: readonly Walks[]) {
  const rows = BATCHES.flatMap((batchSize) =>
    INPUTS.map(({ inputs }) => {
      const walks = runs.map(
        (walks) => walks.find((walk) => walk.inputs === inputs && walk.batchSize === batchSize)!,
      );
      return [
        batchSize,
        inputs,
        median(walks.map(({ equal }) => equal)),
        ...medians(walks.map(({ steps }) => steps)),
        ...spread(walks.map(({ best }) => best)),
      ];
    }),
  );
  return {
    title: `Two weights, logistic loss, medians of five seeds: steps to within 5 % of the least loss, at most ${STEPS}`,
    columns: [
      "batch",
      "inputs",
      "equal signs",
      ...RATES.map((rate) => `steps at rate ${rate}`),
      "steps at best rate",
      "fewest",
      "most",
    ],
    rows,
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

const NETWORKS = [
  ["sigmoid, rate 0.1", "sigmoid", 0.1],
  ["2·sigmoid - 1, rate 0.1", centeredSigmoid, 0.1],
  ["2·sigmoid - 1, rate 0.025", centeredSigmoid, 0.025],
] as const;

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
    options: [
      "in less than a quarter of the steps",
      "in a quarter to three quarters of them",
      "nearly always",
    ],
    answer: (measured) =>
      among(cell(measured, 0, [32, "all positive"], "equal signs"), [0.25, 0.75]),
  },
  seeds: SEEDS,
  run(seeds) {
    const runs = seeds.map((each) => {
      const [sigmoid, steeper, slower] = NETWORKS.map(([, f, rate]) => losses(f, rate, each));
      return { walks: walked(each), losses: [sigmoid!, steeper!, slower!] };
    });
    const last = (run: (typeof runs)[number]) => run.losses.map((curve) => curve.at(-1)!);
    return {
      tables: [
        stepsTable(runs.map(({ walks }) => walks)),
        pathTable(seeds[0]!),
        {
          title: "Digits, 32 hidden units: training loss of each epoch, medians of five seeds",
          columns: ["network", ...EPOCHS],
          rows: NETWORKS.map(([name], i) => [
            name,
            ...medians(runs.map(({ losses }) => losses[i]!)),
          ]),
          charts: [
            {
              kind: "lines",
              title: "Training loss on digits",
              x: "epoch",
              across: true,
              y: EPOCHS,
              series: "network",
            },
          ],
        },
      ],
      checks: [
        most(
          "with positive inputs, single rows give equal signs always",
          runs,
          ({ walks }) => equalSigns(walks, 1) === 1,
        ),
        most(
          "in batches of 32 the signs are equal in under three quarters of the steps",
          runs,
          ({ walks }) => equalSigns(walks, 32) < 0.75,
        ),
        most(
          "centered inputs need a tenth fewer steps at rate 0.5",
          runs,
          ({ walks }) => centeredOver(walks, ({ steps }) => steps[0]!) < 0.9,
        ),
        most(
          "and at rate 32",
          runs,
          ({ walks }) => centeredOver(walks, ({ steps }) => steps.at(-1)!) < 0.9,
        ),
        most(
          "and with the best rate for each",
          runs,
          ({ walks }) => centeredOver(walks, ({ best }) => best) < 0.9,
        ),
        most("2·sigmoid - 1 learns faster at the same rate", runs, (run) => {
          const [sigmoid, steeper] = last(run);
          return steeper! < sigmoid!;
        }),
        most("and at a quarter of the rate", runs, (run) => {
          const [sigmoid, , slower] = last(run);
          return slower! < sigmoid!;
        }),
      ],
    };
  },
};
