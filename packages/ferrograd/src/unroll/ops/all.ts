import { crossEntropyLabels, crossEntropyLabelsBackward } from "./crossentropy.ts";
import { guard } from "./guard.ts";
import { increment } from "./increment.ts";
import { map } from "./map.ts";
import { matmul, matmulBackward } from "./matmul.ts";
import { prepareUpdate } from "./prepare.ts";
import { reduce } from "./reduce.ts";
import type { Unroller } from "./unrolling.ts";
import { update } from "./update.ts";

/** The ops that are written out, by their names in the op table; the core performs the others. */
export const unrollers: Readonly<Record<string, Unroller<never>>> = {
  matmul,
  matmulBackward,
  map,
  reduce,
  crossEntropyLabels,
  crossEntropyLabelsBackward,
  guard,
  prepareUpdate,
  update,
  increment,
};
