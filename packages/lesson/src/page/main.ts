import { nextTask } from "@ferrograd/shared/dom.ts";
import { workerOf } from "@ferrograd/shared/worker-of.ts";
import type { LessonData } from "../report.ts";
import { LessonPage } from "./app.ts";

/** In short tasks, so that the page answers from the first moment. */
async function start(): Promise<void> {
  await nextTask();
  const data = JSON.parse(document.getElementById("lesson")!.textContent!) as LessonData;
  await nextTask();
  new LessonPage(document.body, data, workerOf("worker"));
}

void start();
