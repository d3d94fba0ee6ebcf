import { CONSUMERS as BUNDLERS } from "./bundlers.mjs";
import { CONSUMERS as FRAMEWORKS } from "./frameworks.mjs";
import { CONSUMERS as NODE } from "./node.mjs";
import { CONSUMERS as PAGES } from "./pages.mjs";
import { CONSUMERS as TESTS } from "./tests.mjs";
import { CONSUMERS as TYPESCRIPT } from "./typescript.mjs";
import { CONSUMERS as WORKERD } from "./workerd.mjs";
import { CONSUMERS as WORKERS } from "./workers.mjs";

/**
 * Every way of use; the first is what the others are compared with.
 * @type {import("../lib/consumer-place.mjs").Consumer[]}
 */
export const CONSUMERS = [
  ...NODE,
  ...TYPESCRIPT,
  ...BUNDLERS,
  ...PAGES,
  ...WORKERS,
  ...TESTS,
  ...WORKERD,
  ...FRAMEWORKS,
];
