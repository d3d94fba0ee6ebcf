import type { ActivationName } from "../engine/ops.generated.ts";
import type { Context, FindingCode, Measured, Overall, Remedy, Rule } from "./findings.ts";
import type { LayerHealth } from "./layers.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Two digits: `0.95`, `370,000`. */
function digits(value: number): string {
  if (value < 100 || value >= 1e9) return value.toPrecision(2);
  return Number(value.toPrecision(2)).toLocaleString("en-US");
}

/** A number for each layer that has one. */
const each =
  (code: FindingCode, value: (layer: LayerHealth, overall: Overall) => number | undefined) =>
  (overall: Overall): Measured[] =>
    overall.layers.flatMap((layer) => {
      const found = value(layer, overall);
      return found === undefined ? [] : [{ code, layer: layer.name, value: found }];
    });

/** How many times smaller the weight gradient of a layer is than that of the last one with weights. */
function shrunk(layer: LayerHealth, { layers }: Overall): number | undefined {
  const last = layers.findLast((own) => own.weightGradientNorm !== undefined)?.weightGradientNorm;
  const own = layer.weightGradientNorm;
  return own === undefined || last === undefined || last === 0 ? undefined : last / own;
}

/** Of the layers with weights: how many times larger the gradient at its outputs is than at the last one's. */
function grown(layer: LayerHealth, { layers }: Overall): number | undefined {
  const last = layers.findLast((own) => own.weightNorm !== undefined)?.gradientNorm;
  if (layer.weightNorm === undefined || last === undefined || last === 0) return undefined;
  return layer.gradientNorm / last;
}

/** How far a kernel that was never trained is from what suits the activation: 1 is right. */
function mismatch({ kernelDeviation }: LayerHealth, { step }: Overall): number | undefined {
  if (kernelDeviation === undefined || step > 0) return undefined;
  const { actual, suited } = kernelDeviation;
  return Math.max(actual / suited, suited / actual);
}

/** Layers that with the next one compute what one linear layer can. */
const collapses = ({ name }: LayerHealth, { joined }: Overall): number =>
  joined.includes(name) ? 1 : 0;

/** NaN and infinities of the layer that has them first: those behind it only pass them on. */
function firstNonFinite({ name, nonFinite }: LayerHealth, { firstNonFinite }: Overall) {
  return name === firstNonFinite?.layer ? nonFinite : 0;
}

/** `the 128 relu units are dead`, or since when. */
function deadUnits({ layer, value }: Measured, { health, deaths }: Context): string {
  const steps = [...(deaths?.get(layer ?? "")?.values() ?? [])];
  const since = steps.reduce((latest, step) => Math.max(latest, step), 0);
  const state =
    deaths === undefined
      ? "are dead: f'(z) = 0 on every row"
      : `have been dead since step ${since}`;
  return `${layer}: ${percent(value)} of the ${health?.units} ${health?.activation} units ${state}`;
}

const slower = (text: string): Remedy => ({ kind: "learningRate", factor: 0.1, text });
const faster = (text: string): Remedy => ({ kind: "learningRate", factor: 10, text });
const clip = (text: string): Remedy => ({ kind: "clip", globalClipNorm: 1, text });
const adam = (text: string): Remedy => ({ kind: "optimizer", optimizer: "adam", text });
const use = (activation: ActivationName, text: string): Remedy => ({
  kind: "activation",
  activation,
  text,
});
const initialize = (text: string): Remedy => ({ kind: "initialize", text });
const wider = (text: string): Remedy => ({ kind: "width", factor: 2, text });

const KEEP_ALIVE = [
  slower("lower the learning rate"),
  use("leakyRelu", "use leakyRelu"),
  initialize("He initialization"),
];

/** Every code, in the order in which findings are listed: first what stops learning. */
export const RULES: Readonly<Record<FindingCode, Rule>> = {
  nan: {
    severity: "error",
    threshold: 0,
    remedies: [
      initialize("use the default initializers and inputs of ordinary size"),
      slower("lower the learning rate"),
      clip("clip the gradients"),
    ],
    measure: each("nan", firstNonFinite),
    sentence: ({ layer, value }, { firstNonFinite }) =>
      `${layer}: ${value} outputs are NaN or infinite, first seen here, at step ${firstNonFinite?.step}`,
  },
  dead: {
    severity: "warning",
    threshold: 0.5,
    remedies: KEEP_ALIVE,
    first: 1,
    measure: each("dead", ({ dead }) => dead.share),
    sentence: deadUnits,
  },
  dying: {
    severity: "warning",
    threshold: 0.33,
    remedies: KEEP_ALIVE,
    first: 1,
    unless: "dead",
    measure: each("dying", ({ dead }) => dead.share),
    sentence: deadUnits,
  },
  saturated: {
    severity: "warning",
    threshold: 0.5,
    remedies: [
      use("relu", "use relu"),
      initialize("smaller initial weights"),
      slower("a lower learning rate"),
    ],
    measure: each("saturated", ({ saturation }) => saturation.share),
    sentence: ({ layer, value }, { health }) =>
      `${layer}: ${percent(value)} of the ${health?.activation}'s elements lie on a flat end, where almost no gradient passes`,
  },
  vanishing: {
    severity: "warning",
    threshold: 100,
    remedies: [
      use("relu", "use relu with He initialization"),
      adam("adam, whose steps do not shrink with the gradient"),
    ],
    measure: each("vanishing", shrunk),
    sentence: ({ layer, value }) =>
      value === Number.POSITIVE_INFINITY
        ? `${layer}: its weight gradient is 0 while that of the last layer is not, so it does not learn`
        : `${layer}: its weight gradient is ${digits(value)} times smaller than that of the last layer, so it hardly learns`,
  },
  exploding: {
    severity: "warning",
    threshold: 100,
    remedies: [
      initialize("use the default initializers"),
      clip("clip the gradients"),
      slower("lower the learning rate"),
    ],
    measure: each("exploding", grown),
    sentence: ({ layer, value }) =>
      `${layer}: the gradient that reaches it is ${digits(value)} times larger than at the last layer, so steps there are far too long`,
  },
  updateTooLarge: {
    severity: "warning",
    threshold: 0.1,
    remedies: [slower("divide the learning rate by 10"), clip("clip the gradients")],
    atStart: true,
    measure: each("updateTooLarge", ({ updateRatio }) => updateRatio),
    sentence: ({ layer, value }) =>
      `${layer}: one step changes the weights by ${percent(value)} of their norm; about 0.1 % is usual`,
  },
  updateTooSmall: {
    severity: "warning",
    threshold: 1e5,
    remedies: [faster("multiply the learning rate by 10"), adam("use adam")],
    atStart: true,
    measure: each("updateTooSmall", ({ updateRatio }) =>
      updateRatio === undefined ? undefined : 1 / updateRatio,
    ),
    sentence: ({ layer, value }) =>
      value === Number.POSITIVE_INFINITY
        ? `${layer}: one step does not change the weights at all`
        : `${layer}: one step changes the weights by 1/${digits(value)} of their norm; about 1/1000 is usual`,
  },
  initMismatch: {
    severity: "warning",
    threshold: 2,
    remedies: [initialize("use the default initializer of the activation")],
    atStart: true,
    measure: each("initMismatch", mismatch),
    sentence: ({ layer, value }, { health }) =>
      value === Number.POSITIVE_INFINITY
        ? `${layer}: all weights of the kernel are equal, so its units compute and learn the same`
        : `${layer}: the kernel's standard deviation is a factor of ${digits(value)} from the one that suits ${health?.kernelDeviation?.activation}`,
  },
  collapsed: {
    severity: "warning",
    threshold: 0,
    remedies: [use("relu", "put an activation between them")],
    measure: each("collapsed", collapses),
    sentence: ({ layer }) =>
      `${layer}: no activation stands between it and the next layer, so both together compute what one linear layer can`,
  },
  lossStuckAtChance: {
    severity: "warning",
    threshold: 0.98,
    remedies: [
      initialize("use the default initializers"),
      adam("adam"),
      wider("more units, and look at the other findings"),
    ],
    measure: ({ loss, chance, step }) =>
      chance === undefined || chance === 0 || step < 100
        ? []
        : [{ code: "lossStuckAtChance", layer: undefined, value: loss / chance }],
    sentence: ({ value }) =>
      `the loss is ${percent(value)} of what one answer to every row would give: nothing was learned from the inputs`,
  },
  notZeroCentered: {
    severity: "info",
    threshold: 0.95,
    remedies: [
      use("tanh", "use a zero-centered activation such as tanh before it, or normalize its inputs"),
    ],
    measure: each("notZeroCentered", ({ zeroCentering, kernelDeviation }) =>
      kernelDeviation === undefined ? undefined : zeroCentering.inputs,
    ),
    sentence: ({ layer, value }) =>
      `${layer}: its inputs have almost one sign (${percent(value)}), so per row all weights into a unit can only rise or fall together`,
  },
};

export const CODES = Object.keys(RULES) as readonly FindingCode[];
