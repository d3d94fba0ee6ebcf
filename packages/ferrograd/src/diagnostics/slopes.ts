import { grad } from "../compile/differentiate.ts";
import { ACTIVATIONS } from "../engine/ops.generated.ts";
import { tensor } from "../graph/constants.ts";
import { activate } from "../graph/ops/activation.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { ActivationAttrs, LayerReading } from "./probe.ts";

/** What the diagnosis knows of f' of a row of the activation table. */
export interface SlopeShape {
  /** The largest |f'(x)|. */
  readonly largest: number;
  /** Where |f'| first and last is no share of it worth the name: the flat ends lie beyond. */
  readonly low: number;
  readonly high: number;
  /** Is f' zero everywhere below zero? Such units are off there, not saturated. */
  readonly rectifies: boolean;
}

const shapes = new Map<string, SlopeShape>();
const GRID = Array.from({ length: 2049 }, (_, i) => (i - 1024) / 64); // -16 to 16

/** Reads f' of a row once on a grid, computed by the core. */
export function slopeShape(attrs: ActivationAttrs, flatness: number): SlopeShape {
  const key = `${attrs.activation}/${attrs.p0}/${attrs.p1}/${flatness}`;
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const x = tensor(GRID);
  const slopes = Array.from(grad(sum(activate(x, attrs)), [x])[0]!.data());
  const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const steep = (slope: number) => Math.abs(slope) >= flatness * largest;
  const shape = {
    largest,
    low: GRID[slopes.findIndex(steep)] ?? 0,
    high: GRID[slopes.findLastIndex(steep)] ?? 0,
    rectifies: slopes.every((slope, i) => GRID[i]! >= 0 || slope === 0),
  };
  shapes.set(key, shape);
  return shape;
}

/** Shares of z on the flat ends of f. */
export interface Saturation {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** How many z of each unit lie on each flat end. */
export interface FlatEnds {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/**
 * Counts of z where |f'| is under `flatness` of its largest value, at the ends where f saturates.
 * Where f' crosses 0 between them, as gelu's does at its minimum, f is not saturated.
 */
export function flatEnds(
  { attrs, preActivation, slope }: LayerReading,
  flatness: number,
): FlatEnds {
  const { saturates } = ACTIVATIONS[attrs.activation];
  const { units } = preActivation;
  const [low, high] = [new Uint32Array(units), new Uint32Array(units)];
  const shape = slopeShape(attrs, flatness);
  const hasLow = saturates !== "none" && saturates !== "high" && !shape.rectifies;
  const hasHigh = saturates === "high" || saturates === "both";
  if (slope === undefined || !(hasLow || hasHigh)) return { low, high };
  const [z, slopes] = [preActivation.values, slope.values];
  const flat = flatness * shape.largest;
  const below = hasLow ? shape.low : Number.NEGATIVE_INFINITY;
  const above = hasHigh ? shape.high : Number.POSITIVE_INFINITY;
  for (let at = 0, unit = 0; at < slopes.length; at++, unit = unit + 1 === units ? 0 : unit + 1) {
    if (!(Math.abs(slopes[at]!) < flat)) continue;
    if (z[at]! < below) low[unit]!++;
    else if (z[at]! > above) high[unit]!++;
  }
  return { low, high };
}
