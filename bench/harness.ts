/** Statistics and timing, without Node or DOM: the same file measures in every runtime. */

import { BenchError } from "./error.ts";

/** Something to time: one call of `run` is one unit of work, whose result is read back. */
export interface Contender {
  readonly name: string;
  run(): number | Promise<number>;
  /** Called before each round, outside of the time measured. */
  prepare?(): Promise<void> | void;
  /** Milliseconds of this many calls, where the clock has to be elsewhere: in another process. */
  time?(iterations: number): Promise<number>;
  /** Least time spent before its first timed round, where it needs another than the rest. */
  readonly warmUpMs?: number;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds per call of `run`: the median of the rounds. */
  readonly medianMs: number;
  readonly roundsMs: readonly number[];
  /** Calls per round. */
  readonly iterations: number;
}

export interface MeasureOptions {
  /** How often each contender is timed. */
  readonly rounds: number;
  /** Least time of one round; sets the number of calls in it. Default 10 ms. */
  readonly minRoundMs?: number;
  /** Least time spent before the first timed round, per contender. Default 300 ms. */
  readonly warmUpMs?: number;
  /** The clock, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/** Middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("median(): expected at least one value, got none");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Round r begins with item r, so that nobody always runs first or after the same neighbour. */
export function rotate<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** How many times faster we are: peer time / our time. */
export function ratio(peerMs: number, ourMs: number): number {
  return peerMs / ourMs;
}

/**
 * Times all contenders side by side: each is warmed up and calibrated, then every round runs each
 * of them once. A slow spell of the machine therefore hits all of them alike.
 */
export async function measure(
  contenders: readonly Contender[],
  options: MeasureOptions,
): Promise<Timing[]> {
  const { rounds, minRoundMs = 10, warmUpMs = 300, now = () => performance.now() } = options;
  const entries: { contender: Contender; iterations: number; roundsMs: number[] }[] = [];
  for (const contender of contenders) {
    const iterations = await calibrate(contender, minRoundMs, contender.warmUpMs ?? warmUpMs, now);
    entries.push({ contender, iterations, roundsMs: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of rotate(entries, round)) {
      const elapsed = await timeCalls(entry.contender, entry.iterations, now);
      entry.roundsMs.push(elapsed / entry.iterations);
    }
  }
  return entries.map(({ contender, iterations, roundsMs }) => ({
    name: contender.name,
    medianMs: median(roundsMs),
    roundsMs,
    iterations,
  }));
}

/** Warms up with rounds of 1, 2, 4 ... calls and returns the first size that lasts long enough. */
async function calibrate(
  contender: Contender,
  minRoundMs: number,
  warmUpMs: number,
  now: () => number,
): Promise<number> {
  const start = now();
  for (let iterations = 1; ; ) {
    const elapsed = await timeCalls(contender, iterations, now);
    if (elapsed < minRoundMs) iterations *= 2;
    else if (now() - start >= warmUpMs) return iterations;
  }
}

/** Time of `iterations` calls. Synchronous work is not awaited: at 2 us a call, that would show. */
async function timeCalls(
  contender: Contender,
  iterations: number,
  now: () => number,
): Promise<number> {
  await contender.prepare?.();
  if (contender.time !== undefined) return await contender.time(iterations);
  const start = now();
  let sum = 0;
  const first = contender.run();
  if (typeof first === "number") {
    sum = first;
    for (let i = 1; i < iterations; i++) sum += contender.run() as number;
  } else {
    sum = await first;
    for (let i = 1; i < iterations; i++) sum += await contender.run();
  }
  const elapsed = now() - start;
  if (Number.isNaN(sum)) throw new BenchError(`${contender.name}: expected numbers, got NaN`);
  return elapsed;
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
