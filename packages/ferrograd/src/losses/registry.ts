import type { Config } from "../layers/layer.ts";
import { amounts } from "./amounts.ts";
import { classifications } from "./classification.ts";
import { crossentropies } from "./crossentropy.ts";
import { distanceLosses } from "./distances.ts";
import { focals } from "./focal.ts";
import type { Loss, LossOf } from "./loss.ts";
import { overlaps } from "./overlap.ts";
import { regressions } from "./regression.ts";

/** Every loss of ours by its name, those too that `compile` takes as values alone; only `loadModel` imports this. */
export const lossRegistry: ReadonlyMap<string, (options: Config) => Loss> = /* @__PURE__ */ byName([
  crossentropies,
  regressions,
  classifications,
  focals,
  amounts,
  distanceLosses,
  overlaps,
]);

function byName(losses: readonly (readonly unknown[])[]) {
  return new Map(
    (losses.flat() as readonly LossOf<object>[]).map((loss) => [loss.row.name, loss.with]),
  );
}
