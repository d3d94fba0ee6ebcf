import { ACTIVATIONS } from "@ferrograd/shared/names.ts";
import { type ActivationName, randomNormal } from "ferrograd";
import { FLAT, grid, curve as read } from "../../probe.ts";
import { type CurveFrame, POINTS, REACH, type State } from "../frames/curve.ts";
import { log10 } from "./logarithm.ts";

/** One activation, its derivative, where it is flat and how one-signed its outputs are. */
export function* curve({ name }: { readonly name: ActivationName }): Generator<CurveFrame> {
  const x = grid(-REACH, REACH, POINTS);
  const { y, slope } = read(name, x);
  const wide = grid(-16, 16, 2049);
  const slopes = read(name, wide).slope;
  const threshold = FLAT * slopes.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const rectifies = slopes.every((v, i) => wide[i]! >= 0 || v === 0);
  const { saturates } = ACTIVATIONS[name];
  const stateAt = (at: number, v: number): State => {
    const side = at < 0 ? "low" : "high";
    const flat = (saturates === side || saturates === "both") && Math.abs(v) < threshold;
    if (flat && !(rectifies && side === "low")) return "saturated";
    return v === 0 ? "off" : "open";
  };
  const states = x.map((at, i) => stateAt(at, slope[i]!));
  yield { x, y, slope, log10Slope: log10(slope), states, threshold, outputs: outputsOf(name) };
}

const DRAWS = 4096;

function outputsOf(name: ActivationName): CurveFrame["outputs"] {
  const { y } = read(name, randomNormal([DRAWS], { seed: 1 }).data());
  const mean = y.reduce((total, v) => total + v, 0) / DRAWS;
  const positive = y.reduce((count, v) => count + (v > 0 ? 1 : 0), 0) / DRAWS;
  return { mean, positive };
}
