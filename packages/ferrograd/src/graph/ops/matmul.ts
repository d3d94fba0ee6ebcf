import { ABSENT, type Operand } from "../../engine/writer.ts";
import * as write from "../../engine/writers.generated.ts";
import { ShapeError } from "../../errors.ts";
import { type Shape, showShape, sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends } from "../meaning.ts";
import {
  apply,
  applyAll,
  floats,
  type GradientContext,
  inPlaces,
  madeBy,
  type OpDef,
  type Rule,
} from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { activationGradientOp, add } from "./elementwise.ts";
import { PLAIN } from "./joining.ts";
import { reduceBlocks, SUM_WORDS } from "./reduce.ts";
import { requireFloat } from "./require.ts";
import { broadcastShapes, broadcastTo, reshape, transposeOp } from "./shape.ts";
import type { ActivationAttrs } from "./step.ts";

/** @internal */
export interface MatmulAttrs extends ActivationAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
}

/**
 * f(A·B + bias): (…, m, k)·(…, k, n), either stored transposed; the bias (n) is the third input, if
 * any. The axes in front are as many matrices in both, or a single one in one of them.
 */
export const matmulOp: OpDef<MatmulAttrs> = {
  name: "matmul",
  joins: ({ rank }) => rank === 2,
  infer: ([a, b], { transA, transB }) => {
    const [m, k] = matrixOf(a!.shape, transA);
    const [rows, n] = matrixOf(b!.shape, transB);
    if (k !== rows) throw innerSizes(a!.shape, b!.shape);
    const batch = broadcastShapes("matmul", batchOf(a!.shape), batchOf(b!.shape));
    return [floats([...batch, m, n])];
  },
  meaning: ends,
  gradient: (context) => {
    const { inputs, outputs, attrs, dy, needs } = context;
    const [a, b] = inputs as [Tensor, Tensor];
    if (dy.rank > 2) return batchGradient(context, a, b);
    const want = [needs[0]!, needs[1]!, needs[2] ?? false] as const;
    const plain = attrs.activation === PLAIN.activation;
    const op = plain ? matmulBackwardOp : denseBackwardOp;
    return spread(want, applyAll(op, [a, b, plain ? dy : outputs[0]!, dy], { ...attrs, want }));
  },
  emit: ({ w, attrs, inputs, outputs, inputSpecs, outputSpecs }) => {
    const { shape } = outputSpecs[0]!;
    const [m, n] = matrixOf(shape, false);
    const [, k] = matrixOf(inputSpecs[0]!.shape, attrs.transA);
    const matrices = (x: { shape: Shape }) => sizeOf(batchOf(x.shape));
    const [a, b, bias] = inputs;
    const hasBias = bias !== undefined;
    write.matmul(w, {
      batch: sizeOf(batchOf(shape)),
      batchA: matrices(inputSpecs[0]!),
      batchB: matrices(inputSpecs[1]!),
      m,
      n,
      k,
      ...attrs,
      hasBias,
      a: a!,
      b: b!,
      bias: bias ?? ABSENT,
      c: outputs[0]!,
    });
  },
};

const batchOf = (shape: Shape): Shape => shape.slice(0, -2);

/** Rows and columns of the matrices, as they take part. */
function matrixOf(shape: Shape, transposed: boolean): readonly [number, number] {
  const [rows, columns] = shape.slice(-2) as readonly number[] as readonly [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

function innerSizes(a: Shape, b: Shape): ShapeError {
  return new ShapeError(
    `matmul(): expected (…, m, k) and (…, k, n), got ${showShape(a)} and ${showShape(b)}`,
  );
}

/** Of many products, which have neither bias nor activation: summed where one matrix serves several. */
function batchGradient(
  { attrs, dy, needs, sumTo }: GradientContext<MatmulAttrs>,
  a: Tensor,
  b: Tensor,
): (Tensor | null)[] {
  return [
    needs[0] ? sumTo(leftGradient(b, dy, attrs), a.shape) : null,
    needs[1] ? sumTo(rightGradient(a, dy, attrs), b.shape) : null,
  ];
}

/** Which of the gradients of A, B and bias there are. */
type Want = readonly [a: boolean, b: boolean, bias: boolean];

/** @internal */
export interface MatmulBackwardAttrs extends MatmulAttrs {
  readonly want: Want;
}

/** What there is of the gradients, in the places of A, B and bias. */
const spread = (want: Want, there: readonly AnyTensor[]): (Tensor | null)[] =>
  inPlaces(want, there as readonly Tensor[], null);

/** dA = dz·Bᵀ, as A is stored. */
const leftGradient = (b: Tensor, dz: Tensor, { transA, transB }: MatmulAttrs): Tensor =>
  transA ? product(b, dz, transB, true) : product(dz, b, false, !transB);

/** dB = Aᵀ·dz, as B is stored. */
const rightGradient = (a: Tensor, dz: Tensor, { transA, transB }: MatmulAttrs): Tensor =>
  transB ? product(dz, a, true, transA) : product(a, dz, !transA, false);

/** From A, B, y and dy, with dz = dy·f'(y): dz·Bᵀ, Aᵀ·dz and Σ dz over the rows, what is wanted of them. */
const backward: Pick<OpDef<MatmulBackwardAttrs>, "infer" | "meaning" | "temps" | "emit"> = {
  meaning: ends,
  infer: ([a, b, , dy], { want }) =>
    [a!.shape, b!.shape, [dy!.shape[1]!]].filter((_, i) => want[i]).map(floats),
  temps: ([, , , dy], _outputs, { activation, want }) => {
    const [m, n] = dy!.shape as readonly [number, number];
    return [
      activation === PLAIN.activation ? 0 : m * n,
      want[2] ? reduceBlocks(m) * n * SUM_WORDS : 0,
    ];
  },
  emit: ({ w, attrs, inputs, outputs, temps, inputSpecs }) => {
    const [m, n] = inputSpecs[3]!.shape as readonly [number, number];
    const [a, b, y, dy] = inputs as [Operand, Operand, Operand, Operand];
    const [dz, partials] = temps as [Operand, Operand];
    const [wantA, wantB, wantBias] = attrs.want;
    const [da, db, dbias] = inPlaces(attrs.want, outputs, ABSENT) as [Operand, Operand, Operand];
    const k = inputSpecs[0]!.shape[attrs.transA ? 0 : 1]!;
    const hasActivation = attrs.activation !== PLAIN.activation;
    const wants = { wantA, wantB, wantBias, hasActivation };
    write.matmulBackward(w, {
      ...{ m, n, k, ...attrs, ...wants },
      ...{ a, b, y, dy, dz, partials, da, db, dbias },
    });
  },
};

/** The gradients of a product without activation; linear in A, B and dy, which dy also stands for y. */
export const matmulBackwardOp: OpDef<MatmulBackwardAttrs> = {
  name: "matmulBackward",
  ...backward,
  gradient: ({ inputs, attrs, dOutputs }) => {
    const [a, b, , dy] = inputs as [Tensor, Tensor, Tensor, Tensor];
    const [gA, gB, gBias] = spread(attrs.want, dOutputs as readonly AnyTensor[]);
    const { transA, transB } = attrs;
    const flows = [
      gA && product(gA, b, transA, transB),
      gB && product(a, gB, transA, transB),
      gBias && broadcastTo(gBias, dy.shape),
    ].filter((flow) => flow != null);
    return [
      gB ? leftGradient(gB, dy, attrs) : 0,
      gA ? rightGradient(gA, dy, attrs) : 0,
      null,
      flows.reduce((total, flow) => add(total, flow)),
    ];
  },
};

/** The gradients of a product with an activation: those of one without, of dz = dy·f'(y). */
export const denseBackwardOp: OpDef<MatmulBackwardAttrs> = {
  name: "denseBackward",
  ...backward,
  gradient: (context) => {
    const [a, b, y, dy] = context.inputs as [Tensor, Tensor, Tensor, Tensor];
    const { activation, p0, p1 } = context.attrs;
    const attrs = { activation, p0, p1 };
    const dz = apply(activationGradientOp, [y, dy], attrs);
    const [dA, dB, , ddz] = matmulBackwardOp.gradient!({ ...context, inputs: [a, b, dz, dz] });
    const through = { ...context, attrs, inputs: [y, dy], dy: ddz as Tensor };
    return [dA!, dB!, ...activationGradientOp.gradient!(through)];
  },
};

function product(a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  return apply(matmulOp, [a, b], { ...PLAIN, transA, transB });
}

/** What a tensor is the transpose of, matrix by matrix. */
function stored(x: AnyTensor): AnyTensor | undefined {
  const node = madeBy(x, transposeOp);
  const last = x.rank - 1;
  const swaps = node?.attrs.axes.every((axis, i) => axis === (i < last - 1 ? i : last * 2 - 1 - i));
  return swaps ? node?.inputs[0] : undefined;
}

/** A transposed operand is read in place. */
export const transposedRules: readonly Rule[] = [
  {
    op: matmulOp,
    apply({ inputs, attrs }) {
      const [a, b] = inputs.map(stored);
      if (!a && !b) return null;
      const next = { ...attrs, transA: attrs.transA !== !!a, transB: attrs.transB !== !!b };
      return apply(matmulOp, [a ?? inputs[0]!, b ?? inputs[1]!, ...inputs.slice(2)], next);
    },
  },
];

/** The product of matrices, or of batches of them. @internal */
export function matrixProduct(a: TensorLike, b: TensorLike): Tensor {
  const x = requireFloat("matmul", toTensor("matmul()", a)) as Tensor;
  const w = requireFloat("matmul", toTensor("matmul()", b)) as Tensor;
  if (x.rank < 2 || w.rank < 2 || x.shape[x.rank - 1] !== w.shape[w.rank - 2]) {
    throw innerSizes(x.shape, w.shape);
  }
  if (w.rank === 2 && x.rank > 2) {
    const rows = product(reshape(x, [sizeOf(x.shape.slice(0, -1)), w.shape[0]!]), w, false, false);
    return reshape(rows, [...x.shape.slice(0, -1), w.shape[1]!]);
  }
  const batch = broadcastShapes("matmul", batchOf(x.shape), batchOf(w.shape));
  const [left, right] = [x, w].map((operand) => {
    const matrices = sizeOf(batchOf(operand.shape));
    const fits = matrices === 1 || matrices === sizeOf(batch);
    return fits ? operand : broadcastTo(operand, [...batch, ...operand.shape.slice(-2)]);
  });
  return product(left!, right!, false, false);
}
