import { nextTask } from "@ferrograd/shared/dom.ts";
import { workerOf } from "@ferrograd/shared/worker-of.ts";
import { App } from "./app.ts";

/** In short tasks, so that the page answers from the first moment. */
async function start(): Promise<void> {
  await nextTask();
  const worker = workerOf("worker")();
  await nextTask();
  new App(document.body, worker);
}

void start();
