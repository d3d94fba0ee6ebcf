import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import { randomNormal, sgd } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { cell, type Experiment } from "../experiment.ts";
import { network } from "../network.ts";
import { curve, grid, probe } from "../probe.ts";

export const ranges: Experiment = {
  id: "b",
  title: "Ranges and centers",
  claim:
    "Sigmoid squashes to (0, 1) and is not zero-centered; tanh is; relu is one-signed; leakyRelu lets negative values through.",
  prediction:
    "On normal inputs the mean output is near 0.5 for sigmoid and near 0 for tanh; per digit all outputs of sigmoid and relu layers have one sign.",
  note: "The lecture calls a sigmoid's slope 0 beyond 5. It is 0.0066 there: small, not zero. One-signed: 1 where all outputs of a layer have one sign for each digit, near 0 where they balance.",
  question: {
    asks: "A layer's outputs for one digit: for which activations do they always have one sign?",
    options: [
      "sigmoid only",
      "sigmoid and relu",
      "sigmoid, relu and leakyRelu",
      "tanh too: all four",
    ],
    answer: (measured) =>
      ["relu", "leakyRelu", "tanh"].filter(
        (name) => cell(measured, 0, [name], "one-signed") > 0.999,
      ).length,
  },
  seeds: 1,
  run([seed]) {
    const normal = randomNormal([10_000], { seed, stream: 1 }).data();
    const { x, y } = digits().train.take(256);
    const rows = ACTIVATION_NAMES.map((name) => {
      const onGrid = curve(name, grid(-10, 10, 2001));
      const outputs = curve(name, normal).y;
      const net = network({ widths: [64, 64, 10], activation: name, optimizer: sgd(), seed });
      const [layer] = probe(net, name, x, Int32Array.from(y.data));
      net.dispose();
      return {
        name,
        lowest: onGrid.y.reduce((a, b) => Math.min(a, b)),
        highest: onGrid.y.reduce((a, b) => Math.max(a, b)),
        mean: outputs.reduce((total, v) => total + v, 0) / outputs.length,
        slope0: curve(name, [0]).slope[0]!,
        slope5: curve(name, [5]).slope[0]!,
        oneSigned: layer!.oneSigned,
      };
    });
    const of = (name: string) => rows.find((row) => row.name === name)!;
    const { sigmoid, tanh, relu, leakyRelu } = {
      sigmoid: of("sigmoid"),
      tanh: of("tanh"),
      relu: of("relu"),
      leakyRelu: of("leakyRelu"),
    };
    const columns = ["activation", "lowest", "highest", "mean", "slope at 0", "slope at 5"];
    return {
      tables: [
        {
          title:
            "Outputs for inputs from -10 to 10, their mean for normal inputs, one sign per digit",
          columns: [...columns, "one-signed"],
          rows: rows.map((row) => Object.values(row)),
          charts: [
            {
              kind: "rows",
              title: "Range of outputs, and their mean for normal inputs",
              x: "activation",
              y: ["mean"],
              range: ["lowest", "highest"],
              domain: [-2, 3],
            },
            {
              kind: "rows",
              title: "One-signed: 1 where all outputs for a digit have one sign",
              x: "activation",
              y: ["one-signed"],
              domain: [0, 1],
            },
          ],
        },
      ],
      checks: [
        {
          says: "sigmoid's outputs are in (0, 1) around 0.5, tanh's in (-1, 1) around 0",
          holds:
            sigmoid.lowest >= 0 &&
            sigmoid.highest <= 1 &&
            Math.abs(sigmoid.mean - 0.5) < 0.02 &&
            Math.abs(tanh.mean) < 0.02,
        },
        {
          says: "outputs of sigmoid and relu have one sign per digit",
          holds: Math.min(sigmoid.oneSigned, relu.oneSigned) > 0.999,
        },
        { says: "those of tanh balance better", holds: tanh.oneSigned < 0.5 },
        {
          says: "leakyRelu goes below zero, relu does not",
          holds: leakyRelu.lowest < 0 && relu.lowest === 0,
        },
        {
          says: "a sigmoid's slope at 5 is small, not zero",
          holds: sigmoid.slope5 > 0 && sigmoid.slope5 < 0.01,
        },
      ],
    };
  },
};
