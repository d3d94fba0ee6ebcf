import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import {
  type ActivationName,
  adam,
  grad,
  jit,
  randomNormal,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";
import { digits } from "ferrograd/datasets";
import { among, cell, type Epochs, type Experiment, median, most, spread } from "../experiment.ts";
import { activationOf, network, trainedAccuracy } from "../network.ts";

const NAMES = ACTIVATION_NAMES.filter((name) => name !== "linear");
const ELEMENTS = 1 << 16;
const ROUNDS = 15;
const SEEDS = 5;

/** Nanoseconds per element, forward and backward: medians of interleaved rounds. */
function timings(seed: number): Record<string, number> {
  const x = randomNormal([ELEMENTS], { seed }).data();
  const taken = new Map<ActivationName, number[]>(NAMES.map((name) => [name, []]));
  const passes = NAMES.map((name) => {
    const f = activationOf(name);
    const pass = jit((t: Tensor) => grad(sum(f(t)), [t])[0]!);
    return { name, pass };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, pass } of passes) {
      const start = performance.now();
      pass(tensor(x, [ELEMENTS])).data();
      if (round > 2) taken.get(name)!.push(((performance.now() - start) * 1e6) / ELEMENTS);
    }
  }
  for (const { pass } of passes) pass.dispose();
  return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)]));
}

/** Steps until the accuracy over the test rows passes 90 %, looked at after each tenth step; at most 30 epochs. */
function stepsTo90(name: ActivationName, seed: number): number {
  const { train, test } = digits();
  const net = network({ widths: [64, 64, 10], activation: name, optimizer: adam(), seed });
  let [steps, reached] = [0, 0];
  for (let epoch = 1; reached === 0 && epoch <= 30; epoch++) {
    for (const [x, y] of train.shuffle(seed + epoch).batch(32)) {
      net.model.trainOnBatch(x, y);
      steps += 1;
      if (steps % 10 === 0 && net.model.evaluate(test).accuracy >= 0.9) {
        reached = steps;
        break;
      }
    }
  }
  net.dispose();
  return reached === 0 ? steps : reached;
}

/** Median over the seeds of the accuracy after five epochs. */
function accuracy(name: ActivationName, seeds: readonly number[], epochs: Epochs): number {
  const data = digits();
  const widths = [64, 64, 10];
  const after = (seed: number) =>
    trainedAccuracy({ widths, activation: name, optimizer: adam(), seed }, data, epochs(5));
  return median(seeds.map(after));
}

export const cost: Experiment = {
  id: "h",
  title: "Cost and gain",
  claim:
    "exp is a bit compute expensive; relu is very efficient and converges much faster than sigmoid and tanh (a factor of 6).",
  prediction:
    "Relu needs fewer steps to 90 % than sigmoid. The factor of 6, of a large network on images, is not expected of a small one.",
  note: "Whether exp is expensive is a matter of times, which depend on the machine and decide no check here. They include the way in and out of the core.",
  question: {
    asks: "How many times fewer steps than sigmoid does relu need to read 90 % of the test digits?",
    options: [
      "as many, or more",
      "up to 1.5 times fewer",
      "1.5 to 6 times fewer",
      "6 times or more",
    ],
    answer: (measured) => {
      const steps = (name: string) => cell(measured, 0, [name], "median");
      return among(steps("sigmoid") / steps("relu"), [1.000001, 1.5, 6]);
    },
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const groups = NAMES.map((name) => ({
      name,
      steps: seeds.map((each) => stepsTo90(name, each)),
    }));
    const stepsOf = (wanted: string) => groups.find(({ name }) => name === wanted)!.steps;
    const runs = stepsOf("relu").map((relu, i) => ({
      relu,
      sigmoid: stepsOf("sigmoid")[i]!,
      tanh: stepsOf("tanh")[i]!,
    }));
    return {
      tables: [
        {
          title:
            "Digits, 64 hidden units, Adam, five seeds: steps to 90 % of test rows, and accuracy after 5 epochs",
          columns: ["activation", "median", "fewest", "most", "accuracy"],
          rows: groups.map(({ name, steps }) => [
            name,
            ...spread(steps),
            accuracy(name, seeds, epochs),
          ]),
          charts: [
            {
              kind: "rows",
              title: "Steps to 90 % of test rows: median, fewest and most",
              x: "activation",
              y: ["median"],
              range: ["fewest", "most"],
            },
            {
              kind: "scatter",
              title: "What it costs, and what it gives: accuracy after 5 epochs",
              x: "activation",
              y: ["accuracy"],
              scale: "share",
            },
          ],
        },
      ],
      checks: [
        most("relu needs fewer steps than sigmoid", runs, ({ relu, sigmoid }) => relu < sigmoid),
        most("six times fewer than sigmoid", runs, ({ relu, sigmoid }) => relu * 6 <= sigmoid),
        most("twice fewer than tanh", runs, ({ relu, tanh }) => relu * 2 <= tanh),
      ],
      times: timings(seeds[0]!),
    };
  },
};
