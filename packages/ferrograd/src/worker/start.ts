import { StateError } from "../errors.ts";
import { show } from "../options/index.ts";
import { WorkerError } from "./errors.ts";

/** A worker, of pages or of `node:worker_threads`. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: never[]): void;
  terminate(): unknown;
}

/** A worker as both kinds are used here. */
export interface Thread {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Hears of messages, and once of its end. */
  listen(receive: (message: unknown) => void, ended: (why: string) => void): void;
  end(): Promise<void>;
  /** May the process end while this runs? */
  hold(busy: boolean): void;
}

interface PageWorker extends WorkerLike {
  addEventListener(type: string, listen: (event: never) => void): void;
}

interface NodeWorker extends WorkerLike {
  on(type: string, listen: (...args: never[]) => void): void;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
}

/** Not spelt out where bundlers look for files: there only what pages need is to be made. */
const FILE = "./thread.ts";

/** A worker that runs the package's own file. */
function ownWorker(): WorkerLike {
  if (typeof Worker === "function") {
    return new Worker(new URL("./thread.ts", import.meta.url), { type: "module" }) as WorkerLike;
  }
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (threads === undefined) throw new StateError("expected workers, got a runtime without them");
  // A program given as text says so to its threads too, which run a file.
  const asText = globalThis.process.execArgv.some((arg) => arg.startsWith("--input-type"));
  const options = asText ? { execArgv: [] } : {};
  return new threads.Worker(new URL(FILE, import.meta.url), options) as unknown as WorkerLike;
}

const REMEDY =
  'give one of your own: { worker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }) }, whose file calls serve()';

/** Starts a worker, one's own or ours. */
export function startThread(where: string, make: unknown): Thread {
  let worker: unknown;
  try {
    worker = make === undefined ? ownWorker() : (make as () => unknown)();
  } catch (error) {
    if (make !== undefined) throw error;
    throw new WorkerError(
      `${where}: expected a worker that starts, got ${(error as Error).message}; ${REMEDY}`,
    );
  }
  const has = (method: string) =>
    typeof (worker as Record<string, unknown> | null | undefined)?.[method] === "function";
  if (has("postMessage") && has("terminate")) {
    if (has("on")) return ofNode(worker as NodeWorker);
    if (has("addEventListener")) return ofPages(worker as PageWorker);
  }
  throw new WorkerError(
    `${where}: worker: expected a worker of a page or of node:worker_threads, got ${show(worker)}`,
  );
}

const ofNode = (worker: NodeWorker): Thread => ({
  post: (message, transfer) => worker.postMessage(message, transfer as never[]),
  listen(receive, ended) {
    worker.on("message", receive);
    worker.on("messageerror", () => ended("a message that cannot be read"));
    worker.on("error", (error: Error) => ended(`an error: ${error?.message ?? error}`));
    worker.on("exit", (code: number) => ended(`its end with code ${code}`));
    worker.unref();
  },
  end: async () => {
    await worker.terminate();
  },
  hold: (busy) => (busy ? worker.ref() : worker.unref()),
});

const ofPages = (worker: PageWorker): Thread => ({
  post: (message, transfer) => worker.postMessage(message, transfer as never[]),
  listen(receive, ended) {
    worker.addEventListener("message", ({ data }: { readonly data: unknown }) => receive(data));
    worker.addEventListener("messageerror", () => ended("a message that cannot be read"));
    worker.addEventListener("error", (event: Event & { readonly message?: string }) => {
      event.preventDefault(); // it is said to whoever waits
      ended(event.message ? `an error: ${event.message}` : `no script; ${REMEDY}`);
    });
  },
  end: async () => {
    await worker.terminate();
  },
  hold() {},
});
