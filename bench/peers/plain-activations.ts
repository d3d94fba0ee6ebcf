import { activationsF64 } from "ferrograd/check";
import { activations } from "ferrograd/tables";
import type { ActivationSpec, KernelSession } from "../types.ts";

type Loop = (input: Float32Array, dy: Float32Array | undefined, out: Float32Array) => void;

/** Sums 0.5 (1 + erf(x / sqrt 2)) with one exponential, to 1e-7 (Abramowitz & Stegun 7.1.26). */
function normal(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  let sum = 0;
  for (let i = 0; i < series.length; i++) sum = (sum + series[i]) * t;
  const tail = 0.5 * sum * Math.exp(-z * z);
  return x < 0 ? tail : 1 - tail;
}
const FASTER: Partial<typeof activationsF64> = {
  gelu: {
    f: (x) => x * normal(x),
    df: (x) => normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  },
};

/** What anybody writes first: a loop over a typed array that calls Math.exp, Math.tanh and their like. */
export function plainActivation(spec: ActivationSpec): KernelSession {
  const { activation, direction, x, dy } = spec;
  const { f, df } = FASTER[activation] ?? activationsF64[activation];
  const row = activations[activation];
  const [p0 = 0, p1 = 0] = row.params.map((param) => param.default);
  const out = new Float32Array(x.length);
  const fromY = (value: number) => df(Math.fround(f(value, p0, p1)), p0, p1);
  const slope = row.derivativeFrom === "y" ? fromY : df;
  const loop = createLoop(direction === "forward" ? f : slope, p0, p1);
  const values = () => {
    loop(x, direction === "backward" ? dy : undefined, out);
    return out;
  };
  return { run: () => values()[0], values, dispose() {} };
}

/** One function for each, made from text: a loop that all shared would call f without inlining it. */
function createLoop(
  f: (x: number, p0: number, p1: number) => number,
  p0: number,
  p1: number,
): Loop {
  const body = `return (input, dy, out) => {
    if (dy === undefined) for (let i = 0; i < out.length; i++) out[i] = f(input[i], p0, p1);
    else for (let i = 0; i < out.length; i++) out[i] = dy[i] * f(input[i], p0, p1);
  };`;
  return new Function("f", "p0", "p1", body)(f, p0, p1) as Loop;
}
