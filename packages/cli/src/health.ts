import type { Finding, Histogram, LayerHealth } from "ferrograd/diagnostics";

/** A number of a layer's health, as people read it. */
export interface HealthColumn {
  readonly name: string;
  readonly means: string;
  text(layer: LayerHealth): string;
}

const NONE = "-";
const percent = (share: number): string => `${Math.round(share * 100)} %`;
/** Two digits; very small and very large numbers with an exponent. */
export const brief = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e4 ? String(Number(value.toPrecision(2))) : value.toExponential(0);
};
const optional = (value: number | undefined): string => (value === undefined ? NONE : brief(value));

/** What the table of a network's health shows of each layer. */
export const HEALTH_COLUMNS: readonly HealthColumn[] = [
  { name: "f", means: "the activation", text: ({ activation }) => activation },
  { name: "units", means: "width of the outputs", text: ({ units }) => String(units) },
  {
    name: "saturated",
    means: "elements on a flat end of f",
    text: ({ saturation }) => percent(saturation.share),
  },
  {
    name: "dead",
    means: "units with slope 0 on every row",
    text: ({ dead }) => percent(dead.share),
  },
  { name: "zeros", means: "outputs that are 0", text: ({ sparsity }) => percent(sparsity) },
  {
    name: "one sign",
    means: "how far a row's inputs have one sign: |sum| over sum of |x|",
    text: ({ zeroCentering }) => percent(zeroCentering.inputs),
  },
  {
    name: "dL/dy",
    means: "norm of the gradient at the outputs",
    text: ({ gradientNorm }) => brief(gradientNorm),
  },
  {
    name: "dL/dw",
    means: "norm of the gradient of the weights",
    text: ({ weightGradientNorm }) => optional(weightGradientNorm),
  },
  {
    name: "update",
    means: "length of one step over the length of the weights",
    text: ({ updateRatio }) => optional(updateRatio),
  },
];

/** The histograms of a layer, those it has: without an activation, outputs are what they would be of. */
export function histogramsOf({ activation, histograms }: LayerHealth): [string, Histogram][] {
  const { preActivations, activations, gradients, weights } = histograms;
  const values: [string, Histogram][] =
    activation === "linear"
      ? [["y", activations]]
      : [
          ["z", preActivations],
          ["f(z)", activations],
        ];
  return [
    ...values,
    ["dL/dy", gradients],
    ...(weights ? [["weights", weights] satisfies [string, Histogram]] : []),
  ];
}

/** Findings of one code, which say the same of several layers. */
export function byCode(findings: readonly Finding[]): (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const group = groups.get(finding.code);
    if (group === undefined) groups.set(finding.code, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

/** `; the same holds for dense_1, dense_2` */
export function others([, ...rest]: readonly Finding[]): string {
  return rest.length === 0
    ? ""
    : `; the same holds for ${rest.map(({ layer }) => layer).join(", ")}`;
}
