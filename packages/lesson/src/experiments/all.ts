import type { Experiment } from "../experiment.ts";
import { choice } from "./choice.ts";
import { convolutions } from "./convolutions.ts";
import { cost } from "./cost.ts";
import { depth } from "./depth.ts";
import { dyingRelu } from "./dying-relu.ts";
import { initialization } from "./initialization.ts";
import { linearStack } from "./linear-stack.ts";
import { ranges } from "./ranges.ts";
import { saturatedBiases } from "./saturated-biases.ts";
import { zigZag } from "./zig-zag.ts";

/** In the order of the lecture. */
export const EXPERIMENTS: readonly Experiment[] = [
  linearStack,
  ranges,
  depth,
  saturatedBiases,
  initialization,
  zigZag,
  dyingRelu,
  cost,
  choice,
  convolutions,
];
