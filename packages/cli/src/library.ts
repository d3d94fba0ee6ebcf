// What the command shares with the library beyond its public names; both end in one bundle.
import type { ActivationName } from "ferrograd";
import metadata from "../../ferrograd/package.json" with { type: "json" };
import { ACTIVATIONS } from "../../ferrograd/src/engine/ops.generated.ts";

export { optimizerNames, optimizerOf } from "../../ferrograd/src/optimizers/by-name.ts";
export {
  fraction,
  nonNegativeInteger,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
} from "../../ferrograd/src/options/index.ts";

export const VERSION = metadata.version;
export const activationNames = Object.keys(ACTIVATIONS) as ActivationName[];
