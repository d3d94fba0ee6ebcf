/** Each contender in a fresh process of its own: what the company of the others changes is an error of the bench. */
import { clockOf, measure, type Pace } from "./harness.ts";
import { openEntrant } from "./runner.ts";
import { align } from "./table.ts";
import type { Host, Peer, Suite, Time, TimeRow } from "./types.ts";

/** A larger difference than this is an error of the bench. */
const TOLERANCE = 0.1;

/** One contender in one case. */
export interface Task {
  readonly suite: string;
  readonly case: string;
  readonly contender: string;
}

export interface AloneRow extends Task {
  readonly companyMs: number;
  readonly aloneMs: number;
  /** Its time in company in units of its time alone. */
  readonly ratio: number;
  /** The processor's where the machine was busy with others. */
  readonly clock: "wall" | "cpu";
  /** Two tries differed, in the same direction. */
  readonly differs: boolean;
}

export interface AloneOptions {
  /** Times a contender in a fresh process; undefined where it has no such work. */
  readonly alone: (task: Task) => Time | undefined | Promise<Time | undefined>;
  /** Times the cases of these tasks in company once more. */
  readonly again: (tasks: readonly Task[]) => Promise<readonly TimeRow[]>;
}

/** Compares every time in the rows with the same alone; where they differ, both are measured once more. */
export async function compareAlone(
  rows: readonly TimeRow[],
  { alone, again }: AloneOptions,
): Promise<AloneRow[]> {
  const first = await compareAll(timesOf(rows), alone);
  const off = first.filter(isOff);
  if (off.length === 0) return first;
  const isAsked = ({ task }: Company) => off.some((row) => isSame(row, task));
  const second = await compareAll(timesOf(await again(off)).filter(isAsked), alone);
  return first.map((row) => {
    const retried = second.find((other) => isSame(row, other));
    if (retried === undefined) return row;
    return { ...retried, differs: isOff(retried) && retried.ratio > 1 === row.ratio > 1 };
  });
}

interface Company {
  readonly task: Task;
  readonly time: Time;
}

const isSame = (a: Task, b: Task) =>
  a.suite === b.suite && a.case === b.case && a.contender === b.contender;
const isOff = ({ ratio }: AloneRow) => Math.max(ratio, 1 / ratio) > 1 + TOLERANCE;

/** Ours and the peers' times of each row. */
function timesOf(rows: readonly TimeRow[]): Company[] {
  return rows.flatMap((row) => {
    const task = { suite: row.suite, case: row.case };
    const all = [["ferrograd", row.ours] as const, ...Object.entries(row.peers)];
    return all.map(([contender, time]) => ({ task: { ...task, contender }, time }));
  });
}

async function compareAll(
  all: readonly Company[],
  alone: AloneOptions["alone"],
): Promise<AloneRow[]> {
  const rows: AloneRow[] = [];
  for (const { task, time } of all) {
    const lone = await alone(task);
    if (lone === undefined) continue;
    const clock = clockOf([time, lone]);
    const ms = ({ medianMs, cpuMs = medianMs }: Time) => (clock === "wall" ? medianMs : cpuMs);
    const [companyMs, aloneMs] = [ms(time), ms(lone)];
    rows.push({ ...task, companyMs, aloneMs, ratio: companyMs / aloneMs, clock, differs: false });
  }
  return rows;
}

/** The part of a fresh process: one contender, one case. */
export async function timeAlone(
  task: Task,
  suites: readonly Suite[],
  peers: readonly Peer[],
  host: Host,
  pace: Pace,
): Promise<Time | undefined> {
  const item = suites
    .find(({ name }) => name === task.suite)
    ?.cases.find(({ name }) => name === task.case);
  const engine = await peers.find(({ name }) => name === task.contender)?.load(host);
  if (item === undefined || engine === undefined) return undefined;
  const opened = await openEntrant(item, task.contender, engine);
  if (opened === undefined) return undefined;
  const [{ medianMs, cpuMs }] = await measure([opened.entrant], pace);
  return { medianMs, cpuMs };
}

export function formatAlone(rows: readonly AloneRow[]): string {
  const ms = (value: number) => value.toPrecision(3);
  const body = rows.map((row) => [
    ...[`${row.suite} ${row.case}`, row.contender, ms(row.companyMs), ms(row.aloneMs)],
    ...[row.ratio.toFixed(2), row.clock, row.differs ? "differs" : ""],
  ]);
  const head = ["case", "contender", "in company ms", "alone ms", "ratio", "clock", ""];
  return align([head, ...body]).join("\n");
}
