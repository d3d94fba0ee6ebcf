import type { LayerFrame } from "./frames/layers.ts";

/** What ten layers do to a signal, and the numbers that show it. */
export interface Verdict {
  readonly code: "diesOut" | "explodes" | "saturates" | "vanishes" | "sound";
  readonly good: boolean;
  readonly values: readonly number[];
}

/** Ratio of last to first spread under which a signal has died out, or over which it explodes. */
const DIES = 0.01;
const EXPLODES = 100;
/** Share of answers on a flat end, in the worst layer. */
const SATURATES = 0.4;
/** Powers of ten between the last and the first layer's gradient. */
const VANISHES = 3;

export function verdictOf(layers: readonly LayerFrame[]): Verdict {
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const spreads = [first.deviation, last.deviation];
  const saturated = Math.max(...layers.map((layer) => layer.saturated));
  const growth = last.deviation === 0 ? 0 : last.deviation / first.deviation;
  const fall = last.log10Gradient - first.log10Gradient;
  if (!(growth <= EXPLODES)) return { code: "explodes", good: false, values: spreads };
  if (growth < DIES) return { code: "diesOut", good: false, values: spreads };
  if (saturated > SATURATES) return { code: "saturates", good: false, values: [saturated] };
  if (fall > VANISHES)
    return { code: "vanishes", good: false, values: [last.gradientNorm, first.gradientNorm] };
  return { code: "sound", good: true, values: spreads };
}
