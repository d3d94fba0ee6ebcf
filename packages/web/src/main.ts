import { App } from "./app.ts";
import { nextTask } from "./dom.ts";
import { workerOf } from "./worker-of.ts";

/** In short tasks, so that the page answers from the first moment. */
async function start(): Promise<void> {
  await nextTask();
  const worker = workerOf("worker")();
  await nextTask();
  new App(document.body, worker);
}

void start();
