/** Timing, without Node or DOM: the same file measures in every runtime. */

import { BenchError } from "./error.ts";
import { median, rotate } from "./statistics.ts";

/** Something to time: one call of `run` is one unit of work, whose result is read back. */
export interface Contender {
  readonly name: string;
  run(): number | Promise<number>;
  /** Called before each block, outside of the time measured. */
  prepare?(): Promise<void> | void;
  /** Time of this many calls, where the clocks have to be elsewhere: in another process. */
  time?(calls: number): Promise<Elapsed>;
  /** Milliseconds of a call, as far as they are known beforehand. */
  readonly knownMs?: number;
  /** Each call is a process of its own: none makes the next one warm. */
  readonly isFresh?: boolean;
}

/** A session's functions, without a lookup of `this`. */
export function bound(session: Omit<Contender, "name">): Omit<Contender, "name"> {
  return {
    run: session.run.bind(session),
    ...(session.prepare && { prepare: session.prepare.bind(session) }),
    ...(session.time && { time: session.time.bind(session) }),
    ...(session.isFresh && { isFresh: true }),
  };
}

/** Time on the wall, and of the processor: of all threads, where that can be known. */
export interface Elapsed {
  readonly wallMs: number;
  readonly cpuMs?: number;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds per call of `run`: the median of the blocks. */
  readonly medianMs: number;
  readonly blocksMs: readonly number[];
  /** Milliseconds of processor per call, likewise; empty where that cannot be known. */
  readonly cpuMs?: number;
  readonly blocksCpuMs: readonly number[];
  /** Milliseconds of the first call of a block, right after the others' turns, likewise. */
  readonly coldMs: number;
  /** Milliseconds that the contender took in all, with what is not timed. */
  readonly spentMs: number;
}

/** How long, and how often, everyone has a turn. */
export interface Pace {
  /** How many blocks each contender has. */
  readonly blocks: number;
  /** The same for those who are more than twice as slow as the first: their ratio needs fewer digits. */
  readonly slowBlocks: number;
  /** The same for those who are more than four times as slow. Default `slowBlocks`. */
  readonly slowestBlocks?: number;
  /** The part of a block that is not timed, in which caches, branches and clock speed become its own. */
  readonly untimedMs: number;
  /** Least time of the timed part. */
  readonly timedMs: number;
  /** The same of the first block, in which engines compile. */
  readonly warmUpMs: number;
  /** Where calls are long: blocks end when the contender has had so much, but for the first `slowBlocks`. */
  readonly budgetMs: number;
  /** Who takes longer than this for a call is left out, but for the first. */
  readonly longestMs?: number;
}

export const FULL: Pace = {
  ...{ blocks: 3, slowBlocks: 2, slowestBlocks: 1 },
  ...{ untimedMs: 125, timedMs: 250, warmUpMs: 150, budgetMs: 5_000 },
};
export const QUICK: Pace = {
  ...{ blocks: 3, slowBlocks: 1, untimedMs: 20, timedMs: 40, warmUpMs: 50, budgetMs: 500 },
};

export interface Clock {
  /** Milliseconds on the wall. Default `performance.now`. */
  now(): number;
  /** Milliseconds of processor that this process has used. Default `process.cpuUsage`, if it is there. */
  cpu?(): number;
}

/** Least time between two looks at the clock. */
const CHUNK_MS = 10;
/** A call as long as this is a block: nothing before it is left untimed. */
const WARM_CALL_MS = 400;
/** Of calls as long as this two are enough. */
export const LONG_CALL_MS = 1000;
/** Who takes this long is timed once: a second call would cost more than the digits it gives. */
const ONCE_MS = 4 * LONG_CALL_MS;
/** Who takes so many times as long as the first has fewer blocks. */
const [SLOW, SLOWEST] = [2, 4];

interface CpuUsage {
  readonly user: number;
  readonly system: number;
}

/** The clocks of this runtime. */
function clocks(): Clock {
  const { process } = globalThis as { process?: { cpuUsage?(): CpuUsage } };
  const usage = process?.cpuUsage?.bind(process);
  const now = () => performance.now();
  if (usage === undefined) return { now };
  const cpu = () => {
    const { user, system } = usage();
    return (user + system) / 1000;
  };
  return { now, cpu };
}

/** With a smaller share of the processor than this, what others take hides in the time on the wall. */
const UNDISTURBED = 0.95;

/** The clock by which times are to be compared: the processor's where the machine was busy with others. */
export function clockOf(
  times: readonly { readonly medianMs: number; readonly cpuMs?: number }[],
): "wall" | "cpu" {
  if (times.some(({ cpuMs }) => cpuMs === undefined)) return "wall";
  return times.every(({ medianMs, cpuMs = 0 }) => cpuMs >= UNDISTURBED * medianMs) ? "wall" : "cpu";
}

interface Entry {
  readonly contender: Contender;
  readonly loop: Loop;
  /** Calls between two looks at the clock. */
  readonly chunk: number;
  /** Roughly. */
  readonly callMs: number;
  /** The first call, right after the others' turns. */
  readonly coldMs: number;
  readonly blocks: Block[];
  spentMs: number;
}

/** Times of one call. */
interface Block extends Elapsed {
  readonly coldMs: number;
}

/**
 * Times all contenders side by side, in blocks in turns. The first block of each begins with its
 * warm-up and calibration. A slow spell of the machine therefore hits all of them alike, and what a
 * contender's neighbour left in the caches is gone before its time counts.
 */
export async function measure(
  contenders: readonly Contender[],
  pace: Pace,
  clock: Clock = clocks(),
): Promise<Timing[]> {
  const entries: Entry[] = [];
  const isTooLong = (callMs = 0) => entries.length > 0 && callMs > (pace.longestMs ?? Infinity);
  for (const contender of contenders) {
    if (isTooLong(contender.knownMs)) continue;
    const start = clock.now();
    const entry = await calibrate(contender, pace, clock);
    if (isTooLong(entry.callMs)) continue;
    entries.push(entry);
    if (entry.blocks.length === 0)
      entry.blocks.push({ ...(await timeFor(pace.timedMs, entry, clock)), coldMs: entry.coldMs });
    entry.spentMs = clock.now() - start;
  }
  for (let round = 1; round < pace.blocks; round++) {
    for (const entry of rotate(entries, round)) {
      if (isOut(entry, entries[0], pace)) continue;
      const start = clock.now();
      entry.blocks.push(await runBlock(entry, pace, clock));
      entry.spentMs += clock.now() - start;
    }
  }
  return entries.map(timingOf);
}

function timingOf({ contender: { name }, blocks, spentMs }: Entry): Timing {
  const of = (time: (block: Block) => number) => blocks.map(time);
  const blocksCpuMs = blocks.flatMap(({ cpuMs }) => cpuMs ?? []);
  return {
    name,
    medianMs: median(of(({ wallMs }) => wallMs)),
    blocksMs: of(({ wallMs }) => wallMs),
    ...(blocksCpuMs.length > 0 && { cpuMs: median(blocksCpuMs) }),
    blocksCpuMs,
    coldMs: median(of(({ coldMs }) => coldMs)),
    spentMs,
  };
}

/** Whether the contender has had its blocks. */
function isOut({ callMs, blocks, spentMs }: Entry, first: Entry, pace: Pace): boolean {
  if (callMs >= ONCE_MS) return blocks.length > 0;
  if (callMs > SLOWEST * first.callMs && blocks.length >= (pace.slowestBlocks ?? pace.slowBlocks))
    return true;
  if (blocks.length < pace.slowBlocks) return false;
  return callMs > SLOW * first.callMs || callMs >= LONG_CALL_MS || spentMs >= pace.budgetMs;
}

type Loop = (run: () => unknown, calls: number) => number;

/**
 * A loop of the contender's own, which engines compile for it alone, as they would in a program
 * without the others. One loop for all is made for the first, or for nobody.
 */
const createLoop = () =>
  new Function(
    "run, calls",
    "let sum = 0; for (let i = 0; i < calls; i++) sum += run(); return sum;",
  ) as Loop;

/** A contender's loop between the clocks, for who asks from another process. */
export function timerOf(
  contender: Contender,
  clock: Clock = clocks(),
): (calls: number) => Promise<Elapsed> {
  const loop = createLoop();
  return (calls) => timeCalls({ contender, loop }, calls, clock);
}

/** The untimed part of the first block: chunks of 1, 2, 4 ... calls until one lasts long enough. What is known to last for seconds is not called again. */
async function calibrate(contender: Contender, pace: Pace, clock: Clock): Promise<Entry> {
  await contender.prepare?.();
  const loop = createLoop();
  const { knownMs = 0, isFresh } = contender;
  const entry = { contender, loop, chunk: 1, spentMs: 0 };
  if (knownMs >= ONCE_MS) {
    const block = { wallMs: knownMs, coldMs: knownMs };
    return { ...entry, callMs: knownMs, coldMs: knownMs, blocks: [block] };
  }
  const start = clock.now();
  const first = await timeCalls(entry, 1, clock);
  const coldMs = first.wallMs;
  if (coldMs >= WARM_CALL_MS || isFresh) {
    const blocks = isFresh ? [] : [{ ...first, coldMs }];
    return { ...entry, callMs: coldMs, coldMs, blocks };
  }
  for (let [chunk, wallMs] = [1, coldMs]; ; ) {
    if (wallMs < CHUNK_MS) chunk *= 2;
    else if (clock.now() - start >= pace.warmUpMs)
      return { ...entry, chunk, callMs: wallMs / chunk, coldMs, blocks: [] };
    wallMs = (await timeCalls(entry, chunk, clock)).wallMs;
  }
}

/** A later turn: a part that is not timed, whose first call is the cold one, then one that is. */
async function runBlock(entry: Entry, pace: Pace, clock: Clock): Promise<Block> {
  await entry.contender.prepare?.();
  const first = await timeCalls(entry, 1, clock);
  const coldMs = first.wallMs;
  if (coldMs >= WARM_CALL_MS) return { ...first, coldMs };
  if (!entry.contender.isFresh) await timeFor(pace.untimedMs - coldMs, entry, clock);
  return { ...(await timeFor(pace.timedMs, entry, clock)), coldMs };
}

/** Time of a call, of as many as take so long together; or twice as long with what is not timed, such as a process that starts. */
async function timeFor(ms: number, entry: Entry, clock: Clock): Promise<Elapsed> {
  const start = clock.now();
  let [calls, wallMs, cpuMs] = [0, 0, 0];
  while (wallMs < ms && clock.now() - start < 2 * ms) {
    const elapsed = await timeCalls(entry, entry.chunk, clock);
    calls += entry.chunk;
    wallMs += elapsed.wallMs;
    cpuMs += elapsed.cpuMs ?? Number.NaN;
  }
  const cpu = Number.isNaN(cpuMs) ? {} : { cpuMs: cpuMs / calls };
  return { wallMs: wallMs / calls, ...cpu };
}

/** Time of so many calls. Synchronous work is not awaited: at 2 us a call, that would show. */
async function timeCalls(
  { contender, loop }: Pick<Entry, "contender" | "loop">,
  calls: number,
  { now, cpu }: Clock,
): Promise<Elapsed> {
  if (contender.time !== undefined) return await contender.time(calls);
  const cpuStart = cpu?.();
  const start = now();
  let sum = 0;
  const first = contender.run();
  if (typeof first === "number") {
    sum = first + loop(contender.run, calls - 1);
  } else {
    sum = await first;
    for (let i = 1; i < calls; i++) sum += await contender.run();
  }
  const wallMs = now() - start;
  if (Number.isNaN(sum)) throw new BenchError(`${contender.name}: expected numbers, got NaN`);
  if (cpu === undefined || cpuStart === undefined) return { wallMs };
  return { wallMs, cpuMs: cpu() - cpuStart };
}
