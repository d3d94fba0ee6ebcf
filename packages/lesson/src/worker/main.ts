import type { Reply, Request } from "./protocol.ts";
import { TASKS } from "./tasks.ts";

const scope = self as unknown as {
  postMessage(reply: Reply): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

type AnyTask = (input: unknown) => Generator<unknown>;
const tasks = TASKS as unknown as Readonly<Record<string, AnyTask>>;
const runs = new Map<number, Generator<unknown>>();

/** One frame more of a run, as an answer. */
function pull(run: number): Reply {
  const frames = runs.get(run);
  if (frames === undefined) return { type: "done", run };
  try {
    const { value, done } = frames.next();
    if (!done) return { type: "frame", run, frame: value };
    runs.delete(run);
    return { type: "done", run };
  } catch (error) {
    runs.delete(run);
    return { type: "failed", run, message: error instanceof Error ? error.message : String(error) };
  }
}

scope.onmessage = ({ data }) => {
  const { type, run } = data;
  if (type === "start") runs.set(run, tasks[data.task]!(data.input));
  else if (type === "next") scope.postMessage(pull(run));
  else {
    runs.get(run)?.return(undefined);
    runs.delete(run);
  }
};
