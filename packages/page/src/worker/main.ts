import { unrollPrograms } from "ferrograd/unroll";
import type { Reply, Request } from "../protocol.ts";
import { readColumns } from "./data.ts";
import { Session } from "./session.ts";

const scope = self as unknown as {
  postMessage(reply: Reply): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

unrollPrograms();

let session: Session | undefined;

/** What each request does. */
const HANDLERS: { readonly [T in Request["type"]]: (r: Extract<Request, { type: T }>) => void } = {
  start(request) {
    const { run, csv } = request;
    session?.dispose();
    session = undefined;
    const fail = (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      scope.postMessage({ type: "failed", run, message, columns: csv && readColumns(csv) });
    };
    try {
      session = new Session(request, {
        frame: (frame) => scope.postMessage({ type: "frame", run, frame }),
        answer: (answer) => scope.postMessage({ type: "answer", run, answer }),
      });
      scope.postMessage({ type: "ready", run, info: session.info });
      session.run().catch(fail);
    } catch (error) {
      fail(error);
    }
  },
  play: () => session?.play(),
  pause: () => session?.pause(),
  step: () => session?.single(),
  speed: ({ stepsPerSecond }) => session?.speed(stepsPerSecond),
  ask: ({ pixels }) => session?.ask(pixels),
  shown: () => session?.shown(),
};

scope.onmessage = ({ data }) => {
  const handle = HANDLERS[data.type] as (request: Request) => void;
  handle(data);
};
