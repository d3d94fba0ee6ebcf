import type { Operand } from "../../engine/writer.ts";
import * as write from "../../engine/writers.generated.ts";
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

/** Rows of columns that have statistics. */
interface Columns {
  readonly rows: number;
  readonly eights: number;
}

/** (outer, n, inner) as rows of whole vectors, if it is. */
function rowsOf([rows, n, inner]: Shape): Rows | undefined {
  const fits = inner === 1 && n! % 4 === 0 && rows! * n! >= MANY;
  return fits ? { rows: rows!, fours: n! / 4 } : undefined;
}

/** The same as columns of one matrix, two vectors at a time. */
function columnsOf([outer, n, inner]: Shape): Columns | undefined {
  const fits = outer === 1 && inner! % 8 === 0 && n! * inner! >= MANY;
  return fits ? { rows: n!, eights: inner! / 8 } : undefined;
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

/** (x − mean) · scale + beta, in columns. */
const normalizeColumnsOp: OpDef<Columns> = {
  name: "normalizeColumns",
  infer: ([x]) => [floats(x!.shape)],
  meaning: mixes,
  emit({ w, attrs, inputs, outputs }) {
    const [x, mean, scale, beta] = inputs as Operands;
    write.normalizeColumns(w, { ...attrs, x, mean, scale, beta, y: outputs[0]! });
  },
};

const passes = {
  normalize: normalizeOp,
  normalizeBackward: normalizeBackwardOp,
  normalizeColumns: normalizeColumnsOp,
};

/** Which of them, on what. */
interface Pass {
  readonly by: keyof typeof passes;
  readonly lines: Rows | Columns;
}

/**
 * Its first input as it is, through which gradients flow. Once nothing more is differentiated the core's op on the other
 * inputs takes its place, which gives the same bits in one pass.
 */
export const onePassOp: OpDef<Pass> = {
  name: "onePass",
  view: true,
  infer: ([y]) => [floats(y!.shape)],
  meaning: mixes,
  gradient: ({ dy, inputs }) => inputs.map((_, i) => (i === 0 ? dy : null)),
  becomes: ({ inputs, attrs: { by, lines } }) =>
    apply(passes[by] as OpDef<Rows | Columns>, inputs.slice(1), lines),
};

const inOnePass = (
  by: Pass["by"],
  y: Tensor,
  inputs: readonly Tensor[],
  lines: Pass["lines"],
): Tensor => apply(onePassOp, [y, ...inputs] as AnyTensor[], { by, lines });

/** As many of a number. */
const filled = (width: number, value: number): Tensor => fill([width], value) as Tensor;

/**
 * y, by one op where it is rows or columns of such a size: (x − mean) · scale · gamma + beta of x, mean and scale, and what there
 * is along a row.
 */
export function normalInOnePass(
  y: Tensor,
  given: readonly Tensor[],
  folded: Shape,
  gamma?: Tensor,
  beta?: Tensor,
): Tensor {
  const [rows, columns] = [rowsOf(folded), columnsOf(folded)];
  const width = folded[rows ? 1 : 2]!;
  if (beta && beta.size !== width) return y;
  // 1 and −0 leave every number as it is.
  const shift = () => beta ?? filled(width, -0);
  if (rows) {
    return inOnePass("normalize", y, [...given, gamma ?? filled(width, 1), shift()], rows);
  }
  const fits = columns !== undefined && gamma === undefined;
  return fits ? inOnePass("normalizeColumns", y, [...given, shift()], columns) : y;
}

/** dx, in the same way where it is rows, of x, dy, mean, shift, slope and factor. */
export function slopeInOnePass(
  dx: Tensor,
  given: readonly Tensor[],
  gamma: Tensor | undefined,
  folded: Shape,
): Tensor {
  const rows = rowsOf(folded);
  if (rows === undefined) return dx;
  return inOnePass("normalizeBackward", dx, [...given, gamma ?? filled(folded[1]!, 1)], rows);
}
