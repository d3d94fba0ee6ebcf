import { yieldToHost } from "../platform/yield.ts";
import type { FitLoop, FitResult } from "./fit.ts";

/** Longest time that `fit` keeps the thread, in ms. */
const SLICE = 16;

/** Drives a loop to its end in one go. */
export function driveSync(loop: FitLoop): FitResult {
  const steps = loop.run();
  for (let next = steps.next(); ; next = steps.next()) if (next.done) return next.value;
}

/** Drives a loop, giving way to the event loop every 16 ms and waiting for callbacks. */
export async function drive(loop: FitLoop, signal: AbortSignal | undefined): Promise<FitResult> {
  const steps = loop.run();
  let since = performance.now();
  try {
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done) return next.value;
      if (next.value instanceof Promise) await next.value;
      if (performance.now() - since >= SLICE) {
        await yieldToHost();
        since = performance.now();
      }
    }
  } catch (error) {
    if (signal?.aborted && error === signal.reason && typeof error === "object" && error !== null) {
      Object.assign(error, { history: loop.history });
    }
    throw error;
  }
}
