import type { LivePart } from "./part.ts";

/** Every part, in the order of the page. */
export const PARTS: readonly LivePart[] = [];
