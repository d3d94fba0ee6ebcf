import {
  type MatmulBackwardOp,
  type MatmulOp,
  REDUCE_BLOCK,
  SUM_TREE,
} from "../../engine/ops.generated.ts";
import type { Operand } from "../../engine/writer.ts";
import { FLOAT } from "../code.ts";
import { activate } from "../formula.ts";
import { each, sum } from "../loops.ts";
import { lanesOf, product } from "../product.ts";
import { Sums } from "../sums.ts";
import type { Unroller, Unrolling } from "./unrolling.ts";

interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** With so few multiplications, loops for any sizes take longer. */
const fits = ({ m, n, k }: Sizes): boolean => m * n * k <= 1 << 16;

const isEmpty = ({ m, n, k }: Sizes): boolean => m * n * k === 0;

export const matmul: Unroller<MatmulOp> = {
  fits: (op) => fits(op) && op.batch === 1,
  write(op, { code, at, perform }) {
    if (isEmpty(op)) return perform();
    const { m: rows, n: columns, k: steps, transA, transB } = op;
    product(code, {
      ...{ rows, columns, steps, transA, transB },
      ...{ a: at(op.a), b: at(op.b), c: at(op.c), bias: op.hasBias ? at(op.bias) : undefined },
      f: op.activation === "linear" ? undefined : () => activate(code, op, "f"),
    });
  },
};

interface Gradient {
  readonly rows: number;
  readonly columns: number;
  readonly steps: number;
  readonly transA: boolean;
  readonly transB: boolean;
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
}

/** dA = dz·Bᵀ as A is stored and dB = Aᵀ·dz as B is, those that are wanted. */
function gradients(op: MatmulBackwardOp): Gradient[] {
  const { m, n, k, transA, transB, a, b, da, db } = op;
  const dz = op.hasActivation ? op.dz : op.dy;
  const ofA = transA
    ? { rows: k, columns: m, steps: n, transA: transB, transB: true, a: b, b: dz, c: da }
    : { rows: m, columns: k, steps: n, transA: false, transB: !transB, a: dz, b, c: da };
  const ofB = transB
    ? { rows: n, columns: k, steps: m, transA: true, transB: transA, a: dz, b: a, c: db }
    : { rows: k, columns: n, steps: m, transA: !transA, transB: false, a, b: dz, c: db };
  return [op.wantA ? [ofA] : [], op.wantB ? [ofB] : []].flat();
}

export const matmulBackward: Unroller<MatmulBackwardOp> = {
  fits,
  write(op, unrolling) {
    const { code, at, perform } = unrolling;
    if (isEmpty(op) || op.m > REDUCE_BLOCK) return perform();
    outerGradient(op, unrolling);
    for (const gradient of gradients(op)) {
      const { a, b, c } = gradient;
      product(code, { ...gradient, a: at(a), b: at(b), c: at(c) });
    }
  },
};

/** dz = dy·f', and its sums over the rows. */
function outerGradient(op: MatmulBackwardOp, unrolling: Unrolling): void {
  const { code, at } = unrolling;
  const { m, n, wantBias, hasActivation } = op;
  if (hasActivation) {
    each(code, m * n, { y: at(op.y), dy: at(op.dy), dz: at(op.dz) }, ({ y, dy, dz }, lanes) => {
      code.load(dy, lanes).load(y, lanes);
      activate(code, op, "df");
      code.store(dz, code.simd("mul").keep(), lanes);
    });
  }
  if (wantBias && n === 1 && !hasActivation) {
    const { local, offset } = at(op.dbias);
    code.get(local);
    sum(code, at(op.dy), m);
    code.op("f32.demote").memory("f32.store", offset);
  } else if (wantBias) {
    sumsOfColumns(op, unrolling);
  }
}

/** Strips of columns, each from the first row to the last. */
function sumsOfColumns(op: MatmulBackwardOp, { code, at }: Unrolling): void {
  const { m, n } = op;
  code.scope(() => {
    const dz = code.pointer(at(op.hasActivation ? op.dz : op.dy));
    const dbias = code.pointer(at(op.dbias));
    const across = [dz, dbias].map((local) => [local, FLOAT] as const);
    code.repeat(n, 8, across, (columns) => {
      const strip = lanesOf(columns).map((lanes, v) => ({
        lanes,
        offset: 4 * v * FLOAT,
        sums: new Sums(code),
      }));
      const row = code.pointer({ local: dz, offset: 0 });
      code.repeat(m, SUM_TREE, [[row, n * FLOAT]], (rows) => {
        for (const { lanes, offset, sums } of strip) {
          const load = (i: number) => {
            code.load({ local: row, offset: offset + i * n * FLOAT }, lanes);
          };
          sums.add(rows, load);
        }
      });
      for (const { lanes, offset, sums } of strip) {
        sums.rounded();
        code.store({ local: dbias, offset }, code.keep(), lanes);
      }
    });
  });
}
