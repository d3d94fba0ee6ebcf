import { curvePart } from "./curve.ts";
import { duelPart } from "./duel.ts";
import { filtersPart, graveyardPart } from "./graveyard.ts";
import { layersPart } from "./layers.ts";
import type { LivePart } from "./part.ts";
import { pathsPart } from "./paths.ts";

/** Every part, in the order of the page. */
export const PARTS: readonly LivePart[] = [
  curvePart,
  layersPart,
  pathsPart,
  graveyardPart,
  duelPart,
  filtersPart,
];
