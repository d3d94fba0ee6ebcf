import { shared } from "../../copies/shared.ts";
import {
  ACTIVATIONS,
  type BinaryName,
  type IntegerName,
  type UnaryName,
} from "../../engine/ops.generated.ts";
import { INT } from "../../values/dtype.ts";
import { sameShape } from "../../values/shape.ts";
import { fill, knownNumber } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, type Flow, floats, type OpDef, type Rule } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { byType } from "./integers.ts";
import { squashes } from "./probabilities.ts";
import { requireFloat } from "./require.ts";
import { broadcastPattern, broadcastShapes, broadcastTo, numberEverywhere } from "./shape.ts";
import {
  type ActivationAttrs,
  activationGradientStep,
  activationStep,
  binaryStep,
  emitStep,
  unaryStep,
} from "./step.ts";

type UnaryGradient = (x: Tensor, y: Tensor, dy: Tensor) => Flow;

/** d f(x) / dx · dy for each unary function. */
const unaryGradients = {
  neg: (_x, _y, dy) => neg(dy),
  abs: (x, _y, dy) => mul(dy, sign(x)),
  sign: () => 0,
  sqrt: (_x, y, dy) => div(mul(dy, 0.5), y),
  square: (x, _y, dy) => mul(mul(dy, 2), x),
  reciprocal: (_x, y, dy) => neg(mul(dy, square(y))),
  exp: (_x, y, dy) => mul(dy, y),
  log: (x, _y, dy) => div(dy, x),
  log1p: (x, _y, dy) => div(dy, add(x, 1)),
  sin: (x, _y, dy) => mul(dy, cos(x)),
  cos: (x, _y, dy) => neg(mul(dy, sin(x))),
} satisfies { readonly [name in UnaryName]?: UnaryGradient };

/** The op of a row of the core, with its gradient. @internal */
/* @__NO_SIDE_EFFECTS__ */
export function unaryOp(name: UnaryName, gradient: UnaryGradient): OpDef<null> {
  return {
    name,
    infer: ([x]) => [floats(requireFloat(name, x!).shape)],
    meaning: mixes,
    gradient: ({ inputs, outputs, dy }) => [
      gradient(inputs[0] as Tensor, outputs[0] as Tensor, dy),
    ],
    step: () => unaryStep(name),
    emit: emitStep,
  };
}

/** The row that the gradient of a cross-entropy is made of. */
const SIGMOID: ActivationAttrs = { activation: "sigmoid", p0: 0, p1: 0 };

type BinaryGradient = (a: Tensor, b: Tensor, dy: Tensor) => readonly [Flow, Flow];

/**
 * Where a < b: 0, where equal: 1/2, else 1. Ties share the gradient, and where an operand is NaN both
 * have all of it, as in torch.maximum.
 */
const share = (a: Tensor, b: Tensor): Tensor =>
  sub(1, mul(add(binary("greater", b, a), binary("greaterEqual", b, a)), 0.5));

/** Gradients before the sum over broadcast axes. */
const binaryGradients = {
  add: (_a, _b, dy) => [dy, dy],
  sub: (_a, _b, dy) => [dy, neg(dy)],
  mul: (a, b, dy) => [mul(dy, b), mul(dy, a)],
  div: (a, b, dy) => [div(dy, b), neg(div(mul(dy, a), square(b)))],
  maximum: (a, b, dy) => [mul(dy, share(a, b)), mul(dy, share(b, a))],
  minimum: (a, b, dy) => [mul(dy, share(b, a)), mul(dy, share(a, b))],
  greater: () => [0, 0],
  greaterEqual: () => [0, 0],
  equal: () => [0, 0],
  squaredDifference: (a, b, dy) => {
    const da = mul(mul(dy, 2), sub(a, b));
    return [da, neg(da)];
  },
  bceWithLogits: (x, t, dy) => [
    mul(dy, sub(apply(activationOp, [x], SIGMOID), t)),
    neg(mul(dy, x)),
  ],
  keep: (_a, b, dy) => [keep(dy, b), 0],
} satisfies { readonly [name in BinaryName]?: BinaryGradient };

/** The op of a row of two operands, with its gradients before the sum over broadcast axes. @internal */
/* @__NO_SIDE_EFFECTS__ */
export function binaryOp(name: BinaryName, gradient: BinaryGradient): OpDef<null> {
  return {
    name,
    infer: ([a, b]) => {
      const shape = broadcastShapes(
        name,
        requireFloat(name, a!).shape,
        requireFloat(name, b!).shape,
      );
      return [floats(shape)];
    },
    meaning: mixes,
    gradient: ({ inputs, dy, needs, sumTo }) =>
      gradient(inputs[0] as Tensor, inputs[1] as Tensor, dy).map((d, i) =>
        d === null || d === 0 || !needs[i] ? d : sumTo(d, inputs[i]!.shape),
      ),
    step: (_attrs, known) => binaryStep(name, known),
    emit: emitStep,
  };
}

const names = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];
const table = <N extends string, G, V>(
  gradients: { readonly [name in N]: G },
  make: (name: N, gradient: G) => V,
) =>
  Object.fromEntries(names(gradients).map((name) => [name, make(name, gradients[name])])) as {
    readonly [name in N]: V;
  };

/** @internal */
export const unaryOps = table<keyof typeof unaryGradients, UnaryGradient, OpDef<null>>(
  unaryGradients,
  unaryOp,
);

/** The ops of two operands, for rules that look for one. @internal */
export const binaryOps = table<keyof typeof binaryGradients, BinaryGradient, OpDef<null>>(
  binaryGradients,
  binaryOp,
);

/** The product of two known numbers is known, rounded as the core rounds: the seeds of gradients. */
export const constantRules: readonly Rule[] = /* @__PURE__ */ (() => [
  {
    op: binaryOps.mul,
    apply({ inputs, outputs }) {
      const [a, b] = inputs.map(knownNumber);
      if (a === undefined || b === undefined) return null;
      return fill(outputs[0]!.shape, Math.fround(a * b)) as AnyTensor;
    },
  },
  {
    op: binaryOps.mul, // x·1 is x
    apply({ inputs, outputs }) {
      const other = inputs[1 - inputs.findIndex((x) => numberEverywhere(x) === 1)];
      return other !== undefined && sameShape(other.shape, outputs[0]!.shape) ? other : null;
    },
  },
])();

const unary = (name: keyof typeof unaryOps, x: TensorLike): Tensor => applyTo(unaryOps[name], x);

/** Applies an op of one operand. @internal */
export const applyTo = (op: OpDef<null>, x: TensorLike): Tensor =>
  apply(op, [toTensor(`${op.name}()`, x)], null);

/** @internal */
export const binary = (name: keyof typeof binaryOps, a: TensorLike, b: TensorLike): Tensor =>
  applyBoth(binaryOps[name], a, b);

/** Applies an op of two operands, which broadcast. @internal */
export function applyBoth(op: OpDef<null>, a: TensorLike, b: TensorLike): Tensor {
  const { name } = op;
  const [x, y] = [toTensor(`${name}()`, a), toTensor(`${name}()`, b)];
  const shape = broadcastShapes(name, x.shape, y.shape);
  const fit = (t: AnyTensor) =>
    broadcastPattern(t.shape, shape) ? t : broadcastTo(t as Tensor, shape);
  return apply(op, [fit(x), fit(y)], null);
}

/** Of integers what the core computes of them, of floats the op of the same name. */
const arithmetic = (name: keyof typeof binaryOps & IntegerName, a: TensorLike, b: TensorLike) =>
  byType(name, a, b, (x, y) => binary(name, x, y));

/** a + b, with broadcasting; of int32 tensors, and whole numbers beside them, exact, wrapping around, as all of `sub`, `mul`, … */
export const add = (a: TensorLike, b: TensorLike): Tensor => arithmetic("add", a, b);
/** a − b, with broadcasting; of integers as `add`. */
export const sub = (a: TensorLike, b: TensorLike): Tensor => arithmetic("sub", a, b);
/** a · b element by element, with broadcasting; of integers as `add`. */
export const mul = (a: TensorLike, b: TensorLike): Tensor => arithmetic("mul", a, b);
/** a / b element by element, with broadcasting; integers are refused: `floorDiv` divides them, or cast them to float32. */
export const div = (a: TensorLike, b: TensorLike): Tensor => binary("div", a, b);
/** The larger of a and b; NaN if either is. Equal values share the gradient (torch.maximum). Integers stay integers. */
export const maximum = (a: TensorLike, b: TensorLike): Tensor => arithmetic("maximum", a, b);
/** The smaller of a and b; NaN if either is. Equal values share the gradient (torch.minimum). Integers stay integers. */
export const minimum = (a: TensorLike, b: TensorLike): Tensor => arithmetic("minimum", a, b);
/** (a − b)², with broadcasting. */
export const squaredDifference = (a: TensorLike, b: TensorLike): Tensor =>
  binary("squaredDifference", a, b);

/** Of integers a function of other ops. */
function whole(
  name: keyof typeof unaryOps,
  x: TensorLike,
  integers: (x: Tensor) => Tensor,
): Tensor {
  const input = toTensor(`${name}()`, x);
  return input.dtype === INT ? integers(input as AnyTensor as Tensor) : unary(name, input);
}

/** −x; of integers as `add`. */
export const neg = (x: TensorLike): Tensor => whole("neg", x, (x) => sub(0, x));
/** |x|; slope 0 at 0. Of integers as `add`: that of −2³¹ is itself. */
export const abs = (x: TensorLike): Tensor => whole("abs", x, (x) => maximum(x, neg(x)));
/** −1, 0 or 1; gradient 0. */
export const sign = (x: TensorLike): Tensor => whole("sign", x, (x) => maximum(minimum(x, 1), -1));
/** √x */
export const sqrt = (x: TensorLike): Tensor => unary("sqrt", x);
/** x²; of integers as `add`. */
export const square = (x: TensorLike): Tensor => whole("square", x, (x) => mul(x, x));
/** 1/x */
export const reciprocal = (x: TensorLike): Tensor => unary("reciprocal", x);
/** eˣ */
export const exp = (x: TensorLike): Tensor => unary("exp", x);
/** The natural logarithm; NaN below 0. */
export const log = (x: TensorLike): Tensor => unary("log", x);
/** log(1 + x), exact near 0. */
export const log1p = (x: TensorLike): Tensor => unary("log1p", x);
/** The sine of x in radians. */
export const sin = (x: TensorLike): Tensor => unary("sin", x);
/** The cosine of x in radians. */
export const cos = (x: TensorLike): Tensor => unary("cos", x);

const ofSigmoid = squashes<ActivationAttrs>("sigmoid");

/** @internal */
export const activationOp: OpDef<ActivationAttrs> = {
  name: "activation",
  infer: ([x], { activation }) => [floats(requireFloat(activation, x!).shape)],
  meaning: (node, inputs) => {
    const { activation } = node.attrs;
    if (activation === SIGMOID.activation) return ofSigmoid(node, inputs);
    if (ACTIVATIONS[activation].probabilities) return { kind: "probabilities", from: undefined };
    return mixes(node, inputs);
  },
  gradient: ({ inputs, outputs, attrs, dy }) => {
    const { derivativeFrom } = ACTIVATIONS[attrs.activation];
    const xy = derivativeFrom === "x" ? inputs[0]! : outputs[0]!;
    return [apply(activationGradientOp, [xy, dy], attrs)];
  },
  step: activationStep,
  emit: emitStep,
};

/** f'(x) · dy from x or y, as the row says. @internal */
export const activationGradientOp: OpDef<ActivationAttrs> = {
  name: "activationGradient",
  infer: ([xy]) => [floats(xy!.shape)],
  meaning: ends,
  gradient: ({ inputs, attrs, dy }) => {
    const [xy, before] = inputs as [Tensor, Tensor];
    const curvature = second.curvature!(xy, attrs);
    return [
      curvature === 0 ? 0 : mul(mul(dy, before), curvature),
      apply(activationGradientOp, [xy, dy], attrs),
    ];
  },
  step: activationGradientStep,
  emit: emitStep,
};

/**
 * The derivative of f' by x or y, made of ops that can be differentiated on and on; 0 if it is 0 everywhere. `grad`
 * puts it in place, as only who calls it has gradients to differentiate.
 */
export const second: { curvature?: (xy: Tensor, attrs: ActivationAttrs) => Tensor | number } =
  shared("second derivatives", () => ({}));

const magnitudeOp = unaryOp("abs", (x, _y, dy) => mul(dy, sub(1, mul(2, binary("greater", 0, x)))));

/** |x| with the slope 1 at 0, for what is smooth there though it is made of |x|. @internal */
export const magnitude = (x: TensorLike): Tensor =>
  apply(magnitudeOp, [toTensor("abs()", x)], null);

/** Binary cross-entropy of logits x and targets t, element by element, finite for every finite x. */
export const bceWithLogits = (x: TensorLike, t: TensorLike): Tensor =>
  binary("bceWithLogits", x, t);

/** 1 where a = b, else 0. @internal */
export const equals = (a: TensorLike, b: TensorLike): Tensor => binary("equal", a, b);
/** 1 where a > b, else 0. @internal */
export const exceeds = (a: TensorLike, b: TensorLike): Tensor => binary("greater", a, b);

/** 1 where a ≥ b, else 0. @internal */
export const reaches = (a: TensorLike, b: TensorLike): Tensor => binary("greaterEqual", a, b);

/** a where b > 0, else 0, whatever a is there: infinite or NaN too. @internal */
export const keep = (a: TensorLike, b: TensorLike): Tensor => binary("keep", a, b);

/** A scalar constant. @internal */
export const scalar = (value: number): Tensor => fill([], value);
