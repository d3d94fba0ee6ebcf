import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import { type ActivationName, adam } from "ferrograd";
import { digits } from "ferrograd/datasets";
import {
  among,
  cell,
  type Epochs,
  type Experiment,
  median,
  most,
  shareBars,
  spread,
} from "../experiment.ts";
import { network } from "../network.ts";
import { type LayerHealth, probe } from "../probe.ts";

const WANTED = ["relu", "leakyRelu", "tanh", "elu", "gelu", "silu"];
const NAMES: readonly ActivationName[] = ACTIVATION_NAMES.filter((name) => WANTED.includes(name));
const RATES = [0.001, 0.03, 0.1, 0.2];
const SEEDS = 9;
const WIDTHS = [64, 64, 64, 64, 10];
const HIDDEN_UNITS = 3 * 64;
const BATCH = 64;
const SOUND_RATE = 0.001;

/** Dead units as "layer/unit". */
const deadOf = (layers: readonly LayerHealth[]): string[] =>
  layers.flatMap(({ dead }, layer) => dead.map((unit) => `${layer}/${unit}`));

/** Trains 10 epochs at this rate, then 10 at a sound one where units have died. */
function measured(name: ActivationName, learningRate: number, seed: number, epochs: Epochs) {
  const { train, test } = digits();
  const { x, y } = train.take(256);
  const optimizer = adam({ learningRate });
  const net = network({ widths: WIDTHS, activation: name, optimizer, seed });
  const look = () => deadOf(probe(net, name, x, Int32Array.from(y.data)));
  const trainFor10 = () => net.model.fitSync(train, { epochs: epochs(10), batchSize: BATCH });
  trainFor10();
  const dead = look();
  const { accuracy } = net.model.evaluate(test);
  let stayed = 0;
  if (dead.length > 0) {
    optimizer.learningRate = SOUND_RATE;
    trainFor10();
    const still = new Set(look());
    stayed = dead.filter((unit) => still.has(unit)).length;
  }
  net.dispose();
  return { dead: dead.length / HIDDEN_UNITS, stayed: stayed / HIDDEN_UNITS, accuracy };
}

export const dyingRelu: Experiment = {
  id: "g",
  title: "Dying relu",
  claim:
    "Relu units can be knocked off the data by large updates and never come back; leakyRelu units do not die.",
  prediction:
    "At rates of 0.03 and 0.2 with Adam many relu units are dead after training and none of leakyRelu; they stay dead when training goes on at 0.001; at 0.2 leakyRelu is more accurate.",
  note: "In batches of 64, chosen after 32 and 128 had been tried too. At 0.1 four fifths of the relu units are dead, and yet either of the two may end ahead, by the seed: the rate is too large for living units too. At 0.2 relu is mostly dead as a whole. Dead: the slope is 0 on every one of 256 training rows. A unit may be alive on rows outside them. A tanh's slope 1 - y² is 0 too, in float32, once y has rounded to ±1.",
  question: {
    asks: "Relu, Adam at a rate of 0.1, ten epochs: what share of the 192 hidden units is dead at the end?",
    options: ["under 5 %", "5 to 50 %", "over 50 %"],
    answer: (measured) => among(cell(measured, 0, [0.1, "relu"], "dead units"), [0.05, 0.5]),
  },
  seeds: SEEDS,
  run(seeds, epochs) {
    const groups = RATES.flatMap((rate) =>
      NAMES.map((name) => ({
        rate,
        name,
        runs: seeds.map((each) => measured(name, rate, each, epochs)),
      })),
    );
    const runs = seeds.map((_, i) => ({
      at: (rate: number, name: string) =>
        groups.find((group) => group.rate === rate && group.name === name)!.runs[i]!,
    }));
    const middle = (rate: number, name: string) =>
      median(runs.map(({ at }) => at(rate, name).accuracy));
    return {
      tables: [
        {
          title: `Three hidden layers of 64, Adam, 10 epochs in batches of ${BATCH}, ${SEEDS} seeds: medians, and range of accuracy`,
          columns: [
            "rate",
            "activation",
            "dead units",
            "dead after 10 epochs more at 0.001",
            "accuracy",
            "lowest",
            "highest",
          ],
          rows: groups.map(({ rate, name, runs }) => [
            rate,
            name,
            median(runs.map(({ dead }) => dead)),
            median(runs.map(({ stayed }) => stayed)),
            ...spread(runs.map(({ accuracy }) => accuracy)),
          ]),
          charts: [
            shareBars({
              title: "Dead units after training",
              x: "rate",
              y: ["dead units"],
              series: "activation",
            }),
            shareBars({
              title: "Test accuracy, with the range over seeds",
              x: "rate",
              y: ["accuracy"],
              range: ["lowest", "highest"],
              series: "activation",
            }),
          ],
        },
      ],
      checks: [
        ...[0.03, 0.2].map((rate) =>
          most(
            `at ${rate} over 5 % of relu units are dead`,
            runs,
            ({ at }) => at(rate, "relu").dead > 0.05,
          ),
        ),
        most("nine tenths of them stay dead in 10 epochs more at 0.001", runs, ({ at }) =>
          [0.03, 0.2].every((rate) => at(rate, "relu").stayed >= 0.9 * at(rate, "relu").dead),
        ),
        most("no unit of leakyRelu is dead at any rate", runs, ({ at }) =>
          RATES.every((rate) => at(rate, "leakyRelu").dead === 0),
        ),
        {
          // By medians: from one and the same seed the other may be ahead.
          says: "at 0.2 the median of leakyRelu's accuracies is above that of relu's",
          holds: middle(0.2, "leakyRelu") > middle(0.2, "relu"),
        },
      ],
    };
  },
};
