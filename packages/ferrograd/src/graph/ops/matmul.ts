import { ACTIVATIONS, write } from "../../engine/ops.generated.ts";
import { ABSENT } from "../../engine/writer.ts";
import { ShapeError } from "../../errors.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { apply, applyAll, type GradientContext, madeBy, type OpDef, type Rule } from "../op.ts";
import { showShape, type Tensor } from "../tensor.ts";
import { type ActivationAttrs, activationOp, binaryOps } from "./elementwise.ts";
import { reduceBlocks, sum } from "./reduce.ts";
import { requireFloat } from "./require.ts";
import { reshape, transposeOp } from "./shape.ts";

/** @internal */
export interface MatmulAttrs extends ActivationAttrs {
  readonly transA: boolean;
  readonly transB: boolean;
}

const PLAIN = { activation: "linear", p0: 0, p1: 0 } as const;

/** f(A·B + bias): (m, k)·(k, n), either stored transposed; the bias (n) is the third input, if any. */
export const matmulOp: OpDef<MatmulAttrs> = {
  name: "matmul",
  infer: ([a, b], { transA, transB }) => {
    const [m, k] = transA ? [a!.shape[1], a!.shape[0]] : a!.shape;
    const [rows, n] = transB ? [b!.shape[1], b!.shape[0]] : b!.shape;
    if (k !== rows) {
      throw new ShapeError(
        `matmul(): expected (m, k) and (k, n), got ${showShape(a!.shape)} and ${showShape(b!.shape)}`,
      );
    }
    return [{ shape: [m!, n!], dtype: "float32" }];
  },
  gradient: (context) => {
    const [a, b] = context.inputs as Tensor[];
    const { transA, transB } = context.attrs;
    const [dz, db] = outerGradient(context);
    const dA = () => (transA ? product(b!, dz, transB, true) : product(dz, b!, false, !transB));
    const dB = () => (transB ? product(dz, a!, true, transA) : product(a!, dz, !transA, false));
    const { needs } = context;
    const dBias = context.inputs.length > 2 ? [db] : [];
    return [needs[0] ? dA() : null, needs[1] ? dB() : null, ...dBias];
  },
  emit: ({ w, attrs, inputs, outputs, inputSpecs, outputSpecs }) => {
    const [m, n] = outputSpecs[0]!.shape as readonly [number, number];
    const k = inputSpecs[0]!.shape[attrs.transA ? 0 : 1]!;
    const [a, b, bias] = inputs;
    const hasBias = bias !== undefined;
    write.matmul(w, {
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

/** A transposed operand is read in place; bias and activation join the product they follow. */
export const matmulRules: readonly Rule[] = [
  {
    op: matmulOp,
    apply({ inputs, attrs }) {
      const [a, b] = inputs.map((x) => madeBy(x, transposeOp)?.inputs[0]);
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
        if (!plain || uses(x) > 1 || bias.rank !== 1 || bias.shape[0] !== x.shape[1]) continue;
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
      if (!node || !joins || uses(inputs[0]!) > 1) return null;
      if (node.attrs.activation !== PLAIN.activation) return null;
      return apply(matmulOp, node.inputs, { ...node.attrs, ...(attrs as ActivationAttrs) });
    },
  },
];

/**
 * Matrix product (m, k)·(k, n) → (m, n). A first operand of more axes is a batch of rows:
 * (…, k)·(k, n) → (…, n).
 *
 * @example matmul([[1, 2]], [[3], [4]]).array() // [[11]]
 * @throws ShapeError when the inner sizes differ or an operand has too few axes
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor {
  const x = requireFloat("matmul", toTensor("matmul()", a)) as Tensor;
  const w = requireFloat("matmul", toTensor("matmul()", b)) as Tensor;
  if (x.rank < 2 || w.rank !== 2 || x.shape[x.rank - 1] !== w.shape[0]) {
    throw new ShapeError(
      `matmul(): expected (…, k) and (k, n), got ${showShape(x.shape)} and ${showShape(w.shape)}`,
    );
  }
  if (x.rank === 2) return product(x, w, false, false);
  const rows = product(reshape(x, [-1, w.shape[0]!]), w, false, false);
  return reshape(rows, [...x.shape.slice(0, -1), w.shape[1]!]);
}
