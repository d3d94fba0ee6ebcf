import { App } from "./app.ts";
import { nextTask } from "./dom.ts";
import { startWorker } from "./start-worker.ts";

/** In short tasks, so that the page answers from the first moment. */
async function start(): Promise<void> {
  await nextTask();
  const worker = startWorker("worker");
  await nextTask();
  new App(document.body, worker);
}

void start();
