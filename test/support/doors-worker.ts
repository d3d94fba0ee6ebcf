import { ArgumentError, dense, sequential } from "ferrograd";
import * as worker from "ferrograd/worker";
import type { Door } from "./doors.ts";

const model = () => sequential([dense(2)], { inputShape: [2], seed: 1 });

/** One that makes no worker. */
const none = (): never => {
  throw new ArgumentError("inWorker(): no worker here");
};

/** What `ferrograd/worker` exports. */
export const WORKER_DOORS: Readonly<Record<string, Door>> = {
  inWorker: {
    args: () => [model(), { worker: none, modules: ["data:text/javascript,"] }],
    refused: true,
    says: ["save()", "dense()"], // a model that was disposed; a layer that makes a worker
  },
  workerPool: { args: () => [{ size: 2, worker: none, modules: ["data:text/javascript,"] }] },
  serve: {
    args: () => [{ layers: {}, losses: {}, metrics: {}, schedules: {}, optimizers: {} }],
    refused: true,
  },
  WorkerModel: {
    args: () => [{}],
    call: (...args: unknown[]) => Reflect.construct(worker.WorkerModel, args),
    refused: true,
    says: ["WorkerModel:"],
  },
  WorkerPool: {
    args: () => [{ size: 2 }],
    call: (...args: unknown[]) => Reflect.construct(worker.WorkerPool, args),
    says: ["workerPool()"],
  },
  WorkerError: {
    args: () => ["x"],
    call: (...args: unknown[]) => Reflect.construct(worker.WorkerError, args),
  },
};
