import { BUILD } from "../copies/version.generated.ts";
import { fused } from "../engine/raw.ts";
import { ArgumentError, DisposedError } from "../errors.ts";
import { callable, checkOptions, listOf, show } from "../options/index.ts";
import { warnOnConsole } from "../platform/warn.ts";
import { areOptions, signalOf } from "../training/fit.ts";
import { Channel, type Post } from "./channel.ts";
import { WorkerError } from "./errors.ts";
import { type FitCall, type HookCall, Hooks } from "./hooks.ts";
import { Packer } from "./packing.ts";
import { startThread, type Thread, type WorkerLike } from "./start.ts";

/** Options of `inWorker` and `workerPool`. */
export interface WorkerOptions {
  /**
   * Makes the worker: `() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })`, whose file calls `serve`
   * (default: the package's own file, which bundlers that know `new URL` put beside the page).
   */
  readonly worker?: () => WorkerLike;
  /**
   * Modules, loaded there, that export what `loadModel` takes: `export const layers = { centered }`. Absolute addresses, such
   * as `new URL("./layers.js", import.meta.url)`.
   */
  readonly modules?: readonly (string | URL)[];
}

/** A worker that serves, and what goes between here and there. */
export class Connection {
  readonly packer = new Packer(() => this.channel);
  private readonly channel: Channel;
  private readonly thread: Thread;
  private readonly fits = new Map<number, Hooks>();
  /** Hears of what the model there warns of. */
  warn: (message: string) => void = warnOnConsole;
  private readonly started: Promise<void>;
  /** Ends the wait for its start. */
  private refuse: (error: Error) => void = () => {};
  private count = 0;
  private asking = 0;
  private over = false;

  constructor(where: string, options: WorkerOptions) {
    const modules = checkWorkerOptions(where, options);
    this.thread = startThread(where, options.worker);
    let ready = (_build: string) => {};
    const answers = {
      ready: (build: string) => ready(build),
      hook: (call: HookCall) => this.hook(call),
      warn: (message: string) => this.warn(message),
      ...this.packer.answers,
    };
    const post: Post = (message, transfer) => this.thread.post(message, transfer);
    this.channel = new Channel(post, answers, true);
    this.started = new Promise((resolve, reject) => {
      this.refuse = reject;
      ready = (build) =>
        build === BUILD
          ? resolve(this.sendCore())
          : reject(
              new WorkerError(`${where}: expected a worker of this build, ${BUILD}, got ${build}`),
            );
      this.thread.listen(
        (message) => this.channel.receive(message),
        (why) => {
          this.close(new WorkerError(`${where}: expected a worker that goes on, got ${why}`));
        },
      );
    });
    this.started = this.started.then(() =>
      modules.length === 0 ? undefined : this.channel.ask("modules", modules),
    );
    this.started.catch(() => {}); // whoever asks first hears of it
  }

  /** The core of `ferrograd/fused`, where that is what runs here: a worker's own file would start another. */
  private sendCore(): void {
    if (fused.wasm !== undefined) this.channel.tell("core", fused.wasm());
  }

  /** May it be asked? */
  get alive(): boolean {
    return !this.over;
  }

  /** Asks the worker once it is there. */
  ask<R>(name: string, payload?: unknown, transfer: readonly ArrayBuffer[] = []): Promise<R> {
    return this.whenThere(() => this.channel.ask<R>(name, payload, transfer));
  }

  /** Asks once the worker is there; aborted before, it hears of nothing. */
  private async whenThere<R>(ask: () => Promise<R>, signal?: AbortSignal): Promise<R> {
    this.thread.hold(++this.asking > 0);
    try {
      await unlessAborted(this.started, signal);
      signal?.throwIfAborted();
      return await ask();
    } finally {
      this.asking--; // a process stays while something is waited for, and no longer
      if (!this.over) this.thread.hold(this.asking > 0);
    }
  }

  tell(name: string, payload?: unknown): void {
    this.channel.tell(name, payload);
  }

  /**
   * Asks for what trains: callbacks are called here, and an abort is said there.
   *
   * @param args of `fit`, whose options come last
   */
  async fit<R>(
    name: string,
    args: readonly unknown[],
    payload: (call: FitCall) => unknown,
  ): Promise<R> {
    const { call, signal, end } = this.begin(args);
    try {
      return await this.whenThere(() => this.channel.ask<R>(name, payload(call())), signal);
    } finally {
      end();
    }
  }

  /** As `fit`, one step at a time. */
  async *train<S, R>(args: readonly unknown[]): AsyncGenerator<S, R, void> {
    const { fit, call, signal, end } = this.begin(args);
    let asked = false;
    try {
      await this.whenThere(() => {
        asked = true;
        return this.channel.ask("train", call());
      }, signal);
      for (;;) {
        const { done, value } = await this.ask<IteratorResult<S, R>>("step", fit);
        if (done) return value;
        yield value;
      }
    } finally {
      end();
      if (asked && this.alive) await this.ask("leave", fit).catch(() => {}); // a worker that is over has left it
    }
  }

  /** What is said of a training that begins, which whoever asks for it ends. */
  private begin(args: readonly unknown[]): {
    fit: number;
    call(): FitCall;
    signal: AbortSignal | undefined;
    end(): void;
  } {
    const hasOptions = args.length > 1 && areOptions(args.at(-1));
    const data = hasOptions ? args.slice(0, -1) : args;
    const said = ((hasOptions && args.at(-1)) || {}) as Record<string, unknown>;
    const { callbacks = [], signal: given, ...options } = said;
    const signal = signalOf("fit()", given);
    const hooks = new Hooks(callbacks);
    signal?.throwIfAborted();
    const fit = ++this.count;
    const abort = () =>
      this.channel.tell("abort", { fit, reason: this.channel.errors.send(signal?.reason, true) });
    let forget = () => {};
    this.fits.set(fit, hooks);
    signal?.addEventListener("abort", abort);
    return {
      fit,
      call: () => {
        const held = this.packer.packAll([...data, options]); // data that it notes as sent must go
        forget = held.forget;
        return { fit, args: held.packed, hooks: hooks.names };
      },
      signal,
      end: () => {
        signal?.removeEventListener("abort", abort);
        this.fits.delete(fit);
        forget();
      },
    };
  }

  /** Ends the worker; what waits is rejected. */
  async dispose(where: string): Promise<void> {
    if (this.over) return;
    this.close(new DisposedError(`${where}: the worker was disposed`));
    await this.thread.end();
  }

  private close(error: Error): void {
    if (this.over) return;
    this.over = true;
    this.refuse(error);
    this.channel.end(error);
    this.thread.end().catch(() => {});
  }

  private hook(call: HookCall): unknown {
    const error = call.error && this.channel.errors.receive(call.error);
    return this.fits.get(call.fit)?.call(call, error);
  }
}

/** What a promise gives, or the reason of an abort that comes before: what is waited for may never come. */
export async function unlessAborted<T>(
  promise: PromiseLike<T> | T,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await promise;
  let abort = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
      Promise.resolve(promise).then(resolve, reject);
    });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Refuses options before a worker is made. @returns the addresses of modules */
export function checkWorkerOptions(where: string, options: WorkerOptions): readonly string[] {
  checkOptions(where, options, ["worker", "modules"]);
  if (options.worker !== undefined) callable(where, "worker", options.worker);
  return listOf(where, "modules", options.modules ?? [], address);
}

function address(where: string, name: string, value: unknown): string {
  const text = value instanceof URL ? value.href : value;
  if (typeof text === "string" && /^[a-z][a-z\d+.-]*:/i.test(text)) return text;
  throw new ArgumentError(
    `${where}: ${name}: expected an absolute address, as new URL("./layers.js", import.meta.url), got ${show(value)}`,
  );
}
