import { StateError } from "../errors.ts";
import { yieldToHost } from "../platform/yield.ts";
import type { FitResult } from "./fit.ts";
import type { FitLoop } from "./loop.ts";
import type { Pending, TrainingStep } from "./place.ts";

/** Longest time that `fit` keeps the thread, in ms. */
const SLICE = 16;

/** A `fit` whose data and options are checked. */
export interface Prepared {
  readonly loop: FitLoop;
  readonly signal: AbortSignal | undefined;
}

/** What ends a `fit` from outside: its model is disposed, or something else trains it. */
export interface Ending {
  error?: Error;
  /** What hears of it while something is waited for. */
  heard?: ((error: Error) => void) | undefined;
}

/** A `fit` under way. */
export interface Running extends Prepared {
  readonly ending: Ending;
}

/** Drives a loop to its end in one go. */
export function driveSync(prepared: Prepared): FitResult {
  prepared.loop.isDue = () => false;
  try {
    const steps = prepared.loop.run();
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done) return next.value;
      if (typeof next.value === "object") throw unwaited(next.value);
    }
  } catch (error) {
    throw withHistory(error, prepared);
  } finally {
    prepared.loop.close();
  }
}

/** Drives a loop, giving way to the event loop every 16 ms and waiting for callbacks. */
export async function drive(prepared: Running): Promise<FitResult> {
  const { value } = await driveBySteps(prepared, false).next();
  return value as FitResult;
}

/** The same, handing back control after each step and each epoch. */
export async function* driveBySteps(
  prepared: Running,
  pauses = true,
): AsyncGenerator<TrainingStep, FitResult, void> {
  const { loop } = prepared;
  if (pauses) loop.isDue = () => true;
  let since = performance.now();
  try {
    const steps = loop.run();
    for (let given: unknown; ; ) {
      const next = steps.next(given);
      if (next.done) return next.value;
      const { value } = next;
      given = typeof value === "object" ? await waited(value.promise, prepared) : undefined;
      if (pauses && typeof value !== "object") {
        loop.stands = true;
        yield loop.latest(value);
        loop.stands = false;
        if (prepared.ending.error) throw prepared.ending.error;
      }
      if (performance.now() - since >= SLICE) {
        await yieldToHost();
        since = performance.now();
      }
    }
  } catch (error) {
    throw withHistory(error, prepared);
  } finally {
    loop.close();
  }
}

/** A callback is waited for until it is done, or until training is to end: it may never be. */
async function waited(
  promise: PromiseLike<unknown>,
  { signal, ending }: Running,
): Promise<unknown> {
  let abort: () => void;
  try {
    return await new Promise((resolve, reject) => {
      abort = () => reject(signal!.reason);
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
      ending.heard = reject;
      if (ending.error) reject(ending.error);
      Promise.resolve(promise).then(resolve, reject);
    });
  } finally {
    ending.heard = undefined;
    signal?.removeEventListener("abort", abort!);
  }
}

function unwaited({ of, promise }: Pending): StateError {
  Promise.resolve(promise).catch(() => {}); // nobody waits for it
  const expected = of.startsWith("on")
    ? "a function that leaves nothing to wait for, got one that returned a promise"
    : "batches that are there, got a promise of one";
  return new StateError(
    `fitSync(): ${of}: expected ${expected}; \`await model.fit(...)\` waits for it`,
  );
}

/** The reason of an abort tells how far training had come, unless it cannot be written to. */
function withHistory(error: unknown, { loop, signal }: Prepared): unknown {
  if (signal?.aborted && error === signal.reason && typeof error === "object" && error !== null) {
    const { history: value } = loop;
    Reflect.defineProperty(error, "history", {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return error;
}
