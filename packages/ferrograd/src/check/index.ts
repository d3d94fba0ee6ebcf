export { type ActivationReference, activationsF64 } from "./activations.ts";
export { evaluateF64, missingReferences } from "./evaluate.ts";
export { type Component, checkGradients, type GradientCheck } from "./gradients.ts";
