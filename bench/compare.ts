/** Nothing is timed before its results agree with ours. */
import { BenchError } from "./error.ts";
import type { Case, KernelSession, Session } from "./types.ts";

/** Losses are compared for so long, so that a peer with long steps gives fewer: two at least. */
const COMPARED_MS = 500;

/** What the first calls of a fresh session give. */
export interface FirstResults {
  readonly results: ArrayLike<number>;
  /** Milliseconds of the last of several calls: in the first one, some compile. */
  readonly callMs?: number;
}

export async function firstResults(
  session: Session & Partial<KernelSession>,
  compares: Case["compares"],
  now: () => number = () => performance.now(),
): Promise<FirstResults> {
  if (compares === "values") {
    if (session.values === undefined) throw new BenchError("expected values to compare, got none");
    return { results: await session.values() };
  }
  const losses: number[] = [];
  const count = Math.min(compares, session.compared ?? compares);
  const begun = now();
  let last = begun;
  while (losses.length < count && (losses.length < 2 || now() - begun < COMPARED_MS)) {
    last = now();
    losses.push(await session.run());
  }
  return { results: losses, ...(losses.length > 1 && { callMs: now() - last }) };
}

/** Throws where a peer computed something else; of losses those are compared that both have. */
export function assertAgrees(
  where: string,
  { compares, tolerance }: Pick<Case, "compares" | "tolerance">,
  theirs: ArrayLike<number>,
  ours: ArrayLike<number>,
): void {
  const count = compares === "values" ? Infinity : Math.min(theirs.length, ours.length);
  const cut = (all: ArrayLike<number>) =>
    all.length > count ? Array.from(all).slice(0, count) : all;
  assertSame(where, cut(theirs), cut(ours), tolerance);
}

/** Throws where `actual` differs from `expected` by more than tolerance * max(1, |expected|). */
export function assertSame(
  where: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  if (actual.length !== expected.length) {
    throw new BenchError(`${where}: expected ${expected.length} results, got ${actual.length}`);
  }
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i];
    const b = expected[i];
    // written so that NaN on either side fails
    if (!(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)))) {
      throw new BenchError(
        `${where}: expected ${b} as result ${i}, got ${a}: not the same computation`,
      );
    }
  }
}
