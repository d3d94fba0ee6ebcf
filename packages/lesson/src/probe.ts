import { ACTIVATIONS } from "@ferrograd/shared/names.ts";
import {
  type ActivationName,
  grad,
  jit,
  mean,
  sparseCategoricalCrossentropy,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";
import { activationOf, type Network } from "./network.ts";

/** Share of the largest slope under which an activation counts as saturated: a sigmoid at |x| > 5. */
export const FLAT = 0.027;

/** One hidden layer on a batch of rows. */
export interface LayerHealth {
  /** Inputs and outputs of the activation, (rows, units). */
  readonly z: Float32Array;
  readonly a: Float32Array;
  readonly units: number;
  readonly deviation: number;
  /** 1 where all outputs of each row have one sign, near 0 where they balance. */
  readonly oneSigned: number;
  /** Share of elements on a flat end of an activation that is flat on both sides. */
  readonly saturated: number;
  /** Units whose slope is 0 on every row. */
  readonly dead: readonly number[];
  /** Norm of the gradient of the kernel. */
  readonly gradientNorm: number;
}

/** Values and slopes of an activation at x. */
export function curve(name: ActivationName, x: ArrayLike<number>) {
  const f = activationOf(name);
  const both = jit((t: Tensor) => {
    const y = f(t);
    return { y, slope: grad(sum(y), [t])[0]! };
  });
  const { y, slope } = both(tensor(Float32Array.from(x), [x.length]));
  const result = { y: y.data(), slope: slope.data() };
  both.dispose();
  return result;
}

/** Evenly spaced numbers from `from` to `to`. */
export const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((total, v) => total + v * v, 0));

/** The hidden layers of a classifier on these rows. */
export function probe(
  { hidden, output }: Network,
  name: ActivationName,
  rows: { readonly data: Float32Array; readonly shape: readonly number[] },
  labels: Int32Array,
): LayerHealth[] {
  const look = jit((x: Tensor, y: Tensor<readonly number[], "int32">) => {
    const [zs, as]: [Tensor[], Tensor[]] = [[], []];
    for (const layer of hidden) {
      zs.push(layer.dense(as.at(-1) ?? x));
      as.push(layer.activation(zs.at(-1)!));
    }
    const loss = mean(sparseCategoricalCrossentropy(y, output(as.at(-1) ?? x)));
    const kernels = hidden.map((layer) => layer.dense.variables[0]! as unknown as Tensor);
    return [...zs, ...as, ...grad(loss, kernels)];
  });
  const read = look(tensor(rows.data, rows.shape), tensor(labels, [labels.length], "int32"));
  const values = read.map((t) => t.data() as Float32Array);
  look.dispose();
  const depth = hidden.length;
  const largest = Math.max(...curve(name, grid(-10, 10, 2001)).slope.map(Math.abs));
  return hidden.map((_, l) =>
    health(name, largest, labels.length, values[l]!, values[depth + l]!, values[2 * depth + l]!),
  );
}

function health(
  name: ActivationName,
  largest: number,
  rows: number,
  z: Float32Array,
  a: Float32Array,
  gradient: Float32Array,
): LayerHealth {
  const units = z.length / rows;
  const { slope } = curve(name, z);
  const average = a.reduce((total, v) => total + v, 0) / a.length;
  const variance = a.reduce((total, v) => total + (v - average) * (v - average), 0) / a.length;
  const flat = slope.reduce((total, s) => total + (Math.abs(s) < FLAT * largest ? 1 : 0), 0);
  const alive = new Set<number>();
  slope.forEach((s, at) => {
    if (s !== 0) alive.add(at % units);
  });
  return {
    z,
    a,
    units,
    deviation: Math.sqrt(variance),
    oneSigned: oneSigned(a, units),
    saturated: ACTIVATIONS[name].saturates === "both" ? flat / slope.length : 0,
    dead: Array.from({ length: units }, (_, unit) => unit).filter((unit) => !alive.has(unit)),
    gradientNorm: norm(gradient),
  };
}

/** Mean over rows of |Σ a| / Σ |a|; rows of zeros are left out. */
function oneSigned(a: Float32Array, units: number): number {
  let [total, rows] = [0, 0];
  for (let at = 0; at < a.length; at += units) {
    const row = a.subarray(at, at + units);
    const size = row.reduce((sum, v) => sum + Math.abs(v), 0);
    if (size === 0) continue;
    total += Math.abs(row.reduce((sum, v) => sum + v, 0)) / size;
    rows += 1;
  }
  return rows === 0 ? 0 : total / rows;
}
