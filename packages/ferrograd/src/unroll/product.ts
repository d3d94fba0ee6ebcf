import { isFused } from "../engine/numerics.ts";
import { type At, type Code, FLOAT } from "./code.ts";
import { strided } from "./loops.ts";

/** C = f(A·B + bias): rows of A and C, columns of B and C, steps between them. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly steps: number;
  readonly a: At;
  /** A is stored as (steps, rows). */
  readonly transA: boolean;
  readonly b: At;
  /** B is stored as (columns, steps). */
  readonly transB: boolean;
  readonly bias?: At | undefined;
  readonly c: At;
  /** Replaces a finished vector on the stack. */
  readonly f?: (() => void) | undefined;
}

/** Vectors of sums that are under way at a time: with what is multiplied they fill the registers. */
const SUMS = 10;

/**
 * Writes a product, with the core's bits: an element is 0 plus its products in the order of the steps.
 * Rows and columns of a tile are written out, the steps are a loop.
 */
export function product(code: Code, p: Product): void {
  code.scope(() => {
    const rows = rowsAtOnce(p);
    const [b, c] = [code.pointer(p.b), code.pointer(p.c)];
    const bias = p.bias && code.pointer(p.bias);
    const moves: [number, number][] = [
      [b, p.transB ? p.steps * FLOAT : FLOAT],
      [c, FLOAT],
    ];
    if (bias !== undefined) moves.push([bias, FLOAT]);
    code.repeat(p.columns, columnsAtOnce(p, rows), moves, (columns) => {
      strip(code, p, { rows, lanes: lanesOf(columns), b, c, bias });
    });
  });
}

/** As many as fit beside two vectors of columns; fewer, but not below two thirds, if none is left then. */
function rowsAtOnce({ rows, columns }: Product): number {
  const most = columns > 4 ? SUMS / 2 : SUMS;
  for (let few = most; 3 * few >= 2 * most; few--) if (rows % few === 0) return few;
  return Math.min(rows, most);
}

/** Two vectors, more if there are few rows. */
function columnsAtOnce({ columns }: Product, rows: number): number {
  const vectors = Math.max(2, Math.floor(SUMS / rows));
  return Math.min(4 * vectors, 4 * Math.ceil(columns / 4));
}

/** The floats of each vector of some columns. */
export function lanesOf(columns: number): number[] {
  return Array.from({ length: Math.ceil(columns / 4) }, (_, v) => Math.min(4, columns - 4 * v));
}

/** Some columns, which `b`, `c` and `bias` point to. */
interface Strip {
  readonly rows: number;
  readonly lanes: readonly number[];
  readonly b: number;
  readonly c: number;
  readonly bias: number | undefined;
}

function strip(code: Code, p: Product, s: Strip): void {
  const bias = s.lanes.map((lanes, v) => {
    return s.bias && code.load({ local: s.bias, offset: 4 * v * FLOAT }, lanes).keep();
  });
  const [a, c] = [code.pointer(p.a), code.pointer({ local: s.c, offset: 0 })];
  const moves = [
    [a, p.transA ? FLOAT : p.steps * FLOAT],
    [c, p.columns * FLOAT],
  ] as const;
  code.repeat(p.rows, s.rows, moves, (rows) => {
    const sums = Array.from({ length: rows }, () => s.lanes.map(() => code.local("v128")));
    for (const sum of sums.flat()) code.vector(0).set(sum);
    allSteps(code, p, s, a, sums);
    sums.forEach((row, r) => {
      row.forEach((sum, v) => {
        if (bias[v] !== undefined) code.get(sum).get(bias[v]).simd("add").set(sum);
        if (p.f !== undefined) {
          code.get(sum);
          p.f();
          code.set(sum);
        }
        code.store({ local: c, offset: (r * p.columns + 4 * v) * FLOAT }, sum, s.lanes[v]!);
      });
    });
  });
}

/** All steps down the rows of B, or across them if it is stored as (columns, steps). */
function allSteps(code: Code, p: Product, s: Strip, from: number, sums: number[][]): void {
  const [a, b] = [
    code.pointer({ local: from, offset: 0 }),
    code.pointer({ local: s.b, offset: 0 }),
  ];
  const right = s.lanes.map(() => code.local("v128"));
  const moves = [
    [a, p.transA ? p.rows * FLOAT : FLOAT],
    [b, p.transB ? FLOAT : p.columns * FLOAT],
  ] as const;
  const once = isFused();
  code.repeat(p.steps, 1, moves, () => {
    right.forEach((local, v) => {
      const at = { local: b, offset: 4 * v * (p.transB ? p.steps : 1) * FLOAT };
      if (p.transB) code.gather(at, strided(s.lanes[v]!, p.steps * FLOAT)).set(local);
      else code.load(at, s.lanes[v]!).set(local);
    });
    const left = code.local("v128");
    sums.forEach((row, r) => {
      code.loadSplat({ local: a, offset: r * (p.transA ? 1 : p.steps) * FLOAT }).set(left);
      row.forEach((sum, v) => {
        if (once) code.get(left).get(right[v]!).get(sum).simd("relaxedMadd").set(sum);
        else code.get(sum).get(left).get(right[v]!).simd("mul").simd("add").set(sum);
      });
    });
  });
}
