import { write } from "../../engine/ops.generated.ts";
import type { Operand } from "../../engine/writer.ts";
import type { Shape } from "../../values/shape.ts";
import { fill } from "../constants.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, floats, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";

type Operands = readonly [Operand, Operand, Operand, Operand, Operand, Operand, Operand];

/** Elements from which a pass of its own is faster than a chain. */
const MANY = 2048;

/** Rows whose statistics are their own. */
interface Rows {
  readonly rows: number;
  readonly fours: number;
}

/** (outer, n, inner) as rows of whole vectors, if it is. */
function rowsOf([rows, n, inner]: Shape): Rows | undefined {
  const fits = inner === 1 && n! % 4 === 0 && rows! * n! >= MANY;
  return fits ? { rows: rows!, fours: n! / 4 } : undefined;
}

/** (x − mean) · scale · gamma + beta. */
const normalizeOp: OpDef<Rows> = {
  name: "normalize",
  infer: ([x]) => [floats(x!.shape)],
  meaning: mixes,
  emit({ w, attrs, inputs, outputs }) {
    const [x, mean, scale, gamma, beta] = inputs as Operands;
    write.normalize(w, { ...attrs, x, mean, scale, gamma, beta, y: outputs[0]! });
  },
};

/** (dy · gamma − shift − (x − mean) · slope) · factor. */
const normalizeBackwardOp: OpDef<Rows> = {
  name: "normalizeBackward",
  infer: ([x]) => [floats(x!.shape)],
  meaning: ends,
  emit({ w, attrs, inputs, outputs }) {
    const [x, dy, mean, shift, slope, factor, gamma] = inputs as Operands;
    const numbers = { mean, shift, slope, factor, gamma };
    write.normalizeBackward(w, { ...attrs, x, dy, ...numbers, dx: outputs[0]! });
  },
};

/** A number in each place of a row. */
const everywhere = (value: number, { fours }: Rows): Tensor => fill([4 * fours], value) as Tensor;

const passes = { normalize: normalizeOp, normalizeBackward: normalizeBackwardOp };

/**
 * Its first input as it is, through which gradients flow. Once nothing more is differentiated the core's op on the other
 * inputs takes its place, which gives the same bits in one pass.
 */
export const onePassOp: OpDef<Rows & { readonly by: keyof typeof passes }> = {
  name: "onePass",
  view: true,
  infer: ([y]) => [floats(y!.shape)],
  meaning: mixes,
  gradient: ({ dy, inputs }) => inputs.map((_, i) => (i === 0 ? dy : null)),
  becomes: ({ inputs, attrs: { by, ...rows } }) => apply(passes[by], inputs.slice(1), rows),
};

const inOnePass = (
  by: keyof typeof passes,
  y: Tensor,
  inputs: readonly Tensor[],
  rows: Rows,
): Tensor => apply(onePassOp, [y, ...inputs] as AnyTensor[], { by, ...rows });

/** y, by one op where its rows are such: (x − mean) · scale · gamma + beta of x, mean and scale, and what there is along a row. */
export function normalInOnePass(
  y: Tensor,
  given: readonly Tensor[],
  folded: Shape,
  gamma?: Tensor,
  beta?: Tensor,
): Tensor {
  const rows = rowsOf(folded);
  if (rows === undefined || (beta && beta.size !== 4 * rows.fours)) return y;
  // 1 and −0 leave every number as it is.
  const factors = [gamma ?? everywhere(1, rows), beta ?? everywhere(-0, rows)];
  return inOnePass("normalize", y, [...given, ...factors], rows);
}

/** dx, in the same way, of x, dy, mean, shift, slope and factor. */
export function slopeInOnePass(
  dx: Tensor,
  given: readonly Tensor[],
  gamma: Tensor | undefined,
  folded: Shape,
): Tensor {
  const rows = rowsOf(folded);
  if (rows === undefined) return dx;
  return inOnePass("normalizeBackward", dx, [...given, gamma ?? everywhere(1, rows)], rows);
}
