import { CONSUMERS as BUNDLERS } from "./bundlers.mjs";
import { CONSUMERS as NODE } from "./node.mjs";
import { CONSUMERS as TYPESCRIPT } from "./typescript.mjs";

/**
 * Every way of use; the first is what the others are compared with.
 * @type {import("../lib/consumer-place.mjs").Consumer[]}
 */
export const CONSUMERS = [...NODE, ...TYPESCRIPT, ...BUNDLERS];
