import type { ActivationName } from "../engine/ops.generated.ts";

/** An activation in float64: what the core is compared with. */
export interface ActivationReference {
  /** The value at x, with the parameters in the order of its options. */
  f(x: number, p0: number, p1: number): number;
  /** The slope, from x or y as the row says. */
  df(xy: number, p0: number, p1: number): number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const between = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
/** x·gate with the limit 0 at −∞. */
const gated = (x: number, gate: number): number => (x === -Infinity ? 0 : x * gate);
/** x·slope with the limit 0 at ±∞, where the slope of a gate is 0. */
const bounded = (x: number, slope: number): number => (Number.isFinite(x) ? x * slope : slope);

/**
 * erfc z = 2/√π ∫ e^(−t²) from z: the series of erf below 3, the continued fraction above
 * (Abramowitz & Stegun 7.1.6 and 7.1.14).
 */
export function erfc(z: number): number {
  if (z < 0) return 2 - erfc(-z);
  if (Number.isNaN(z)) return z;
  if (z < 3) {
    let [sum, term] = [z, z];
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
  }
  let fraction = z;
  for (let n = 60; n >= 1; n--) fraction = z + n / 2 / fraction;
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
}
const normal = (x: number): number => (Number.isNaN(x) ? x : 0.5 * erfc(-x / Math.SQRT2));

const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };
const geluAngle = (x: number): number => 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
/** 1 strictly between the kinks, 0 outside and on them. */
const inside = (x: number, low: number, high: number): number => Number(x > low && x < high);

/**
 * The activations in float64, each written down apart from the core's row.
 *
 * @example
 * const { f, df } = activationsF64.sigmoid;
 * df(f(0, 0, 0), 0, 0) // 0.25
 */
export const activationsF64: { readonly [name in ActivationName]: ActivationReference } = {
  linear: { f: (x) => x, df: () => 1 },
  sigmoid: { f: sigmoid, df: (y) => y * (1 - y) },
  tanh: { f: Math.tanh, df: (y) => 1 - y * y },
  relu: { f: (x) => Math.max(x, 0), df: (y) => (y > 0 ? 1 : 0) },
  leakyRelu: { f: (x, slope) => (x > 0 ? x : slope * x), df: (y, slope) => (y > 0 ? 1 : slope) },
  relu6: { f: (x) => between(x, 0, 6), df: (y) => inside(y, 0, 6) },
  elu: {
    f: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
    df: (y, alpha) => (y > 0 ? 1 : y + alpha),
  },
  selu: {
    f: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x)),
    df: (y) => (y > 0 ? SELU.scale : y + SELU.scale * SELU.alpha),
  },
  celu: {
    f: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
    df: (y, alpha) => (y > 0 ? 1 : 1 + y / alpha),
  },
  gelu: {
    f: (x) => gated(x, normal(x)),
    df: (x) => normal(x) + bounded(x, Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)),
  },
  geluTanh: {
    f: (x) => gated(x, sigmoid(geluAngle(x))),
    df: (x) => {
      const s = sigmoid(geluAngle(x));
      const slope = 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
      return s + bounded(x, s === 0 || s === 1 ? 0 : s * (1 - s) * slope);
    },
  },
  hardSigmoid: { f: (x) => between(x + 3, 0, 6) / 6, df: (x) => inside(x, -3, 3) / 6 },
  hardTanh: { f: (x) => between(x, -1, 1), df: (y) => inside(y, -1, 1) },
  silu: {
    f: (x) => gated(x, sigmoid(x)),
    df: (x) => sigmoid(x) + bounded(x, sigmoid(x) * sigmoid(-x)),
  },
  hardSilu: {
    f: (x) => gated(x, between(x + 3, 0, 6) / 6),
    df: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  },
  mish: {
    f: (x) => gated(x, Math.tanh(softplus(x))),
    df: (x) => {
      const t = Math.tanh(softplus(x));
      return t + bounded(x, sigmoid(x) * (1 - t * t));
    },
  },
  softplus: { f: softplus, df: sigmoid },
  softsign: {
    f: (x) => (Number.isFinite(x) ? x / (1 + Math.abs(x)) : Math.sign(x)),
    df: (x) => (1 + Math.abs(x)) ** -2,
  },
  softShrink: {
    f: (x, lambda) => x - between(x, -lambda, lambda),
    df: (x, lambda) => Number(Math.abs(x) > lambda),
  },
  hardShrink: {
    f: (x, lambda) => (Math.abs(x) <= lambda ? 0 : x),
    df: (x, lambda) => Number(Math.abs(x) > lambda),
  },
  tanhShrink: { f: (x) => x - Math.tanh(x), df: (x) => Math.tanh(x) ** 2 },
  threshold: {
    f: (x, threshold, value) => (x <= threshold ? value : x),
    df: (x, threshold) => Number(x > threshold),
  },
  logSigmoid: { f: (x) => -softplus(-x), df: (x) => sigmoid(-x) },
  exponential: { f: Math.exp, df: (y) => y },
  squareplus: {
    f: (x, b) =>
      (x < 0 ? b / (Math.hypot(x, Math.sqrt(b)) - x) : x + Math.hypot(x, Math.sqrt(b))) / 2,
    df: (y, b) => 1 / (1 + b / (4 * y * y)),
  },
  sparsePlus: {
    f: (x) => (x >= 1 ? x : (Math.max(x, -1) + 1) ** 2 / 4),
    df: (x) => between((x + 1) / 2, 0, 1),
  },
  sparseSigmoid: { f: (x) => between((x + 1) / 2, 0, 1), df: (x) => inside(x, -1, 1) / 2 },
};
