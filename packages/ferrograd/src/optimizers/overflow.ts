import type { Fault } from "../engine/program.ts";
import type { Optimizer } from "./optimizer.ts";
import type { AnyVariable } from "./spec.ts";
import type { CoreRule } from "./update.ts";

/** Operands of the core for each variable: itself, and room for its slots. */
const OPERANDS = 4;
/** Learning rates and weight decays from here on are the first suspect. */
const SUSPECT = 1;
/** Gradients from here on are. */
const LARGE = 1e9;
const bits = new DataView(new ArrayBuffer(4));

/** What of an optimizer's step would not be finite, and the likely cause. */
export function explainOverflow(
  optimizer: Optimizer,
  { slots }: CoreRule,
  variables: readonly AnyVariable[],
  { operand, element, value }: Fault,
): { readonly where: string; readonly cause: string } {
  const name = `"${variables[Math.floor(operand / OPERANDS)]?.name}"`;
  const slot = slots[(operand % OPERANDS) - 1];
  const what = slot === undefined ? name : `slot "${slot}" of ${name}`;
  bits.setInt32(0, value);
  const gradient = bits.getFloat32(0);
  return {
    where: `${what} (element ${element}, where the gradient is ${gradient})`,
    cause: causeOf(optimizer, gradient, slot !== undefined),
  };
}

function causeOf(optimizer: Optimizer, gradient: number, isSlot: boolean): string {
  const number = (name: string) =>
    name in optimizer.spec.hyper ? optimizer.getHyper(name) : undefined;
  const { learningRate } = optimizer;
  const weightDecay = number("weightDecay") ?? 0;
  const epsilon = number("epsilon") ?? 1;
  if (Math.fround(epsilon) === 0) return `epsilon ${epsilon} is too small: a division by 0`;
  if (!isSlot && learningRate >= SUSPECT) return `the learning rate ${learningRate} is too high`;
  if (Math.abs(gradient) < LARGE && weightDecay >= SUSPECT)
    return `the weight decay ${weightDecay} is too high`;
  if (Math.abs(gradient) < LARGE) return "values close to the largest that float32 can hold";
  return "a gradient so large that float32 cannot hold what follows from it; scale the data, or clip with clipValue";
}
