import { UNARY_FORMULAS } from "../../engine/formulas.generated.ts";
import {
  type CrossEntropyLabelsBackwardOp,
  type CrossEntropyLabelsOp,
  SHORT_ROW,
} from "../../engine/ops.generated.ts";
import type { Operand } from "../../engine/writer.ts";
import { type At, after, type Code, FLOAT } from "../code.ts";
import { formula } from "../formula.ts";
import { each, strided } from "../loops.ts";
import { lanesOf } from "../product.ts";
import { isSmall, type Unroller, type Unrolling } from "./unrolling.ts";

interface Rows {
  readonly rows: number;
  readonly n: number;
}

/** Has the core perform the op if a label is none of the classes: it says which. */
function checkLabels(labels: Operand, { rows, n }: Rows, { code, at, perform }: Unrolling): void {
  code.scope(() => {
    const outside = code.local("v128");
    code.vector(0).set(outside);
    each(code, rows, { labels: at(labels) }, (places, lanes) => {
      code.load(places.labels, lanes).integer(n).simd("splatInteger").simd("geU");
      code.get(outside).simd("or").set(outside);
    });
    code.get(outside).simd("anyTrue").if(perform);
  });
}

/** An op of rows with labels, those checked. */
function labelled<Op extends Rows & { readonly labels: Operand }>(
  write: (op: Op, unrolling: Unrolling) => void,
): Unroller<Op> {
  return {
    fits: ({ rows, n }) => isSmall(rows * n),
    write(op, unrolling) {
      if (op.rows * op.n === 0 || op.n > SHORT_ROW) return unrolling.perform();
      checkLabels(op.labels, op, unrolling);
      write(op, unrolling);
    },
  };
}

/** loss = ln Σ eˣ - x[label] and p = eˣ / Σ eˣ, four rows at a time; the last four may overlap. */
export const crossEntropyLabels = labelled<CrossEntropyLabelsOp>((op, { code, at }) => {
  const { rows, n } = op;
  const places = [op.logits, op.probs, op.labels, op.loss].map(at);
  const bytes = [n, n, 1, 1].map((width) => width * FLOAT);
  code.scope(() => {
    const pointers = places.map((place) => code.pointer(place));
    const moves = pointers.map((local, i) => [local, bytes[i]!] as const);
    const here = pointers.map((local) => ({ local, offset: 0 }));
    code.repeat(rows - (rows % 4), 4, moves, (count) => someRows(code, n, count, here));
  });
  if (rows % 4 === 0) return;
  const start = Math.max(0, rows - 4);
  const last = places.map((place, i) => after(place, start * bytes[i]!));
  code.scope(() => someRows(code, n, rows - start, last));
});

/** Up to four rows, each in a lane. */
function someRows(code: Code, n: number, rows: number, places: readonly At[]): void {
  const [x, probs, labels, loss] = places as readonly [At, At, At, At];
  const max = code.local("v128");
  code.vector(Number.NEGATIVE_INFINITY).set(max);
  const columns = Array.from({ length: n }, (_, j) => {
    const column = code.gather(after(x, j * FLOAT), strided(rows, n * FLOAT)).keep();
    code.get(max).get(column).simd("pmax").set(max);
    return column;
  });
  for (const column of columns) {
    code.get(column).get(max).simd("sub").set(column);
    formula(code, UNARY_FORMULAS.exp!, { a: () => code.get(column) });
    code.set(column);
  }
  tree(code, columns);
  const total = code.keep();
  const factor = code.vector(1).get(total).simd("div").keep();
  columns.forEach((column, j) => {
    code.get(column).get(factor).simd("mul").set(column);
    code.scatter(after(probs, j * FLOAT), n * FLOAT, column, rows);
  });
  for (let row = rows - 1; row >= 0; row--) labelAddress(code, x, after(labels, row * FLOAT));
  code.vector(0);
  for (let row = 0; row < rows; row++) code.loadLane(row, x.offset + row * n * FLOAT);
  const own = code.keep();
  formula(code, UNARY_FORMULAS.log!, { a: () => code.get(total) });
  code.get(own).get(max).simd("sub").simd("sub").set(own);
  code.store(loss, own, rows);
}

/** Pushes the address of the element that a label names, but for the offset of the row. */
function labelAddress(code: Code, row: At, label: At): void {
  code.get(row.local).get(label.local).memory("i32.load", label.offset);
  code.integer(2).op("i32.shl").op("i32.add");
}

/** Pushes ((0 + 8) + (4 + 12)) + ((2 + 10) + ...) of the columns that there are, as the core sums. */
function tree(code: Code, columns: readonly number[]): void {
  const pair = (left: () => boolean, right: () => boolean) => () => {
    const pushed = [left(), right()];
    if (pushed[0] && pushed[1]) code.simd("add");
    return pushed[0] || pushed[1] || false;
  };
  const leaf = (j: number) => () => {
    if (columns[j] !== undefined) code.get(columns[j]);
    return columns[j] !== undefined;
  };
  const four = (i: number) => pair(pair(leaf(i), leaf(i + 8)), pair(leaf(i + 4), leaf(i + 12)));
  pair(pair(four(0), four(2)), pair(four(1), four(3)))();
}

/** dx = (p - 1 at the label) dloss */
export const crossEntropyLabelsBackward = labelled<CrossEntropyLabelsBackwardOp>(
  (op, { code, at }) => {
    const { rows, n } = op;
    const [p, dx] = [code.pointer(at(op.probs)), code.pointer(at(op.dlogits))];
    const [labels, dloss] = [code.pointer(at(op.labels)), code.pointer(at(op.dloss))];
    const moves = [
      [p, n * FLOAT],
      [dx, n * FLOAT],
      [labels, FLOAT],
      [dloss, FLOAT],
    ] as const;
    code.repeat(rows, 1, moves, () => {
      const scale = code.loadSplat({ local: dloss, offset: 0 }).keep();
      lanesOf(n).forEach((lanes, v) => {
        const offset = 4 * v * FLOAT;
        const y = code.load({ local: p, offset }, lanes).get(scale).simd("mul").keep();
        code.store({ local: dx, offset }, y, lanes);
      });
      const label = { local: labels, offset: 0 };
      labelAddress(code, { local: dx, offset: 0 }, label);
      labelAddress(code, { local: p, offset: 0 }, label);
      code.memory("f32.load", 0).float(1).op("f32.sub");
      code.get(scale).lane(0).op("f32.mul").memory("f32.store", 0);
    });
  },
);
