import type { DistributionName } from "../engine/ops.generated.ts";
import type { RandomAttrs, SourceAttrs } from "../graph/ops/random.ts";
import { wordStream } from "../values/philox.ts";
import { sizeOf } from "../values/shape.ts";
import type { References } from "./reference.ts";

/** The error function: its Taylor series, whose terms stay small enough for |x| < 6. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** The inverse of the error function by halving; -1 < y < 1. */
function erfInverse(y: number): number {
  let [low, high] = [-4.5, 4.5];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The top 24 bits as a number in [0, 1). */
const unit = (word: number): number => (word >>> 8) / 2 ** 24;

/** The quantile of a standard normal at a random place of its middle `share`. */
function normal(word: number, share: number): number {
  const place = (((word >>> 8) | 1) - 2 ** 23) / 2 ** 23; // in (-1, 1)
  return Math.SQRT2 * erfInverse(place * share);
}

const draws: {
  readonly [name in DistributionName]: (w: number, p0: number, p1: number) => number;
} = {
  uniform: (word, min, max) => min + unit(word) * (max - min),
  normal: (word, mean, stddev) => mean + stddev * normal(word, 1),
  truncatedNormal: (word, mean, stddev) =>
    mean + stddev * Math.max(-2, Math.min(2, normal(word, erf(Math.SQRT2)))),
};

const words = ({ seedLow, seedHigh, stream }: SourceAttrs, step: number): (() => number) =>
  wordStream(seedHigh * 2 ** 32 + seedLow, stream, step);

export const randomReferences: References = {
  random: ([step], attrs: RandomAttrs) => {
    const next = words(attrs, step!.data[0]!);
    const draw = draws[attrs.distribution];
    const length = sizeOf(attrs.shape);
    return [Float64Array.from({ length }, () => draw(next(), attrs.p0, attrs.p1))];
  },
  dropout: ([x, step], { rate, ...source }: SourceAttrs & { rate: number }) => {
    const next = words(source, step!.data[0]!);
    const kept = () => (unit(next()) < Math.fround(rate) ? 0 : 1 / (1 - rate));
    return [x!.data.map((value) => value * kept())];
  },
};
