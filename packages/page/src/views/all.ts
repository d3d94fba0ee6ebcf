import { chart } from "./chart.ts";
import { confusion } from "./confusion.ts";
import { pad } from "./pad.ts";
import { plane } from "./plane.ts";
import { predictions } from "./predictions.ts";
import type { ViewFactory } from "./view.ts";
import { weights } from "./weights.ts";

/** Every picture, in the two columns of the page. */
export const COLUMNS: readonly (readonly ViewFactory[])[] = [
  [plane, pad, confusion],
  [chart, predictions, weights],
];
