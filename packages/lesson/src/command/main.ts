import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { type Outcome, outcomeOf } from "../experiment.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { type LessonData, told } from "../report.ts";
import { printed } from "./table.ts";

/** A mistake in the command line, for people. */
class LessonError extends Error {
  override readonly name = "LessonError";
}

/** What a thread is asked, and what it answers. */
interface Job {
  readonly id: string;
  readonly seed: number;
  readonly quick: boolean;
}
interface Done extends Job {
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** Experiments by expected length, the longest first, so that two threads end together. */
const LONGEST = ["g", "c", "i", "j", "e", "h", "a", "f", "d", "b"];
const THREADS = 2;

/** Runs every experiment on threads of this very file; the results do not depend on how many. */
function measure(
  file: URL,
  ids: readonly string[],
  how: Omit<Job, "id">,
): Promise<Map<string, Done>> {
  const waiting: Job[] = LONGEST.filter((id) => ids.includes(id)).map((id) => ({ id, ...how }));
  const done = new Map<string, Done>();
  const threads = Array.from(
    { length: Math.min(THREADS, availableParallelism()) },
    () => new Worker(file),
  );
  const end = () => threads.map((thread) => thread.terminate());
  return new Promise((resolve, reject) => {
    for (const thread of threads) {
      const next = () => {
        const job = waiting.shift();
        if (job) thread.postMessage(job);
      };
      thread.on("error", (error) => {
        void end();
        reject(error);
      });
      thread.on("message", (result: Done) => {
        done.set(result.id, result);
        progress(done.size, ids.length);
        if (done.size < ids.length) return next();
        void Promise.all(end()).then(() => resolve(done));
      });
      next();
    }
    progress(0, ids.length);
  });
}

/** A bar on standard error, redrawn in a terminal. */
function progress(count: number, total: number): void {
  const bar = `experiments ${"#".repeat(count)}${".".repeat(total - count)} ${count} of ${total}`;
  const end = count === total ? "\n" : "";
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}${end}`);
  else if (count === total) process.stderr.write(`${bar}\n`);
}

/** `seconds` is the time that all took beside each other; undefined where no times are wanted. */
function report(done: ReadonlyMap<string, Done>, seed: number, seconds: number | undefined) {
  const asked = EXPERIMENTS.filter(({ id }) => done.has(id));
  const experiments = asked.map((experiment) => {
    const { tables, checks, verdict, answer, seeds } = done.get(experiment.id)!.outcome;
    const { question, ...words } = told(experiment);
    const numbers = tables.map(({ title, columns, rows }) => ({ title, columns, rows }));
    return { ...words, seeds, question: { ...question, answer }, tables: numbers, checks, verdict };
  });
  const times = Object.fromEntries(
    asked.map(({ id }) => {
      const { seconds, outcome } = done.get(id)!;
      return [id, { seconds, ...outcome.times }];
    }),
  );
  return { seed, experiments, ...(seconds !== undefined && { times, seconds }) };
}

export type Report = ReturnType<typeof report>;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        "no-times": { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        seed: { type: "string", default: "1" },
      },
    });
  } catch (error) {
    throw new LessonError(`lesson: ${error instanceof Error ? error.message : error}`);
  }
}

/** `npm run lesson`: the experiments asked for, else all, as tables or as JSON; what the page needs of all. */
export async function main(
  argv: readonly string[],
  file: URL,
): Promise<{ data: LessonData; quick: boolean } | undefined> {
  const { values, positionals } = parse(argv);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new LessonError(
      `lesson: --seed: expected a whole number of 0 or more, got ${values.seed}`,
    );
  }
  const known = EXPERIMENTS.map(({ id }) => id);
  const unknown = positionals.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new LessonError(`lesson: expected experiments of ${known.join(" ")}, got ${unknown}`);
  }
  const ids = known.filter((id) => positionals.length === 0 || positionals.includes(id));
  const start = performance.now();
  const done = await measure(file, ids, { seed, quick: values.quick });
  const seconds = (performance.now() - start) / 1000;
  const result = report(done, seed, values["no-times"] ? undefined : seconds);
  console.log(values.json ? JSON.stringify(result, undefined, 2) : printed(result));
  if (ids.length < known.length) return undefined;
  const experiments = EXPERIMENTS.map((experiment) => ({
    ...told(experiment),
    outcome: done.get(experiment.id)!.outcome,
  }));
  return { data: { seed, experiments }, quick: values.quick };
}

if (!isMainThread) {
  parentPort!.on("message", ({ id, seed, quick }: Job) => {
    const start = performance.now();
    const outcome = outcomeOf(EXPERIMENTS.find((experiment) => experiment.id === id)!, seed, quick);
    parentPort!.postMessage({
      id,
      seed,
      quick,
      outcome,
      seconds: (performance.now() - start) / 1000,
    });
  });
}
