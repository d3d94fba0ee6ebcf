import { descend, lossOver, points } from "../../contour.ts";
import { grid } from "../../probe.ts";
import { GOAL, LEVELS, type PathFrame, type PathsInput, STEPS, VIEW } from "../frames/paths.ts";
import { contours } from "./contours.ts";

/** Points of a side of the grid that lines of equal loss are found on. */
const SIDE = 45;

/** From one start over the losses of all-positive and of centered inputs. */
export function* paths({ batchSize, rate, seed }: PathsInput): Generator<PathFrame> {
  for (const centered of [false, true]) {
    const path = descend({ centered, batchSize, rate, seed, steps: STEPS, until: GOAL });
    yield { ...path, centered, lines: linesOf(centered, seed) };
  }
}

function linesOf(centered: boolean, seed: number): PathFrame["lines"] {
  const loss = lossOver(points(centered, seed));
  const [xs, ys] = [grid(...VIEW.x, SIDE), grid(...VIEW.y, SIDE)];
  const losses = ys.map((w2) => xs.map((w1) => loss.at([w1, w2])));
  loss.dispose();
  return LEVELS.map((level) => ({ level, segments: contours(xs, ys, losses, level) }));
}
