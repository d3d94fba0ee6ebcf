export type { WorkerOptions } from "./connection.ts";
export { WorkerError } from "./errors.ts";
export { inWorker, WorkerModel } from "./model.ts";
export { type Run, type RunPlan, WorkerPool, type WorkerPoolOptions, workerPool } from "./pool.ts";
export { serve } from "./serve.ts";
export type { WorkerLike } from "./start.ts";
