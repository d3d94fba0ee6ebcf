import { ArgumentError, ShapeError, StateError } from "../errors.ts";
import { fill, zeros } from "../graph/constants.ts";
import { toTensor } from "../graph/leaf.ts";
import { descendsFrom } from "../graph/lineage.ts";
import { takenInPlaceOf } from "../graph/meaning.ts";
import type { Flow } from "../graph/op.ts";
import { provideCurvature } from "../graph/ops/curvature.ts";
import { add } from "../graph/ops/elementwise.ts";
import { sumTo } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import { inGradient, inPlaceOf } from "../graph/scope.ts";
import { type AnyTensor, isTensor, type Node, type Tensor } from "../graph/tensor.ts";
import { listOf, own, show } from "../options/index.ts";
import { BOOL, FLOAT, isFloat } from "../values/dtype.ts";
import { showShape } from "../values/shape.ts";
import { canonicalize } from "./canonicalize.ts";
import { leaves, topological } from "./order.ts";

/**
 * The gradient of a scalar with respect to tensors, as tensors of a graph: reverse-mode
 * differentiation. Any tensor of the graph can be a target: a variable, data, an intermediate. A gradient
 * has gradients in turn; at kinks all derivatives are those of PyTorch. Where the gradient of a gradient is 0
 * everywhere, it is zeros.
 *
 * @example const [dw, dh] = grad(loss, [w, h]);
 * @example
 * const x = tensor([1, 2]);
 * const [slopes] = grad(sum(mul(square(x), x)), [x]); // 3x²
 * grad(sum(slopes), [x])[0].array() // [6, 12]
 * @throws ShapeError when the loss is not a scalar; ArgumentError when a target does not influence it,
 * or only through what has no gradient (argmax, integers), or when it is probabilities whose logits the loss took
 */
export function grad(loss: Tensor, targets: readonly AnyTensor[]): Tensor[] {
  if (typeof loss === "function" && !isTensor(loss)) {
    const remedy = "grad(f(x), [x]) has the gradient of what it gives";
    throw new ArgumentError(`grad(): loss: expected a tensor, got a function; ${remedy}`);
  }
  provideCurvature();
  return gradients(loss, listOf("grad()", "targets", targets, tensorOf));
}

/** @internal */
export const tensorOf = (where: string, name: string, value: unknown): AnyTensor => {
  if (isTensor(value)) return value;
  throw new ArgumentError(`${where}: ${name}: expected a tensor, got ${show(value)}`);
};

/** The gradient of a scalar with respect to tensors. @internal */
export function gradients(loss: Tensor, targets: readonly AnyTensor[], where = "grad()"): Tensor[] {
  const value = toTensor(where, loss);
  if (value.size !== 1) {
    throw new ShapeError(
      `${where}: loss: expected one element, got shape ${showShape(value.shape)}; mean() or sum() make one`,
    );
  }
  for (const target of targets) own("grad()", "targets", target);
  const given = topological([value]);
  targets.forEach((target, i) => {
    checkTaken(`grad(): target ${i}`, given, target);
  });
  checkComputed(value, given, targets);
  const origins: Origins = new Map();
  const [root, ...wanted] = canonicalize([value, ...targets], {
    targets: new Set(targets),
    origins,
  });
  const order = topological([root!]);
  return inGradient(value, () => {
    const gradients = differentiate(root!, order, wanted, origins);
    return wanted.map((target, i) => {
      const found = gradients.get(target);
      if (found === undefined || !isFloat(target))
        checkNone(`grad(): target ${i}`, target, value, order, gradients, origins);
      return part(found || zeros(target.shape));
    });
  });
}

/** A constant is part of the gradient as well, so that the next grad knows what it came from. */
const part = (gradient: Tensor): Tensor =>
  gradient.source.kind === "node" ? gradient : reshape(gradient, gradient.shape);

/** Values are constants; a target whose gradient would lack the part through them must not pass silently. */
function checkComputed(
  loss: AnyTensor,
  order: readonly Node[],
  targets: readonly AnyTensor[],
): void {
  for (const leaf of leaves(order, [loss])) {
    const at = targets.findIndex((target) => target !== leaf && descendsFrom(leaf, target));
    if (at < 0) continue;
    throw new StateError(
      `grad(): target ${at}: expected tensors not yet read between it and the loss, got one of shape ` +
        `${showShape(leaf.shape)} that was read or that a jitted function returned, which made it a constant; ` +
        "call grad() before data() and array(), or say that it is a constant: tensor(y.data(), y.shape)",
    );
  }
}

/** A cross-entropy that took the logits of probabilities does not go through these: part of their gradient would lack. */
function checkTaken(where: string, order: readonly Node[], target: AnyTensor): void {
  const logits = takenInPlaceOf(target);
  if (logits === undefined) return;
  const own = new Set(topological([target]));
  if (!order.some((node) => node.inputs.includes(logits) && !own.has(node))) return;
  throw new ArgumentError(
    `${where}: expected the logits, got probabilities made of them, which the loss leaves aside; ` +
      "differentiate by the logits, or give the loss { fromLogits: false }, which goes through the probabilities",
  );
}

/** Gradients; 0 where one is 0 everywhere: nothing is computed of it. */
type Gradients = Map<AnyTensor, Tensor | 0>;

/**
 * The caller's tensors by those of the better graph. Gradients are made of the caller's, so that whatever was
 * between the targets and the loss can be a target of the next grad.
 */
type Origins = Map<AnyTensor, AnyTensor>;

/** Gradients of the loss, those of the targets among them; `order` are the nodes of the loss. */
function differentiate(
  loss: AnyTensor,
  order: readonly Node[],
  targets: readonly AnyTensor[],
  origins: Origins,
): Gradients {
  const active = influenced(order, targets);
  const gradients: Gradients = new Map();
  if (active.has(loss)) gradients.set(loss, fill(loss.shape, 1));
  for (const node of [...order].reverse()) {
    if (!node.outputs.some((output) => active.has(output) && gradients.has(output))) continue;
    inPlaceOf(node, () => backward(node, active, gradients, origins));
  }
  return gradients;
}

/** What depends on a target, the targets included. */
function influenced(order: readonly Node[], targets: readonly AnyTensor[]): Set<AnyTensor> {
  const active = new Set(targets);
  for (const node of order) {
    if (node.inputs.some((input) => active.has(input))) {
      for (const output of node.outputs) active.add(output);
    }
  }
  return active;
}

/** Adds what flows through a node to the gradients of its inputs. */
function backward(
  node: Node,
  active: Set<AnyTensor>,
  gradients: Gradients,
  origins: Origins,
): void {
  const { op, inputs, outputs, attrs } = node;
  const needs = inputs.map((input) => active.has(input) && isFloat(input));
  // A decision has the slope 0 wherever it has one.
  for (const input of inputs) {
    if (active.has(input) && input.dtype === BOOL) gradients.set(input, 0);
  }
  if (!needs.includes(true)) return;
  if (op.gradient === undefined) {
    throw new ArgumentError(
      `grad(): expected differentiable operations, got ${op.name}, which is not`,
    );
  }
  const dOutputs = outputs.map((output) => gradients.get(output) || null);
  const dy = dOutputs[0]!;
  const own = (tensor: AnyTensor) => origins.get(tensor) ?? tensor;
  const caller = { inputs: inputs.map(own), outputs: outputs.map(own) };
  const flows = dOutputs.some((d) => d !== null)
    ? op.gradient({ ...caller, attrs, dOutputs, dy, needs, sumTo })
    : inputs.map((): Flow => 0);
  flows.forEach((flow, i) => {
    const input = inputs[i]!;
    if (flow === null || !needs[i]) return;
    const before = gradients.get(input);
    if (!before) gradients.set(input, flow);
    else if (flow !== 0) gradients.set(input, add(before, flow));
  });
}

/**
 * Where no gradient flows to a target it is 0 if the loss holds a gradient of what the target influences.
 * Anything else is refused by what does not pass it on.
 */
function checkNone(
  where: string,
  target: AnyTensor,
  loss: AnyTensor,
  order: readonly Node[],
  gradients: Gradients,
  origins: Origins,
): void {
  if (!isFloat(target)) {
    throw new ArgumentError(`${where}: expected a ${FLOAT} tensor, got ${target.dtype}`);
  }
  const roots = topological([loss]).flatMap(({ gradientOf }) => gradientOf ?? []);
  // What decides positions in a loss that was differentiated by numbers has the slope 0.
  const decided = new Set(
    hasPartIn(roots, target, isFloat) ? topological(roots).flatMap(({ outputs }) => outputs) : [],
  );
  const others = order.filter(({ outputs }) =>
    outputs.every((output) => !decided.has(origins.get(output) ?? output)),
  );
  const reached = influenced(others, [target]);
  const stop = others.find(
    ({ inputs, outputs }) =>
      inputs.some((input) => reached.has(input) && !gradients.has(input)) &&
      outputs.some((output) => gradients.has(output) || !isFloat(output)),
  );
  if (stop !== undefined) {
    const { name, instead } = stop.op;
    throw new ArgumentError(
      `${where}: expected differentiable operations between it and the loss, got ${name}, ` +
        `through which no gradient flows to it${instead === undefined ? "" : `; ${instead}`}`,
    );
  }
  if (hasPartIn([loss], target, () => true)) return;
  throw new ArgumentError(
    `${where}: expected a tensor that influences the loss, got one that does not`,
  );
}

/** Are some tensors computed from the target, or from a gradient of what is, by such tensors alone? */
function hasPartIn(
  tensors: readonly AnyTensor[],
  target: AnyTensor,
  isWay: (tensor: AnyTensor) => boolean,
): boolean {
  const seen = new Set(tensors); // grows while it is walked
  for (const { source } of seen) {
    if (source.kind !== "node") continue;
    const { inputs, gradientOf } = source.node;
    for (const input of inputs) if (isWay(input)) seen.add(input);
    if (gradientOf !== undefined) seen.add(gradientOf);
  }
  return seen.has(target);
}
