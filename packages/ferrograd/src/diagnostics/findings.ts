import type { ActivationName } from "../engine/ops.generated.ts";
import type { LayerHealth } from "./layers.ts";

/** What can be wrong. */
export type FindingCode =
  | "saturated"
  | "dying"
  | "dead"
  | "notZeroCentered"
  | "vanishing"
  | "exploding"
  | "updateTooLarge"
  | "updateTooSmall"
  | "initMismatch"
  | "collapsed"
  | "nan"
  | "lossStuckAtChance";

/** "info" is worth knowing, "warning" costs accuracy or time, "error" stops learning. */
export type Severity = "info" | "warning" | "error";

/** A change to a network, as data. */
export type Remedy = { readonly text: string } & (
  | { readonly kind: "activation"; readonly activation: ActivationName }
  | { readonly kind: "initialize" }
  | { readonly kind: "learningRate"; readonly factor: number }
);

/** One measured fact, before it is worded. */
export interface Measured {
  readonly code: FindingCode;
  readonly layer: string | undefined;
  readonly value: number;
}

/** What all layers say together. */
export interface Overall {
  readonly layers: readonly LayerHealth[];
  /** Training steps done. */
  readonly step: number;
  /** Mean loss over the probe. */
  readonly loss: number;
  /** The loss of always predicting the shares of the classes; undefined where there are none. */
  readonly chance: number | undefined;
}

/** A code: what it measures, from where on it is found, what helps. */
export interface Rule {
  readonly severity: Severity;
  /**
   * From where on it is found. The defaults lie beyond what two hidden layers of each activation reach
   * on the shipped data sets, before, during and after training with Adam (worst of 8 seeds each):
   * dead 0.19, saturated 0.21, vanishing 18, updates from 1/667 to 0.008, kernels a
   * factor of 1.14 from what suits, a loss of 0.90 of chance.
   */
  readonly threshold: number;
  readonly remedy: Remedy;
  /** Is it about the state before training, or about one step? Then a remedy is judged there. */
  readonly atStart?: true;
  /** The number of each layer that could have the trouble, or of the network; larger is worse. */
  measure(overall: Overall): readonly Measured[];
  sentence(finding: Measured, layer: LayerHealth | undefined): string;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const digits = (value: number): string => value.toPrecision(2);

/** A number for each layer that has one. */
const each =
  (code: FindingCode, value: (layer: LayerHealth, overall: Overall) => number | undefined) =>
  (overall: Overall): Measured[] =>
    overall.layers.flatMap((layer) => {
      const found = value(layer, overall);
      return found === undefined ? [] : [{ code, layer: layer.name, value: found }];
    });

/** Layers with weights, in order. */
const trained = ({ layers }: Overall) =>
  layers.filter((layer) => layer.weightGradientNorm !== undefined);

/** How many times smaller the weight gradient of a layer is than that of the last one. */
function shrunk(layer: LayerHealth, overall: Overall): number | undefined {
  const last = trained(overall).at(-1)?.weightGradientNorm;
  const own = layer.weightGradientNorm;
  if (last === undefined || own === undefined || last === 0) return undefined;
  return own === 0 ? Number.POSITIVE_INFINITY : last / own;
}

/** How many times larger the gradient at a layer's outputs is than at the last one's. */
function grown(layer: LayerHealth, { layers }: Overall): number | undefined {
  const last = layers.at(-1)?.gradientNorm;
  return last === undefined || last === 0 ? undefined : layer.gradientNorm / last;
}

/** How far a kernel that was never trained is from what suits the activation: 1 is right. */
function mismatch({ kernelDeviation }: LayerHealth, { step }: Overall): number | undefined {
  if (kernelDeviation === undefined || step > 0) return undefined;
  const { actual, suited } = kernelDeviation;
  return Math.max(actual / suited, suited / actual);
}

/** Dense layers whose product with the next is again one dense layer. */
function collapses(layer: LayerHealth, { layers }: Overall): number | undefined {
  const next = layers[layers.indexOf(layer) + 1];
  const multiplies = (one: LayerHealth | undefined) => one?.kernelDeviation !== undefined;
  return multiplies(layer) && layer.activation === "linear" && multiplies(next) ? 1 : 0;
}

/** Every code, in the order in which findings are listed: first what stops learning. */
export const RULES: Readonly<Record<FindingCode, Rule>> = {
  nan: {
    severity: "error",
    threshold: 0,
    remedy: { kind: "initialize", text: "use the default initializers and scale the inputs" },
    measure: each("nan", ({ nonFinite }) => nonFinite),
    sentence: ({ layer, value }) =>
      `${layer}: ${value} outputs are NaN or infinite, and no layer before it has any if it is named first`,
  },
  dead: {
    severity: "warning",
    threshold: 0.5,
    remedy: {
      kind: "activation",
      activation: "leakyRelu",
      text: "lower the learning rate, use leakyRelu, or He initialization",
    },
    measure: each("dead", ({ dead }) => dead.share),
    sentence: ({ layer, value }, health) =>
      `${layer}: ${percent(value)} of the ${health?.units} ${health?.activation} units are dead: f'(z) = 0 on every row, so no gradient reaches their weights`,
  },
  dying: {
    severity: "warning",
    threshold: 0.25,
    remedy: {
      kind: "activation",
      activation: "leakyRelu",
      text: "lower the learning rate, use leakyRelu, or He initialization",
    },
    measure: each("dying", ({ dead }) => (dead.share < 0.5 ? dead.share : 0)),
    sentence: ({ layer, value }, health) =>
      `${layer}: ${percent(value)} of the ${health?.units} ${health?.activation} units are dead, and each that follows makes the layer narrower`,
  },
  saturated: {
    severity: "warning",
    threshold: 0.5,
    remedy: {
      kind: "activation",
      activation: "relu",
      text: "use relu, smaller initial weights, or normalized inputs",
    },
    measure: each("saturated", ({ saturation }) => saturation.share),
    sentence: ({ layer, value }, health) =>
      `${layer}: ${percent(value)} of the ${health?.activation}'s elements lie on a flat end, where almost no gradient passes`,
  },
  vanishing: {
    severity: "warning",
    threshold: 100,
    remedy: {
      kind: "activation",
      activation: "relu",
      text: "use relu with He initialization, or fewer layers",
    },
    measure: each("vanishing", shrunk),
    sentence: ({ layer, value }) =>
      `${layer}: its weight gradient is ${digits(value)} times smaller than that of the last layer, so it hardly learns`,
  },
  exploding: {
    severity: "warning",
    threshold: 100,
    remedy: { kind: "initialize", text: "use the default initializers, or clip the gradients" },
    measure: each("exploding", grown),
    sentence: ({ layer, value }) =>
      `${layer}: the gradient that reaches it is ${digits(value)} times larger than at the last layer, so steps there are far too long`,
  },
  updateTooLarge: {
    severity: "warning",
    threshold: 0.1,
    remedy: { kind: "learningRate", factor: 0.1, text: "divide the learning rate by 10" },
    atStart: true,
    measure: each("updateTooLarge", ({ updateRatio }) => updateRatio),
    sentence: ({ layer, value }) =>
      `${layer}: one step changes the weights by ${percent(value)} of their norm; about 0.1 % is usual`,
  },
  updateTooSmall: {
    severity: "warning",
    threshold: 1e5,
    remedy: { kind: "learningRate", factor: 10, text: "multiply the learning rate by 10" },
    atStart: true,
    measure: each("updateTooSmall", ({ updateRatio }) =>
      updateRatio === undefined ? undefined : 1 / updateRatio,
    ),
    sentence: ({ layer, value }) =>
      `${layer}: one step changes the weights by 1/${digits(value)} of their norm; about 1/1000 is usual`,
  },
  initMismatch: {
    severity: "warning",
    threshold: 2,
    remedy: { kind: "initialize", text: "use the default initializer of the activation" },
    atStart: true,
    measure: each("initMismatch", mismatch),
    sentence: ({ layer, value }, health) =>
      `${layer}: the kernel's standard deviation is a factor of ${digits(value)} from the one that suits ${health?.activation}`,
  },
  collapsed: {
    severity: "warning",
    threshold: 0,
    remedy: { kind: "activation", activation: "relu", text: "put an activation between them" },
    measure: each("collapsed", collapses),
    sentence: ({ layer }) =>
      `${layer}: no activation stands between it and the next layer, so both together equal one dense layer`,
  },
  lossStuckAtChance: {
    severity: "warning",
    threshold: 0.98,
    remedy: {
      kind: "initialize",
      text: "use the default initializers, and look at the other findings",
    },
    measure: ({ loss, chance, step }) =>
      chance === undefined || chance === 0 || step < 100
        ? []
        : [{ code: "lossStuckAtChance", layer: undefined, value: loss / chance }],
    sentence: ({ value }) =>
      `the loss is ${percent(value)} of what guessing by the shares of the classes gives: nothing was learned from the inputs`,
  },
  notZeroCentered: {
    severity: "info",
    threshold: 0.95,
    remedy: {
      kind: "activation",
      activation: "tanh",
      text: "use a zero-centered activation such as tanh before it, or normalize its inputs",
    },
    measure: each("notZeroCentered", ({ zeroCentering, kernelDeviation }) =>
      kernelDeviation === undefined ? undefined : zeroCentering.inputs,
    ),
    sentence: ({ layer, value }) =>
      `${layer}: its inputs have almost one sign (${digits(value)} of 1), so per row all weights into a unit can only rise or fall together`,
  },
};

export const CODES = Object.keys(RULES) as readonly FindingCode[];
