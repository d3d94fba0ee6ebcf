import type { Chart } from "../../experiment.ts";
import { bars } from "./bars.ts";
import type { Draw } from "./frame.ts";
import { lines } from "./lines.ts";
import { path } from "./path.ts";
import { rows } from "./rows.ts";
import { scatter } from "./scatter.ts";

/** How each kind of chart is drawn. */
export const KINDS: { readonly [K in Chart["kind"]]: Draw } = { bars, lines, path, rows, scatter };
