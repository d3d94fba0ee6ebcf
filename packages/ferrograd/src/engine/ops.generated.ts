// Generated from the op table in crates/engine: `npm run generate`. Do not edit.
import type { Operand } from "./writer.ts";

/** Compared with the core's own hash at start. */
export const OP_TABLE_HASH = 2067997318;

/** Which numbers a seed gives. */
export const NUMERICS_VERSION = 1;

/** What is added to it where a product and its sum are rounded once. */
export const FUSED_NUMERICS = 1000;

/** Words of a cache line. */
export const CACHE_LINE = 16;

/** Elements of a block of a reduction. */
export const REDUCE_BLOCK = 4096;

/** Rows that are a tree of floats in a sum. */
export const SUM_TREE = 8;

/** Registers of a chain: its inputs and the results of its steps. */
export const MAX_REGISTERS = 24;

/** Columns up to which a softmax has four rows in a vector, with sums in another order than beyond. */
export const SHORT_ROW = 16;

/** Words of what a guard hands on. */
export const PEAK_WORDS = 4;

/** Hyper-parameters of any optimizer, in f64. */
export const HYPER = 9;

/** What the core makes of them for a step; the last two are whether gradients are seen as they are, and the reach. */
export const RULE_NUMBERS = 12;

/** Below it no step overflows: 2^100. */
export const OVERFLOW_LIMIT = 1267650600228229400000000000000;

/** The options of each activation; the names are its keys. */
export interface ActivationOptions {
  /**
   * f(x) = x, from -inf to inf: no activation. f'(x) = 1. Layers that follow one another without an
   * activation between them are worth no more than one layer.
   * Range: (-inf, inf).
   */
  linear: Record<never, never>;
  /**
   * f(x) = 1 / (1 + exp(-x)), the logistic function. f'(x) = y (1 - y), at most 1/4, at x = 0.
   * Tends to 0 at -inf and 1 at inf, where its gradient vanishes; its output is not centred on zero.
   * Range: (0, 1).
   */
  sigmoid: Record<never, never>;
  /**
   * f(x) = tanh(x). f'(x) = 1 - y^2, at most 1, at x = 0. Tends to -1 at -inf and 1 at inf, where its
   * gradient vanishes; its output is centred on zero.
   * Range: (-1, 1).
   */
  tanh: Record<never, never>;
  /**
   * f(x) = max(x, 0), 0 at -inf and inf at inf. f'(x) = 1 where x > 0, else 0, also at the kink
   * x = 0. A unit whose input is never positive gets no gradient and stays dead.
   * Range: [0, inf).
   */
  relu: Record<never, never>;
  /**
   * f(x) = x where x > 0, else negativeSlope x. f'(x) = 1 where x > 0, else negativeSlope, also
   * at the kink x = 0. Tends to -inf at -inf (with slope 0 it is NaN there, as in PyTorch) and inf at
   * inf. No unit dies as long as the slope is not 0.
   * Range: (-inf, inf).
   */
  leakyRelu: {
    /** The slope below zero. Default 0.01. */
    negativeSlope?: number;
  };
  /**
   * f(x) = min(max(x, 0), 6), 0 at -inf and 6 at inf (Howard et al. 2017). f'(x) = 1 where
   * 0 < x < 6, else 0, also at both kinks.
   * Range: [0, 6].
   */
  relu6: Record<never, never>;
  /**
   * f(x) = x where x > 0, else alpha (e^x - 1) (Clevert et al. 2016). f'(x) = 1 where x > 0, else
   * y + alpha, alpha at 0. Tends to -alpha at -inf and inf at inf.
   * Range: (-alpha, inf).
   */
  elu: {
    /** What it tends to below zero, negated. Default 1. */
    alpha?: number;
  };
  /**
   * f(x) = s x where x > 0, else s a (e^x - 1), s = 1.0507, a = 1.67326 (Klambauer et al. 2017).
   * f'(x) = s where x > 0, else y + s a, also at 0. With lecunNormal, layers keep mean 0 and variance
   * 1. Tends to -1.7581 at -inf and inf at inf.
   * Range: (-1.7581, inf).
   */
  selu: Record<never, never>;
  /**
   * f(x) = x where x > 0, else alpha (e^(x / alpha) - 1) (Barron 2017). f'(x) = 1 where x > 0, else
   * 1 + y / alpha: smooth at 0 for every alpha. Tends to -alpha at -inf and inf at inf.
   * Range: (-alpha, inf).
   */
  celu: {
    /** What it tends to below zero, negated. Default 1. */
    alpha?: number;
  };
  /**
   * f(x) = x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016).
   * f'(x) = Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi). Tends to 0 at -inf and inf at inf; least, -0.17, at
   * -0.75.
   * Range: [-0.17, inf).
   */
  gelu: Record<never, never>;
  /**
   * f(x) = x s(u), s the logistic function, u = 2 sqrt(2 / pi) (x + 0.044715 x^3): the tanh form of
   * gelu. f'(x) = s + x s (1 - s) u'. Tends to 0 at -inf and inf at inf.
   * Range: [-0.17, inf).
   */
  geluTanh: Record<never, never>;
  /**
   * f(x) = min(max(x + 3, 0), 6) / 6, sigmoid in straight lines (as PyTorch, not clip(0.2 x + 0.5)).
   * f'(x) = 1/6 where -3 < x < 3, else 0, also at both kinks. 0 at -inf and 1 at inf.
   * Range: [0, 1].
   */
  hardSigmoid: Record<never, never>;
  /**
   * f(x) = min(max(x, -1), 1), tanh in straight lines. f'(x) = 1 where -1 < x < 1, else 0, also at
   * both kinks. -1 at -inf and 1 at inf.
   * Range: [-1, 1].
   */
  hardTanh: Record<never, never>;
  /**
   * f(x) = x s(x), s the logistic function (Ramachandran et al. 2017, "swish").
   * f'(x) = s + x s (1 - s). Tends to 0 at -inf and inf at inf; least, -0.28, at -1.28.
   * Range: [-0.28, inf).
   */
  silu: Record<never, never>;
  /**
   * f(x) = x min(max(x + 3, 0), 6) / 6, silu in pieces (Howard et al. 2019, "hard swish").
   * f'(x) = x / 3 + 1/2 where -3 < x < 3, below 0, above 1; 0 at -3 and 1 at 3. Tends to 0 at -inf and
   * inf at inf.
   * Range: [-0.375, inf).
   */
  hardSilu: Record<never, never>;
  /**
   * f(x) = x tanh(softplus(x)) (Misra 2019). f'(x) = t + x s (1 - t^2), t = tanh(softplus(x)), s the
   * logistic function. Tends to 0 at -inf and inf at inf; least, -0.31, at -1.19.
   * Range: [-0.31, inf).
   */
  mish: Record<never, never>;
  /**
   * f(x) = ln(1 + e^x), a smooth relu. f'(x) = 1 / (1 + e^-x), the logistic function. Tends to 0 at
   * -inf and inf at inf.
   * Range: (0, inf).
   */
  softplus: Record<never, never>;
  /**
   * f(x) = x / (1 + |x|). f'(x) = 1 / (1 + |x|)^2. Tends to -1 at -inf and 1 at inf, slower than tanh.
   * Range: (-1, 1).
   */
  softsign: Record<never, never>;
  /**
   * f(x) = x - lambda where x > lambda, x + lambda where x < -lambda, else 0. f'(x) = 1 outside, 0
   * from -lambda to lambda, also at both kinks. Tends to -inf at -inf and inf at inf.
   * Range: (-inf, inf).
   */
  softShrink: {
    /** Half the width of the dead zone. Default 0.5. */
    lambda?: number;
  };
  /**
   * f(x) = x where |x| > lambda, else 0. f'(x) = 1 outside, 0 from -lambda to lambda, also at the two
   * jumps. Tends to -inf at -inf and inf at inf.
   * Range: (-inf, inf).
   */
  hardShrink: {
    /** Half the width of the dead zone. Default 0.5. */
    lambda?: number;
  };
  /**
   * f(x) = x - tanh(x). f'(x) = tanh(x)^2, 0 at 0, where small inputs die. Tends to -inf at -inf and
   * inf at inf.
   * Range: (-inf, inf).
   */
  tanhShrink: Record<never, never>;
  /**
   * f(x) = x where x > threshold, else value, also at -inf; inf at inf. f'(x) = 1 where
   * x > threshold, else 0, also at the jump.
   * Range: (threshold, inf), or value.
   */
  threshold: {
    /** Up to this the output is the value. Default 1. */
    threshold?: number;
    /** The output up to the threshold. Default 0. */
    value?: number;
  };
  /**
   * f(x) = ln(1 / (1 + e^-x)) = -softplus(-x). f'(x) = 1 / (1 + e^x). Tends to -inf at -inf and 0 at
   * inf.
   * Range: (-inf, 0).
   */
  logSigmoid: Record<never, never>;
  /**
   * f(x) = e^x. f'(x) = y. Tends to 0 at -inf and inf at inf; overflows to inf above 88.7.
   * Range: (0, inf).
   */
  exponential: Record<never, never>;
  /**
   * f(x) = (x + sqrt(x^2 + b)) / 2, a smooth relu without e^x (Barron 2021).
   * f'(x) = y^2 / (y^2 + b / 4). Tends to 0 at -inf and inf at inf.
   * Range: (0, inf).
   */
  squareplus: {
    /** How round the corner is. Default 4. */
    b?: number;
  };
  /**
   * f(x) = x where x >= 1, (x + 1)^2 / 4 where -1 < x < 1, else 0 (Keras's sparse_plus).
   * f'(x) = min(max((x + 1) / 2, 0), 1), continuous. 0 at -inf and inf at inf.
   * Range: [0, inf).
   */
  sparsePlus: Record<never, never>;
  /**
   * f(x) = min(max((x + 1) / 2, 0), 1) (Keras's sparse_sigmoid). f'(x) = 1/2 where -1 < x < 1, else 0,
   * also at both kinks. 0 at -inf and 1 at inf.
   * Range: [0, 1].
   */
  sparseSigmoid: Record<never, never>;
}

/** The name of a row of the activation table. */
export type ActivationName = keyof ActivationOptions;

/** A number that an activation takes, with its default and bounds. */
export interface ActivationParam {
  readonly name: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** What the compiler asks of an activation. */
export interface ActivationRow {
  readonly code: number;
  readonly derivativeFrom: "x" | "y" | "either";
  readonly saturates: "none" | "low" | "high" | "both";
  readonly initializer: "heNormal" | "glorotUniform" | "lecunNormal";
  /** Is its range that of probabilities? */
  readonly probabilities: boolean;
  readonly params: readonly ActivationParam[];
}

let rows = 0;
const row = (
  derivativeFrom: ActivationRow["derivativeFrom"],
  saturates: ActivationRow["saturates"],
  initializer: ActivationRow["initializer"],
  probabilities: boolean,
  ...params: ActivationParam[]
): ActivationRow => ({
  code: rows++,
  derivativeFrom,
  saturates,
  initializer,
  probabilities,
  params,
});

export const ACTIVATIONS: { readonly [name in ActivationName]: ActivationRow } = {
  linear: row("y", "none", "glorotUniform", false),
  sigmoid: row("y", "both", "glorotUniform", true),
  tanh: row("y", "both", "glorotUniform", false),
  relu: row("either", "low", "heNormal", false),
  leakyRelu: row("either", "none", "heNormal", false, { name: "negativeSlope", default: 0.01, min: 0, max: 1 }),
  relu6: row("either", "both", "heNormal", false),
  elu: row("y", "low", "heNormal", false, { name: "alpha", default: 1, min: 0, max: 100 }),
  selu: row("y", "low", "lecunNormal", false),
  celu: row("y", "low", "heNormal", false, { name: "alpha", default: 1, min: 0.01, max: 100 }),
  gelu: row("x", "low", "heNormal", false),
  geluTanh: row("x", "low", "heNormal", false),
  hardSigmoid: row("x", "both", "glorotUniform", true),
  hardTanh: row("either", "both", "glorotUniform", false),
  silu: row("x", "low", "heNormal", false),
  hardSilu: row("x", "low", "heNormal", false),
  mish: row("x", "low", "heNormal", false),
  softplus: row("x", "low", "heNormal", false),
  softsign: row("x", "both", "glorotUniform", false),
  softShrink: row("x", "none", "glorotUniform", false, { name: "lambda", default: 0.5, min: 0, max: 1000 }),
  hardShrink: row("x", "none", "glorotUniform", false, { name: "lambda", default: 0.5, min: 0, max: 1000 }),
  tanhShrink: row("x", "none", "glorotUniform", false),
  threshold: row("x", "low", "heNormal", false, { name: "threshold", default: 1, min: -1000000, max: 1000000 }, { name: "value", default: 0, min: -1000000, max: 1000000 }),
  logSigmoid: row("x", "high", "glorotUniform", false),
  exponential: row("y", "low", "glorotUniform", false),
  squareplus: row("y", "low", "heNormal", false, { name: "b", default: 4, min: 0.001, max: 1000000 }),
  sparsePlus: row("x", "low", "heNormal", false),
  sparseSigmoid: row("x", "both", "glorotUniform", true),
};

/** The derivative of f' by x or y, as `derivativeFrom` says: a formula of x, its parameters p and q, and what the row is given. */
export const CURVATURES: { readonly [name in ActivationName]: string } = {
  linear: "0.0",
  sigmoid: "1.0 2.0 x mul sub",
  tanh: "-2.0 x mul",
  relu: "0.0",
  leakyRelu: "0.0",
  relu6: "0.0",
  elu: "1.0 0.0 x 0.0 lt bitselect",
  selu: "1.0 0.0 x 0.0 lt bitselect",
  celu: "1.0 p div 0.0 x 0.0 lt bitselect",
  gelu: "x x mul 0.5 mul exp_minus 0.3989423 mul 2.0 x -200.0 pmax 200.0 pmin =A A mul sub mul",
  geluTanh: "x -200.0 pmax 200.0 pmin =A A A mul =B 0.071354814 mul 1.595769 add mul exp_minus =C 1.0 1.0 C add div =D mul =E D A 0.0 lt =F bitselect =G D E F bitselect =H mul 2.0 B 0.21406445 mul 1.595769 add =I mul A A 0.4281289 mul I I mul H G sub mul add mul add mul",
  hardSigmoid: "0.0",
  hardTanh: "0.0",
  silu: "x exp_minus =A 1.0 1.0 A add div =B mul =C B x 0.0 lt =D bitselect =E B C D bitselect =F mul 2.0 x -200.0 pmax 200.0 pmin F E sub mul add mul",
  hardSilu: "0.0 0.33333334 0.0 x 3.0 lt bitselect x -3.0 le bitselect",
  mish: "4.0 x exp_minus =A A A mul =B x 0.0 lt =C bitselect mul 1.0 A add =D mul 1.0 A A 2.0 add mul 1.0 2.0 A mul add C bitselect =E 2.0 1.0 B C bitselect mul add div =F mul F mul 2.0 x -200.0 pmax 200.0 pmin 1.0 D div =G A G mul =H C bitselect 2.0 E F mul mul H G C bitselect mul sub mul add mul",
  softplus: "x exp_minus =A 1.0 1.0 A add div =B mul B mul",
  softsign: "2.0 1.0 1.0 x abs add div =A mul A mul A mul =B B neg 0.0 0.0 x lt bitselect x 0.0 lt bitselect",
  softShrink: "0.0",
  hardShrink: "0.0",
  tanhShrink: "2.0 x tanh =A mul 1.0 A A mul sub mul",
  threshold: "0.0",
  logSigmoid: "x exp_minus =A 1.0 1.0 A add div =B mul B mul neg",
  exponential: "1.0",
  squareplus: "2.0 x 1e18 pmin =A mul p 0.25 mul =B mul 1.0 A A mul B add div =C mul C mul",
  sparsePlus: "0.0 0.5 0.0 x 1.0 lt bitselect x -1.0 le bitselect",
  sparseSigmoid: "0.0",
};

export const UNARY = {
  neg: 0,
  abs: 1,
  sign: 2,
  sqrt: 3,
  square: 4,
  reciprocal: 5,
  exp: 6,
  log: 7,
  log1p: 8,
  sin: 9,
  cos: 10,
  round: 11,
  floor: 12,
  expm1: 13,
  erf: 14,
} as const;
export type UnaryName = keyof typeof UNARY;

export const BINARY = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  maximum: 4,
  minimum: 5,
  greater: 6,
  greaterEqual: 7,
  equal: 8,
  squaredDifference: 9,
  bceWithLogits: 10,
  keep: 11,
  choose: 12,
  drop: 13,
  pow: 14,
  mod: 15,
} as const;
export type BinaryName = keyof typeof BINARY;

export const REDUCTION = {
  sum: 0,
  mean: 1,
  max: 2,
} as const;
export type ReductionName = keyof typeof REDUCTION;

export const DISTRIBUTION = {
  uniform: 0,
  normal: 1,
  truncatedNormal: 2,
} as const;
export type DistributionName = keyof typeof DISTRIBUTION;

export const RULE = {
  sgd: 0,
  momentum: 1,
  nesterov: 2,
  adam: 3,
  amsgrad: 4,
  nadam: 5,
  radam: 6,
  adamax: 7,
  rmsprop: 8,
  rmspropMomentum: 9,
  rmspropCentered: 10,
  adagrad: 11,
  adadelta: 12,
  lion: 13,
} as const;
export type RuleName = keyof typeof RULE;

export const INTEGER = {
  less: 0,
  equal: 1,
  add: 2,
  sub: 3,
  mul: 4,
  maximum: 5,
  minimum: 6,
  floorDiv: 7,
  mod: 8,
} as const;
export type IntegerName = keyof typeof INTEGER;

export const STEP_FAMILY = {
  unary: 0,
  binary: 1,
  activation: 2,
  activationGradient: 3,
  affine: 4,
} as const;
export type StepFamilyName = keyof typeof STEP_FAMILY;

export const SEGMENT = {
  state: 0,
  constant: 1,
  input: 2,
  output: 3,
  scratch: 4,
} as const;
export type SegmentName = keyof typeof SEGMENT;

export const STATUS = {
  ok: 0,
  badIndex: 1,
  nonFinite: 2,
  unbound: 3,
  overflow: 4,
} as const;
export type StatusName = keyof typeof STATUS;

/**
 * C = f(A·B + bias). A is (m, k), stored (k, m) when `trans_a`; B is (k, n), stored (n, k) when `trans_b`.
 * There are `batch` products; an operand has as many matrices or one that serves them all.
 */
export interface MatmulOp {
  readonly batch: number;
  readonly batchA: number;
  readonly batchB: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA: boolean;
  readonly transB: boolean;
  readonly hasBias: boolean;
  readonly activation: ActivationName;
  readonly p0: number;
  readonly p1: number;
  /** reads f32[m * k * batch_a] */
  readonly a: Operand;
  /** reads f32[k * n * batch_b] */
  readonly b: Operand;
  /** reads f32[n * has_bias] */
  readonly bias: Operand;
  /** writes f32[m * n * batch] */
  readonly c: Operand;
}

/**
 * The gradients of a matmul as far as they are wanted: with dz = dy · f'(y), or dy itself where the product has no
 * activation, da = dz·Bᵀ and db = Aᵀ·dz as A and B are stored, and dbias, the sum of dz over the rows.
 */
export interface MatmulBackwardOp {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA: boolean;
  readonly transB: boolean;
  readonly wantA: boolean;
  readonly wantB: boolean;
  readonly wantBias: boolean;
  readonly hasActivation: boolean;
  readonly activation: ActivationName;
  readonly p0: number;
  readonly p1: number;
  /** reads f32[m * want_b * k] */
  readonly a: Operand;
  /** reads f32[k * want_a * n] */
  readonly b: Operand;
  /** reads f32[m * has_activation * n] */
  readonly y: Operand;
  /** reads f32[m * n] */
  readonly dy: Operand;
  /** writes f32[m * has_activation * n] */
  readonly dz: Operand;
  /** writes f64[blocks(m) * want_bias * n] */
  readonly partials: Operand;
  /** writes f32[m * want_a * k] */
  readonly da: Operand;
  /** writes f32[k * want_b * n] */
  readonly db: Operand;
  /** writes f32[n * want_bias] */
  readonly dbias: Operand;
}

/**
 * y = f(x * kernel + bias): images (batch, height, width, groups · inputs), a kernel (kernel_y, kernel_x, inputs, groups · outputs),
 * `pads` zeros on both sides of an axis together, `before` of them first. Sums run over (y, x, input) of the kernel in
 * order; taps outside multiply zeros.
 */
export interface ConvolveOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelY: number;
  readonly kernelX: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly beforeY: number;
  readonly beforeX: number;
  readonly padsY: number;
  readonly padsX: number;
  readonly outY: number;
  readonly outX: number;
  readonly hasBias: boolean;
  readonly activation: ActivationName;
  readonly p0: number;
  readonly p1: number;
  /** reads f32[batch * height * width * groups * inputs] */
  readonly x: Operand;
  /** reads f32[kernel_y * kernel_x * inputs * groups * outputs] */
  readonly kernel: Operand;
  /** reads f32[groups * has_bias * outputs] */
  readonly bias: Operand;
  /** writes f32[batch * out_y * out_x * groups * outputs] */
  readonly y: Operand;
}

/** The gradient of a convolution by its images: sums over the kernel from its end, and over the outputs of each tap. */
export interface ConvolveImageGradientOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelY: number;
  readonly kernelX: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly beforeY: number;
  readonly beforeX: number;
  readonly padsY: number;
  readonly padsX: number;
  readonly outY: number;
  readonly outX: number;
  /** reads f32[batch * out_y * out_x * groups * outputs] */
  readonly dy: Operand;
  /** reads f32[kernel_y * kernel_x * inputs * groups * outputs] */
  readonly kernel: Operand;
  /** writes f32[batch * height * width * groups * inputs] */
  readonly dx: Operand;
}

/** The gradient by the kernel: sums over the pixels of the outputs in order. */
export interface ConvolveKernelGradientOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelY: number;
  readonly kernelX: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly dilationY: number;
  readonly dilationX: number;
  readonly beforeY: number;
  readonly beforeX: number;
  readonly padsY: number;
  readonly padsX: number;
  readonly outY: number;
  readonly outX: number;
  /** reads f32[batch * height * width * groups * inputs] */
  readonly x: Operand;
  /** reads f32[batch * out_y * out_x * groups * outputs] */
  readonly dy: Operand;
  /** writes f32[kernel_y * kernel_x * inputs * groups * outputs] */
  readonly dkernel: Operand;
}

/**
 * A chain of elementwise steps, block by block. Registers are the inputs, then the steps' results; the last is y.
 * Input element i of y is x[(i / inner) mod len], which covers scalars, rows, columns and whole tensors.
 */
export interface MapOp {
  readonly n: number;
  /** writes f32[n] */
  readonly y: Operand;
  readonly inputs: readonly MapInputs[];
  readonly steps: readonly MapSteps[];
}

export interface MapInputs {
  readonly inner: number;
  readonly len: number;
  /** reads f32[len] */
  readonly x: Operand;
}

export interface MapSteps {
  readonly step: number;
  readonly a: number;
  readonly b: number;
  readonly p0: number;
  readonly p1: number;
}

/** y (outer, inner) = reduction of x (outer, n, inner) over n. A long one has sums of blocks first. */
export interface ReduceOp {
  readonly reduction: ReductionName;
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  /** reads f32[outer * n * inner] */
  readonly x: Operand;
  /** writes f64[outer * partials(n, reduction) * inner] */
  readonly partials: Operand;
  /** writes f32[outer * inner] */
  readonly y: Operand;
}

/** The mean and the biased variance of x (outer, n, inner) over n, in one pass. */
export interface MomentsOp {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  /** reads f32[outer * n * inner] */
  readonly x: Operand;
  /** writes f32[outer * inner] */
  readonly mean: Operand;
  /** writes f32[outer * inner] */
  readonly variance: Operand;
}

/** What the gradients of a normalization are made of: Σdy and Σdy·(x − mean) over n. */
export interface MomentsBackwardOp {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  /** reads f32[outer * n * inner] */
  readonly x: Operand;
  /** reads f32[outer * n * inner] */
  readonly dy: Operand;
  /** reads f32[outer * inner] */
  readonly mean: Operand;
  /** writes f32[outer * inner] */
  readonly sum: Operand;
  /** writes f32[outer * inner] */
  readonly product: Operand;
}

/** y = (x − mean) · scale · gamma + beta of rows of four times `fours`; mean and scale are of each row. */
export interface NormalizeOp {
  readonly rows: number;
  readonly fours: number;
  /** reads f32[rows * fours * 4] */
  readonly x: Operand;
  /** reads f32[rows] */
  readonly mean: Operand;
  /** reads f32[rows] */
  readonly scale: Operand;
  /** reads f32[fours * 4] */
  readonly gamma: Operand;
  /** reads f32[fours * 4] */
  readonly beta: Operand;
  /** writes f32[rows * fours * 4] */
  readonly y: Operand;
}

/** dx = (dy · gamma − shift − (x − mean) · slope) · factor; all but gamma are of each row. */
export interface NormalizeBackwardOp {
  readonly rows: number;
  readonly fours: number;
  /** reads f32[rows * fours * 4] */
  readonly x: Operand;
  /** reads f32[rows * fours * 4] */
  readonly dy: Operand;
  /** reads f32[fours * 4] */
  readonly gamma: Operand;
  /** reads f32[rows] */
  readonly mean: Operand;
  /** reads f32[rows] */
  readonly shift: Operand;
  /** reads f32[rows] */
  readonly slope: Operand;
  /** reads f32[rows] */
  readonly factor: Operand;
  /** writes f32[rows * fours * 4] */
  readonly dx: Operand;
}

/** y = (x − mean) · scale + beta of rows of eight times `eights`; all but x are of each column. */
export interface NormalizeColumnsOp {
  readonly rows: number;
  readonly eights: number;
  /** reads f32[rows * eights * 8] */
  readonly x: Operand;
  /** reads f32[eights * 8] */
  readonly mean: Operand;
  /** reads f32[eights * 8] */
  readonly scale: Operand;
  /** reads f32[eights * 8] */
  readonly beta: Operand;
  /** writes f32[rows * eights * 8] */
  readonly y: Operand;
}

/**
 * y[i] = x at the strided position of i, from `start` on: broadcast (stride 0), transpose, slice. `len` is what
 * x spans; a stride is an int32 in a word.
 */
export interface StridedCopyOp {
  readonly len: number;
  readonly start: number;
  readonly n: number;
  /** reads word[len] */
  readonly x: Operand;
  /** writes word[n] */
  readonly y: Operand;
  readonly dims: readonly StridedCopyDims[];
}

export interface StridedCopyDims {
  readonly size: number;
  readonly stride: number;
}

/** y = x; in the commit phase the assignment of a variable. */
export interface CopyOp {
  readonly n: number;
  /** reads word[n] */
  readonly x: Operand;
  /** writes word[n] */
  readonly y: Operand;
}

/** y (outer, width) = parts side by side: (outer, len) each, or one row for all. */
export interface ConcatenateOp {
  readonly outer: number;
  readonly width: number;
  /** writes word[outer * width] */
  readonly y: Operand;
  readonly parts: readonly ConcatenateParts[];
}

export interface ConcatenateParts {
  readonly rows: number;
  readonly len: number;
  /** reads word[rows * len] */
  readonly x: Operand;
}

/**
 * y[i] = factors[i] · y[i − 1] + terms[i] along n of (outer, n, inner), from `start` on; factors that are not there
 * are 1, such terms 0.
 */
export interface ScanOp {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  readonly reverse: boolean;
  readonly hasFactors: boolean;
  readonly hasTerms: boolean;
  readonly start: number;
  /** reads f32[outer * has_factors * n * inner] */
  readonly factors: Operand;
  /** reads f32[outer * has_terms * n * inner] */
  readonly terms: Operand;
  /** writes f32[outer * n * inner] */
  readonly y: Operand;
}

/** y[j] = x[indices[j]] along n of x (outer, n, inner); indices and y are (outer, count, inner). */
export interface TakeAlongOp {
  readonly outer: number;
  readonly n: number;
  readonly count: number;
  readonly inner: number;
  /** reads word[outer * n * inner] */
  readonly x: Operand;
  /** reads i32[outer * count * inner] */
  readonly indices: Operand;
  /** writes word[outer * count * inner] */
  readonly y: Operand;
}

/** y = x, where then y[indices[j]] = values[j] along n, in the order of j; or values are added. */
export interface PutAlongOp {
  readonly outer: number;
  readonly n: number;
  readonly count: number;
  readonly inner: number;
  readonly adds: boolean;
  /** reads word[outer * n * inner] */
  readonly x: Operand;
  /** reads i32[outer * count * inner] */
  readonly indices: Operand;
  /** reads word[outer * count * inner] */
  readonly values: Operand;
  /** writes word[outer * n * inner] */
  readonly y: Operand;
}

/** The positions of each row's elements in order, equals as they stand, NaN last. */
export interface ArgsortOp {
  readonly rows: number;
  readonly n: number;
  readonly descending: boolean;
  readonly integers: boolean;
  /** reads word[rows * n] */
  readonly x: Operand;
  /** writes i32[rows * n] */
  readonly spare: Operand;
  /** writes i32[rows * n] */
  readonly y: Operand;
}

/** y = f(a, b) of integers. */
export interface IntegersOp {
  readonly integer: IntegerName;
  readonly n: number;
  /** reads i32[n] */
  readonly a: Operand;
  /** reads i32[n] */
  readonly b: Operand;
  /** writes i32[n] */
  readonly y: Operand;
}

/** y (outer, inner) = x[0] f x[1] f … along n of integers x (outer, n, inner), 0 of nothing. */
export interface ReduceIntegersOp {
  readonly integer: IntegerName;
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  /** reads i32[outer * n * inner] */
  readonly x: Operand;
  /** writes i32[outer * inner] */
  readonly y: Operand;
}

/** y = softmax of each row of x. */
export interface SoftmaxOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly x: Operand;
  /** writes f32[rows * n] */
  readonly y: Operand;
}

/** y = log softmax of each row of x. */
export interface LogSoftmaxOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly x: Operand;
  /** writes f32[rows * n] */
  readonly y: Operand;
}

/** dx = y · (dy − Σ dy·y) for each row. */
export interface SoftmaxBackwardOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly y: Operand;
  /** reads f32[rows * n] */
  readonly dy: Operand;
  /** writes f32[rows * n] */
  readonly dx: Operand;
}

/** Softmax and cross-entropy with integer labels: loss = −log p[label]. */
export interface CrossEntropyLabelsOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly logits: Operand;
  /** reads i32[rows] */
  readonly labels: Operand;
  /** writes f32[rows] */
  readonly loss: Operand;
  /** writes f32[rows * n] */
  readonly probs: Operand;
}

/** dlogits = (p − onehot(label)) · dloss. */
export interface CrossEntropyLabelsBackwardOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly probs: Operand;
  /** reads i32[rows] */
  readonly labels: Operand;
  /** reads f32[rows] */
  readonly dloss: Operand;
  /** writes f32[rows * n] */
  readonly dlogits: Operand;
}

/** Softmax and cross-entropy with rows of probabilities: loss = −Σ t·log p. */
export interface CrossEntropyRowsOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly logits: Operand;
  /** reads f32[rows * n] */
  readonly targets: Operand;
  /** writes f32[rows] */
  readonly loss: Operand;
  /** writes f32[rows * n] */
  readonly probs: Operand;
}

/** dlogits = (p·Σt − t) · dloss. */
export interface CrossEntropyRowsBackwardOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly probs: Operand;
  /** reads f32[rows * n] */
  readonly targets: Operand;
  /** reads f32[rows] */
  readonly dloss: Operand;
  /** writes f32[rows * n] */
  readonly dlogits: Operand;
}

/** y[i] = row indices[i] of the table (rows, width). */
export interface GatherOp {
  readonly rows: number;
  readonly width: number;
  readonly count: number;
  /** reads word[rows * width] */
  readonly table: Operand;
  /** reads i32[count] */
  readonly indices: Operand;
  /** writes word[count * width] */
  readonly y: Operand;
}

/** The gradient of gather: dtable[indices[i]] += dy[i], in the order of i. */
export interface ScatterAddOp {
  readonly rows: number;
  readonly width: number;
  readonly count: number;
  /** reads i32[count] */
  readonly indices: Operand;
  /** reads f32[count * width] */
  readonly dy: Operand;
  /** writes f32[rows * width] */
  readonly dtable: Operand;
}

/**
 * Row indices[i] of a table becomes values[i], in the order of i; the others stay, and what is no row is left out. A commit
 * of rows.
 */
export interface PutRowsOp {
  readonly rows: number;
  readonly width: number;
  readonly count: number;
  /** reads i32[count] */
  readonly indices: Operand;
  /** reads word[count * width] */
  readonly values: Operand;
  /** updates word[rows * width] */
  readonly table: Operand;
}

/** y[i] = 1 at indices[i], 0 elsewhere. */
export interface OneHotOp {
  readonly count: number;
  readonly depth: number;
  /** reads i32[count] */
  readonly indices: Operand;
  /** writes f32[count * depth] */
  readonly y: Operand;
}

/** The position of the largest value of each row; the first of equals. */
export interface ArgmaxOp {
  readonly rows: number;
  readonly n: number;
  /** reads f32[rows * n] */
  readonly x: Operand;
  /** writes i32[rows] */
  readonly y: Operand;
}

/**
 * The largest of each window of x (batch, height, width, channels), and where in its image it stands, counted over
 * (y, x): the first of equals, NaN being the largest. `top` and `left` are those of the pads that lie before.
 */
export interface MaxPoolOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padsHeight: number;
  readonly padsWidth: number;
  readonly top: number;
  readonly left: number;
  /** reads f32[batch * height * width * channels] */
  readonly x: Operand;
  /** writes f32[batch * out_height * out_width * channels] */
  readonly y: Operand;
  /** writes i32[batch * out_height * out_width * channels] */
  readonly at: Operand;
}

/** dx is the sum of dy of the windows whose largest an element is. */
export interface MaxPoolBackwardOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padsHeight: number;
  readonly padsWidth: number;
  readonly top: number;
  readonly left: number;
  /** reads f32[batch * out_height * out_width * channels] */
  readonly dy: Operand;
  /** reads i32[batch * out_height * out_width * channels] */
  readonly at: Operand;
  /** writes f32[batch * height * width * channels] */
  readonly dx: Operand;
}

/** The mean of each window, of what lies in the image or, where pads count, of all of it. */
export interface AveragePoolOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padsHeight: number;
  readonly padsWidth: number;
  readonly top: number;
  readonly left: number;
  readonly countsPads: boolean;
  /** reads f32[batch * height * width * channels] */
  readonly x: Operand;
  /** writes f32[batch * out_height * out_width * channels] */
  readonly y: Operand;
}

/** dx is the sum of an element's share of dy of the windows that it is in. */
export interface AveragePoolBackwardOp {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padsHeight: number;
  readonly padsWidth: number;
  readonly top: number;
  readonly left: number;
  readonly countsPads: boolean;
  /** reads f32[batch * out_height * out_width * channels] */
  readonly dy: Operand;
  /** writes f32[batch * height * width * channels] */
  readonly dx: Operand;
}

/** Integers as floats. */
export interface IntToFloatOp {
  readonly n: number;
  /** reads i32[n] */
  readonly x: Operand;
  /** writes f32[n] */
  readonly y: Operand;
}

/** Floats as integers, rounded towards zero; NaN gives 0, what is out of range the nearest end. */
export interface FloatToIntOp {
  readonly n: number;
  /** reads f32[n] */
  readonly x: Operand;
  /** writes i32[n] */
  readonly y: Operand;
}

/** Labels that count as they are with 1 in kept; 0 and 0 where a label is the one to ignore, an int32 in a word. */
export interface IgnoreOp {
  readonly n: number;
  readonly label: number;
  /** reads i32[n] */
  readonly x: Operand;
  /** writes i32[n] */
  readonly y: Operand;
  /** writes f32[n] */
  readonly kept: Operand;
}

/** Random numbers by philox(seed, stream, step, element). */
export interface RandomOp {
  readonly distribution: DistributionName;
  readonly n: number;
  readonly p0: number;
  readonly p1: number;
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly stream: number;
  /** reads u32[1] */
  readonly step: Operand;
  /** writes f32[n] */
  readonly y: Operand;
}

/** Zeroes each element with probability `rate`, scales the others by 1/(1 − rate). The same op on dy is its gradient. */
export interface DropoutOp {
  readonly n: number;
  readonly rate: number;
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly stream: number;
  /** reads u32[1] */
  readonly step: Operand;
  /** reads f32[n] */
  readonly x: Operand;
  /** writes f32[n] */
  readonly y: Operand;
}

/**
 * Stops the step where a value is NaN or infinite. peak: the largest |x|, in any lane. A counter's word is no
 * finite float from 2,139,095,040 on, so counters are guarded too.
 */
export interface GuardOp {
  /** writes f32[PEAK] */
  readonly peak: Operand;
  readonly ranges: readonly GuardRanges[];
}

export interface GuardRanges {
  readonly len: number;
  /** reads f32[len] */
  readonly x: Operand;
}

/**
 * Makes a step of an optimizer ready. hyper = [rate, weight decay, clip by value, by norm, by global norm, the
 * rule's own numbers]; a clip of 0 is none. Decoupled decay shrinks w, the other joins g. step counts the steps
 * done. reach: how large the slot that w is changed by is at most. numbers: what the step takes; then whether it
 * takes gradients as they are; otherwise scale is what they are multiplied by; last reach after the step.
 * Stops the step where a weight or a slot would not be finite; w and its slots are finite, and so is g.
 */
export interface PrepareUpdateOp {
  readonly rule: RuleName;
  readonly decoupled: boolean;
  /** reads f64[HYPER] */
  readonly hyper: Operand;
  /** reads u32[1] */
  readonly step: Operand;
  /** reads f32[PEAK] */
  readonly peak: Operand;
  /** writes f32[NUMBERS] */
  readonly numbers: Operand;
  readonly ranges: readonly PrepareUpdateRanges[];
}

export interface PrepareUpdateRanges {
  readonly slots: number;
  readonly len: number;
  /** reads f32[len] */
  readonly w: Operand;
  /** reads f32[slots * len] */
  readonly state: Operand;
  /** reads f32[any(slots)] */
  readonly reach: Operand;
  /** reads f32[len] */
  readonly g: Operand;
  /** writes f32[1] */
  readonly scale: Operand;
}

/** A step of an optimizer, as it was made ready. */
export interface UpdateOp {
  readonly rule: RuleName;
  /** reads f32[NUMBERS] */
  readonly numbers: Operand;
  readonly ranges: readonly UpdateRanges[];
}

export interface UpdateRanges {
  readonly slots: number;
  readonly len: number;
  /** updates f32[len] */
  readonly w: Operand;
  /** updates f32[slots * len] */
  readonly state: Operand;
  /** updates f32[any(slots)] */
  readonly reach: Operand;
  /** reads f32[len] */
  readonly g: Operand;
  /** reads f32[1] */
  readonly scale: Operand;
}

/** word += 1 for each counter, which a guard has looked at. */
export interface IncrementOp {
  readonly counters: readonly IncrementCounters[];
}

export interface IncrementCounters {
  /** updates u32[1] */
  readonly word: Operand;
}

