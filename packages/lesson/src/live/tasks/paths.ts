import { descend, lossOver, lowest, points } from "../../contour.ts";
import { grid } from "../../probe.ts";
import {
  type Landscape,
  LEVELS,
  NEAR,
  type PathFrame,
  type PathsInput,
  STEPS,
  VIEW,
} from "../frames/paths.ts";
import { contours } from "./contours.ts";

/** Points of a side of the grid that lines of equal loss are found on. */
const SIDE = 57;

/** From one start over the losses of all-positive and of centered inputs. */
export function* paths({ batchSize, rate, seed }: PathsInput): Generator<PathFrame> {
  for (const centered of [false, true]) {
    const land = landscape(centered, seed);
    const until = NEAR * land.lowest.loss;
    const path = descend({ centered, batchSize, rate, seed, steps: STEPS, until });
    yield { ...path, ...land, centered };
  }
}

const known = new Map<string, Landscape>();

/** Computed once: every walk with these inputs is on the same one. */
function landscape(centered: boolean, seed: number): Landscape {
  const key = `${centered} ${seed}`;
  const found = known.get(key) ?? survey(centered, seed);
  known.set(key, found);
  return found;
}

function survey(centered: boolean, seed: number): Landscape {
  const loss = lossOver(points(centered, seed));
  const [xs, ys] = [grid(...VIEW.x, SIDE), grid(...VIEW.y, SIDE)];
  const losses = ys.map((w2) => xs.map((w1) => loss.at([w1, w2])));
  loss.dispose();
  const lines = LEVELS.map((level) => ({ level, segments: contours(xs, ys, losses, level) }));
  return { lines, lowest: lowest(centered, seed) };
}
