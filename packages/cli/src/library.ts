// What the command shares with the library beyond its public names; both end in one bundle.
import { ACTIVATIONS } from "../../ferrograd/src/engine/ops.generated.ts";

export { ArgumentError, FerrogradError, InternalError } from "../../ferrograd/src/errors.ts";
export {
  nonNegativeInteger,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
} from "../../ferrograd/src/suggest.ts";

export type Activation = keyof typeof ACTIVATIONS;
export const activationNames = Object.keys(ACTIVATIONS) as Activation[];
