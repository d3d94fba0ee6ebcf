import { App } from "./app.ts";
import { nextTask } from "./dom.ts";

/** A worker from a script that the page holds as text, so that it works from a file too. */
function startWorker(id: string): Worker {
  const source = new Blob([document.getElementById(id)!.textContent!], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url);
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/** In short tasks, so that the page answers from the first moment. */
async function start(): Promise<void> {
  await nextTask();
  const worker = startWorker("worker");
  await nextTask();
  new App(document.body, worker);
}

void start();
