import { indexedDbStore } from "ferrograd";
import { survivor } from "./stores.ts";

/** Trains in a worker; says each step, and at the end what it came to. Waits for an answer after each step. */
let go = () => {};
addEventListener("message", async ({ data }: MessageEvent<string | null>) => {
  if (data === null) return go();
  const onStep = (step: number) => {
    postMessage(step);
    return new Promise<void>((resolve) => {
      go = resolve;
    });
  };
  postMessage(await survivor(indexedDbStore(data), onStep));
});
