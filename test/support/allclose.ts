import { expect } from "vitest";

type Numbers = ArrayLike<number>;

/** Is |a - b| <= tol * max(1, |b|)? NaN and the infinities must be the same. */
export function isClose(a: number, b: number, tol: number): boolean {
  if (Number.isFinite(a) && Number.isFinite(b))
    return Math.abs(a - b) <= tol * Math.max(1, Math.abs(b));
  return Object.is(a, b);
}

/** Expects equal lengths and every pair close; the message names the worst element. */
export function expectAllclose(got: Numbers, expected: Numbers, tol = 1e-6, what = ""): void {
  expect(got.length, `${what} length`).toBe(expected.length);
  const bad = Array.from(expected).findIndex((value, i) => !isClose(got[i]!, value, tol));
  if (bad >= 0) {
    expect.fail(`${what}[${bad}]: got ${got[bad]}, expected ${expected[bad]} within ${tol}`);
  }
}

/** Expects the same bits: NaN is NaN, -0 is not 0. */
export function expectSameBits(got: Numbers, expected: Numbers, what = ""): void {
  expect(got.length, `${what} length`).toBe(expected.length);
  const bad = Array.from(expected).findIndex((value, i) => !Object.is(got[i]!, value));
  if (bad >= 0) expect.fail(`${what}[${bad}]: got ${got[bad]}, expected ${expected[bad]}`);
}
