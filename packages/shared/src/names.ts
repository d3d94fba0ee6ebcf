import type { ActivationName } from "ferrograd";
import { ACTIVATIONS } from "../../ferrograd/src/engine/ops.generated.ts";

export { ACTIVATIONS };
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];
