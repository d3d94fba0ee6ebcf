import { grad } from "../compile/differentiate.ts";
import { ACTIVATIONS } from "../engine/ops.generated.ts";
import { tensor } from "../graph/leaf.ts";
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

const NONE: Saturation = { share: 0, low: 0, high: 0 };

/**
 * Shares of z where |f'| is under `flatness` of its largest value, at the ends where f saturates.
 * Where f' crosses 0 between them, as gelu's does at its minimum, f is not saturated.
 */
export function saturation(
  { attrs, preActivation, slope }: LayerReading,
  flatness: number,
): Saturation {
  const { saturates } = ACTIVATIONS[attrs.activation];
  if (slope === undefined || saturates === "none") return NONE;
  const shape = slopeShape(attrs, flatness);
  if (saturates === "low" && shape.rectifies) return NONE;
  const [z, slopes] = [preActivation.values, slope.values];
  const flat = flatness * shape.largest;
  const below = saturates === "high" || shape.rectifies ? Number.NEGATIVE_INFINITY : shape.low;
  const above = saturates === "low" ? Number.POSITIVE_INFINITY : shape.high;
  let [low, high] = [0, 0];
  for (let i = 0; i < slopes.length; i++) {
    if (!(Math.abs(slopes[i]!) < flat)) continue;
    if (z[i]! < below) low++;
    else if (z[i]! > above) high++;
  }
  const elements = Math.max(1, slopes.length);
  return { share: (low + high) / elements, low: low / elements, high: high / elements };
}
