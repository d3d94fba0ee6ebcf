import { type ActivationName, initializers, sgd } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { network } from "../../network.ts";
import { curve, grid, type LayerHealth, probe } from "../../probe.ts";
import { BINS, DEPTH, type LayersFrame, type LayersInput, WIDTH } from "../frames/layers.ts";
import { log10 } from "./logarithm.ts";

/** Pictures end here where f has no bound. */
const LIMIT = 3;
const ROUNDING = 1e-6;
const ROWS = 256;

/** Ten layers of 64 before any training, on 256 digits. */
export function* layers({ name, stddev, seed }: LayersInput): Generator<LayersFrame> {
  const { x, y } = digits().train.take(ROWS);
  const net = network({
    widths: [64, ...Array<number>(DEPTH).fill(WIDTH), 10],
    activation: name,
    optimizer: sgd({ learningRate: 0.1 }),
    seed,
    kernelInitializer: initializers.normal({ stddev }),
  });
  try {
    const found = probe(net, name, x, Int32Array.from(y.data));
    const [low, high] = rangeOf(name);
    const logarithms = log10(found.map(({ gradientNorm }) => gradientNorm));
    yield { low, high, layers: found.map((one, i) => frameOf(one, low, high, logarithms[i]!)) };
  } finally {
    net.dispose();
  }
}

/** What f can give, within ±LIMIT where it has no bound. */
function rangeOf(name: ActivationName): [number, number] {
  const { y } = curve(name, grid(-16, 16, 513));
  const [least, most] = [Math.min(...y), Math.max(...y)];
  return most - least <= 2 * LIMIT
    ? [least, most]
    : [Math.max(least, -LIMIT), Math.min(most, LIMIT)];
}

const frameOf = (one: LayerHealth, low: number, high: number, log10Gradient: number) => ({
  ...histogram(one.a, low, high),
  deviation: one.deviation,
  saturated: one.saturated,
  dead: one.dead.length,
  gradientNorm: one.gradientNorm,
  log10Gradient,
});

/** Shares of values in equal bins, and of those outside; what is no number counts as above. */
export function histogram(values: ArrayLike<number>, low: number, high: number) {
  const shares = new Array<number>(BINS).fill(0);
  let [below, above] = [0, 0];
  const each = 1 / values.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low - ROUNDING) below += each;
    else if (!(value <= high + ROUNDING)) above += each;
    else {
      const bin = Math.floor(((value - low) / (high - low)) * BINS);
      shares[Math.min(BINS - 1, Math.max(0, bin))]! += each;
    }
  }
  return { shares, below, above };
}
