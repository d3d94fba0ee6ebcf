import type { Reply, Request } from "../worker/protocol.ts";
import type { FrameOf, InputOf, TaskName } from "../worker/tasks.ts";

/** Runs a task in the worker; each frame is computed when it is asked for, and an end of the loop ends the run. */
export type Run = <T extends TaskName>(
  task: T,
  input: InputOf<T>,
  signal?: AbortSignal,
) => AsyncGenerator<FrameOf<T>, void, undefined>;

export interface Runner {
  readonly run: Run;
  dispose(): void;
}

/** A worker, started with the first run, and the runs in it. */
export function createRunner(startWorker: () => Worker): Runner {
  let worker: Worker | undefined;
  let count = 0;
  const waiting = new Map<number, (reply: Reply) => void>();
  const answer = (reply: Reply) => {
    waiting.get(reply.run)?.(reply);
    waiting.delete(reply.run);
  };
  const start = () => {
    const started = startWorker();
    started.onmessage = ({ data }: MessageEvent<Reply>) => answer(data);
    started.onerror = ({ message }) => {
      for (const run of waiting.keys()) answer({ type: "failed", run, message });
    };
    return started;
  };
  const send = (request: Request) => {
    worker ??= start();
    worker.postMessage(request);
  };
  const next = (run: number) =>
    new Promise<Reply>((resolve) => {
      waiting.set(run, resolve);
      send({ type: "next", run });
    });

  async function* run<T extends TaskName>(task: T, input: InputOf<T>, signal?: AbortSignal) {
    if (signal?.aborted) return;
    const id = ++count;
    const stop = () => {
      send({ type: "stop", run: id });
      answer({ type: "done", run: id });
    };
    send({ type: "start", run: id, task, input });
    signal?.addEventListener("abort", stop, { once: true });
    try {
      while (!signal?.aborted) {
        const reply = await next(id);
        if (reply.type === "failed") throw new Error(reply.message);
        if (reply.type === "done") return;
        yield reply.frame as FrameOf<T>;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      if (!signal?.aborted) stop();
    }
  }

  return {
    run,
    dispose() {
      worker?.terminate();
      worker = undefined;
      for (const id of waiting.keys()) answer({ type: "done", run: id });
    },
  };
}
