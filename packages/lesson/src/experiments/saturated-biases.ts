import { type ActivationName, type Initializer, initializers, sgd, tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { among, cell, type Experiment, median, medians, most, spread } from "../experiment.ts";
import { type Network, network } from "../network.ts";
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
const EPOCHS = 10;
const SEEDS = 5;
const COLUMNS = Array.from({ length: 2 * EPOCHS }, (_, i) => `epoch ${i + 1}`);

/** Sets the biases of the first layer to 0 in the middle of training. */
function cure({ model }: Network): void {
  model.setWeights(model.getWeights().map((values, i) => (i === 1 ? values.fill(0) : values)));
}

function measured(name: ActivationName, biasInitializer: Initializer, seed: number) {
  const { train, test } = digits();
  const { x, y } = train.take(256);
  const optimizer = sgd({ learningRate: 0.1 });
  const widths = [64, 32, 10];
  const net = network({ widths, activation: name, optimizer, seed, biasInitializer });
  const [layer] = probe(net, name, x, Int32Array.from(y.data));
  const before = net.model.getWeights()[0]!;
  const first = net.model.fitSync(train, { epochs: EPOCHS }).history.loss;
  const after = net.model.getWeights()[0]!;
  const moved = Math.sqrt(
    after.reduce((sum, v, i) => sum + (v - before[i]!) * (v - before[i]!), 0),
  );
  const { accuracy } = net.model.evaluate(test);
  cure(net);
  const second = net.model.fitSync(train, { epochs: EPOCHS }).history.loss;
  const cured = net.model.evaluate(test).accuracy;
  net.dispose();
  return { layer: layer!, moved, accuracy, cured, losses: [...first, ...second] };
}

export const saturatedBiases: Experiment = {
  id: "d",
  title: "Saturated units stand still",
  claim:
    "On a flat end the local gradient is almost zero, so no gradient reaches the weights below.",
  prediction:
    "With biases of ±8 the first layer's weights move less than a tenth as far as with biases of 0. Setting the biases to 0 is the cure: the same network then learns.",
  note: "Almost zero, not zero: a sigmoid's slope at 8 is 0.0003, a tanh's 0.0000005; given time enough the sigmoid does move.",
  question: {
    asks: "Sigmoid units with biases of ±8: how far do their weights move in 450 steps, compared with biases of 0?",
    options: ["less than a hundredth as far", "a hundredth to a half", "about as far"],
    answer: (measured) => {
      const moved = (row: string) => cell(measured, 0, [row], "weights moved");
      return among(moved("sigmoid, biases ±8") / moved("sigmoid, biases 0"), [0.01, 0.5]);
    },
  },
  seeds: SEEDS,
  run(seeds) {
    const groups = CASES.map(([title, name, initializer]) => ({
      title,
      runs: seeds.map((each) => measured(name, initializer, each)),
    }));
    const runs = seeds.map((_, i) => {
      const [sigmoidFar, sigmoidZero, tanhFar, tanhZero] = groups.map(({ runs }) => runs[i]!);
      return {
        sigmoid: { far: sigmoidFar!, zero: sigmoidZero! },
        tanh: { far: tanhFar!, zero: tanhZero! },
      };
    });
    return {
      tables: [
        {
          title:
            "First layer of 32 units, SGD at 0.1 for 450 steps, then 450 after the cure; medians of five seeds",
          columns: [
            "network",
            "saturated at first",
            "gradient norm at first",
            "weights moved",
            "least",
            "most",
            "accuracy",
            "accuracy after the cure",
          ],
          rows: groups.map(({ title, runs }) => [
            title,
            median(runs.map(({ layer }) => layer.saturated)),
            median(runs.map(({ layer }) => layer.gradientNorm)),
            ...spread(runs.map(({ moved }) => moved)),
            median(runs.map(({ accuracy }) => accuracy)),
            median(runs.map(({ cured }) => cured)),
          ]),
          charts: [
            {
              kind: "bars",
              title: "How far the first layer's weights moved in 450 steps",
              x: "network",
              y: ["weights moved"],
              range: ["least", "most"],
              scale: "log",
            },
          ],
        },
        {
          title: "Training loss of each epoch, medians; all biases are set to 0 after epoch 10",
          columns: ["network", ...COLUMNS],
          rows: groups.map(({ title, runs }) => [
            title,
            ...medians(runs.map(({ losses }) => losses)),
          ]),
          charts: [
            {
              kind: "lines",
              title: "Training loss; the cure comes after epoch 10",
              x: "epoch",
              across: true,
              y: COLUMNS,
              series: "network",
            },
          ],
        },
      ],
      checks: [
        most(
          "saturated sigmoid weights move less than a tenth as far",
          runs,
          ({ sigmoid: { far, zero } }) => far.moved < zero.moved / 10,
        ),
        most(
          "saturated tanh weights move less than a tenth as far",
          runs,
          ({ tanh: { far, zero } }) => far.moved < zero.moved / 10,
        ),
        most("biases of 0 give more accuracy in both", runs, ({ sigmoid, tanh }) =>
          [sigmoid, tanh].every(({ far, zero }) => zero.accuracy > far.accuracy),
        ),
        most("biases set to 0 make both saturated networks learn", runs, ({ sigmoid, tanh }) =>
          [sigmoid, tanh].every(({ far }) => far.cured > far.accuracy + 0.2),
        ),
      ],
    };
  },
};
