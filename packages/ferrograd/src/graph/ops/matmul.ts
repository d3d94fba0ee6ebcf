import { ACTIVATIONS, write } from "../../engine/ops.generated.ts";
import { ABSENT } from "../../engine/writer.ts";
import { ShapeError } from "../../errors.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply, applyAll, type GradientContext, madeBy, type OpDef, type Rule } from "../op.ts";
import { type AnyTensor, type Shape, showShape, sizeOf, type Tensor } from "../tensor.ts";
import { type ActivationAttrs, activationOp, binaryOps } from "./elementwise.ts";
import { reduceBlocks, sum } from "./reduce.ts";
import { requireFloat } from "./require.ts";
import { broadcastShapes, broadcastTo, reshape, transposeOp } from "./shape.ts";

/** @internal */
export interface MatmulAttrs extends ActivationAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
}

const PLAIN = { activation: "linear", p0: 0, p1: 0 } as const;

/**
 * f(A·B + bias): (…, m, k)·(…, k, n), either stored transposed; the bias (n) is the third input, if
 * any. The axes in front are as many matrices in both, or a single one in one of them.
 */
export const matmulOp: OpDef<MatmulAttrs> = {
  name: "matmul",
  infer: ([a, b], { transA, transB }) => {
    const [m, k] = matrixOf(a!.shape, transA);
    const [rows, n] = matrixOf(b!.shape, transB);
    if (k !== rows) throw innerSizes(a!.shape, b!.shape);
    const batch = broadcastShapes("matmul", batchOf(a!.shape), batchOf(b!.shape));
    return [{ shape: [...batch, m, n], dtype: "float32" }];
  },
  gradient: (context) => {
    const [a, b] = context.inputs as Tensor[];
    const { transA, transB } = context.attrs;
    const [dz, db] = outerGradient(context);
    const dA = () => (transA ? product(b!, dz, transB, true) : product(dz, b!, false, !transB));
    const dB = () => (transB ? product(dz, a!, true, transA) : product(a!, dz, !transA, false));
    const { needs } = context;
    const dBias = context.inputs.length > 2 ? [db] : [];
    const own = (dx: Tensor, x: Tensor) => context.sumTo(dx, x.shape);
    return [needs[0] ? own(dA(), a!) : null, needs[1] ? own(dB(), b!) : null, ...dBias];
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

/** The gradient through activation and bias: dz, and the bias's where there is one. */
function outerGradient({ inputs, outputs, attrs, dy }: GradientContext<MatmulAttrs>): Tensor[] {
  const hasBias = inputs.length > 2;
  if (attrs.activation !== PLAIN.activation) {
    const { activation, p0, p1 } = attrs;
    return applyAll(denseBackwardOp, [outputs[0]!, dy], { activation, p0, p1 }) as Tensor[];
  }
  return hasBias ? [dy, sum(dy, { axis: 0 })] : [dy];
}

/** dz = dy·f'(y) and its sum over the rows, in one pass. */
export const denseBackwardOp: OpDef<ActivationAttrs> = {
  name: "denseBackward",
  infer: ([y]) => [
    { shape: y!.shape, dtype: "float32" },
    { shape: [y!.shape[1]!], dtype: "float32" },
  ],
  temps: ([y]) => [reduceBlocks(y!.shape[0]!) * y!.shape[1]!],
  emit: ({ w, attrs, inputs, outputs, temps, inputSpecs }) => {
    const [rows, n] = inputSpecs[0]!.shape as readonly [number, number];
    const [xy, dy] = inputs;
    const [dz, db] = outputs;
    write.denseBackward(w, {
      rows,
      n,
      ...attrs,
      xy: xy!,
      dy: dy!,
      dz: dz!,
      partials: temps[0]!,
      db: db!,
    });
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

/** A transposed operand is read in place; bias and activation join the product they follow. */
export const matmulRules: readonly Rule[] = [
  {
    op: matmulOp,
    apply({ inputs, attrs }) {
      const [a, b] = inputs.map(stored);
      if (!a && !b) return null;
      const next = { ...attrs, transA: attrs.transA !== !!a, transB: attrs.transB !== !!b };
      return apply(matmulOp, [a ?? inputs[0]!, b ?? inputs[1]!, ...inputs.slice(2)], next);
    },
  },
  {
    op: binaryOps.add,
    apply({ inputs }, uses) {
      for (const [i, x] of inputs.entries()) {
        const node = madeBy(x, matmulOp);
        const bias = inputs[1 - i]!;
        const plain = node?.inputs.length === 2 && node.attrs.activation === PLAIN.activation;
        if (!plain || x.rank > 2 || uses(x) > 1) continue;
        if (bias.rank !== 1 || bias.shape[0] !== x.shape[1]) continue;
        return apply(matmulOp, [...node.inputs, bias], node.attrs);
      }
      return null;
    },
  },
  {
    op: activationOp,
    apply({ inputs, attrs }, uses) {
      const node = madeBy(inputs[0]!, matmulOp);
      const joins = ACTIVATIONS[(attrs as ActivationAttrs).activation].derivativeFrom === "y";
      if (!node || !joins || node.inputs[0]!.rank > 2 || uses(inputs[0]!) > 1) return null;
      if (node.attrs.activation !== PLAIN.activation) return null;
      return apply(matmulOp, node.inputs, { ...node.attrs, ...(attrs as ActivationAttrs) });
    },
  },
];

/**
 * Matrix product (…, m, k)·(…, k, n) → (…, m, n). The axes in front are a batch and broadcast
 * (numpy.matmul, torch.matmul); no matrix is copied where one operand has a single one.
 *
 * @example matmul([[1, 2]], [[3], [4]]).array() // [[11]]
 * @example matmul(ones([8, 2, 3]), ones([8, 3, 5])).shape // [8, 2, 5]
 * @throws ShapeError when the inner sizes differ, the batches do not broadcast or an operand has
 * fewer than two axes
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
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
