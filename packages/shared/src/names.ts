import type { ActivationName } from "ferrograd";
import { activations as ACTIVATIONS } from "ferrograd/tables";

export { ACTIVATIONS };
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];
