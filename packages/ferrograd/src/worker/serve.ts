import type { Callbacks, Hook } from "../callbacks/callback.ts";
import { provideEvaluator } from "../compile/evaluate.ts";
import { BUILD } from "../copies/version.generated.ts";
import type { Dataset } from "../data/dataset.ts";
import { startCore } from "../engine/core.ts";
import { wasmInside } from "../engine/inline.ts";
import { provideWasm } from "../engine/raw.ts";
import { StateError } from "../errors.ts";
import { loadModel } from "../model/load.ts";
import type { Model } from "../model/model.ts";
import type { LoadOptions } from "../model/registries.ts";
import { checkOptions } from "../options/index.ts";
import { Channel, Given, type Post } from "./channel.ts";
import type { Sent } from "./errors.ts";
import { type FitCall, remoteHooks } from "./hooks.ts";
import { packTensors, Unpacker } from "./packing.ts";

/** A whole run of a pool: a model of its own that trains, is measured and sent back. */
export interface RunCall extends Omit<FitCall, "args"> {
  readonly bytes: Uint8Array;
  readonly data: unknown;
  readonly rows?: Uint32Array | undefined;
  readonly options: object;
  readonly test?: { readonly data: unknown; readonly rows?: Uint32Array | undefined } | undefined;
}

type Loaded = Model<never>;
type Steps = ReturnType<Loaded["train"]>;

/** What a worker may have of one's own, by kind. */
const OWN = [
  ...["layers", "losses", "metrics", "schedules", "optimizers", "regularizers", "constraints"],
] as const satisfies readonly (keyof LoadOptions)[];

/** The thread's own way to whoever started it. */
function portOfThread(): { post: Post; listen(receive: (message: unknown) => void): void } {
  const scope = globalThis as unknown as {
    WorkerGlobalScope?: unknown;
    postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
    addEventListener(type: "message", listen: (event: { readonly data: unknown }) => void): void;
  };
  if (scope.WorkerGlobalScope !== undefined) {
    return {
      post: (message, transfer) => scope.postMessage(message, transfer),
      listen: (receive) => scope.addEventListener("message", ({ data }) => receive(data)),
    };
  }
  const port = globalThis.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;
  if (!port) throw new StateError("serve(): expected to be called in a worker, got another thread");
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    listen: (receive) => {
      port.on("message", receive);
    },
  };
}

/**
 * Makes a worker of one's own one that trains models: the file that `inWorker` and `workerPool` are given as `worker`, with the
 * layers, losses, metrics, schedules and optimizers of one's own that `loadModel` takes. It brings the core with it: the file needs
 * no other import.
 *
 * @example serve({ layers: {} }) // StateError: serve(): expected to be called in a worker
 * @throws StateError outside a worker
 */
export function serve(options: LoadOptions = {}): void {
  checkOptions("serve()", options, OWN);
  const { post, listen } = portOfThread();
  // Here and not by an import of an entry: bundlers drop one that nothing is taken from.
  provideEvaluator();
  provideWasm(wasmInside);
  const thread = new ModelThread(post, options);
  listen((message) => thread.channel.receive(message));
  thread.channel.tell("ready", BUILD);
}

/** The models of one thread. */
class ModelThread {
  readonly channel: Channel;
  private readonly unpacker = new Unpacker(() => this.channel);
  private readonly aborts = new Map<number, AbortController>();
  private readonly trainings = new Map<number, Steps>();
  private makers: LoadOptions;
  private model: Loaded | undefined;

  constructor(post: Post, makers: LoadOptions) {
    this.makers = makers;
    this.channel = new Channel(post, {
      core: (wasm: Uint8Array) => startCore(wasm),
      modules: (addresses: readonly string[]) => this.modules(addresses),
      load: (bytes: Uint8Array) => {
        this.model = this.load(bytes);
      },
      forget: (id: number) => this.unpacker.forget(id),
      fit: ({ fit, args, hooks }: FitCall) => this.fit(this.loaded, fit, args, hooks),
      abort: ({ fit, reason }: { fit: number; reason: Sent }) =>
        this.aborts.get(fit)?.abort(this.channel.errors.receive(reason)),
      train: ({ fit, args, hooks }: FitCall) => {
        this.trainings.set(fit, this.loaded.train(...this.argsOf(this.loaded, fit, args, hooks)));
      },
      step: (fit: number) => this.trainings.get(fit)!.next(),
      leave: async (fit: number) => {
        await this.trainings.get(fit)?.return(undefined as never);
        this.trainings.delete(fit);
        this.aborts.delete(fit);
      },
      stop: () => this.model?.stop(),
      evaluate: (args: readonly unknown[]) => this.called("evaluate", args),
      trainOnBatch: (args: readonly unknown[]) => this.called("trainOnBatch", args),
      predict: async (args: readonly unknown[]) => packTensors(await this.called("predict", args)),
      getWeights: () => owned(this.loaded.getWeights()),
      setWeights: (weights: Float32Array[]) => this.loaded.setWeights(weights),
      save: (given: object) => owned([this.loaded.save(given)]),
      run: (call: RunCall) => this.run(call),
    });
  }

  private get loaded(): Loaded {
    return this.model!;
  }

  private load(bytes: Uint8Array): Loaded {
    const warn = (message: string) => this.channel.tell("warn", message);
    return loadModel(bytes, { ...this.makers, warn }) as unknown as Loaded;
  }

  /** Modules that export what `loadModel` takes: `export const layers = { centered }`. */
  private async modules(addresses: readonly string[]): Promise<void> {
    for (const address of addresses) {
      const module: LoadOptions = await import(
        /* webpackIgnore: true */ /* @vite-ignore */ address
      );
      const both = (kind: (typeof OWN)[number]) => ({ ...this.makers[kind], ...module[kind] });
      this.makers = Object.fromEntries(OWN.map((kind) => [kind, both(kind)]));
    }
  }

  private called(name: "evaluate" | "trainOnBatch" | "predict", args: readonly unknown[]): unknown {
    const method = this.loaded[name] as (...args: unknown[]) => unknown;
    return method.apply(this.loaded, this.unpacker.unpack(args) as unknown[]);
  }

  private async fit(
    model: Loaded,
    fit: number,
    packed: readonly unknown[],
    hooks: readonly Hook[],
  ): Promise<unknown> {
    try {
      return await model.fit(...this.argsOf(model, fit, packed, hooks));
    } finally {
      this.aborts.delete(fit);
    }
  }

  /** What `fit` and `train` are given, with what is aborted and called on the other side. */
  private argsOf(model: Loaded, fit: number, packed: readonly unknown[], hooks: readonly Hook[]) {
    const abort = new AbortController();
    this.aborts.set(fit, abort);
    const args = this.unpacker.unpack(packed) as unknown[];
    const callbacks: Callbacks = remoteHooks(this.channel, fit, model, hooks);
    const options = { ...(args.pop() as object), signal: abort.signal, callbacks };
    return [...args, options] as unknown as Parameters<Loaded["fit"]>;
  }

  private async run(call: RunCall): Promise<Given> {
    const model = this.load(call.bytes);
    try {
      const { fit, options, hooks, test } = call;
      const trained = this.rowsOf(call.data, call.rows);
      const result = (await this.fit(model, fit, [trained, options], hooks)) as object;
      const measure = model.evaluate as (data: unknown) => unknown;
      const evaluated = test && (await measure.call(model, this.rowsOf(test.data, test.rows)));
      const bytes = model.save({ includeOptimizer: true });
      return new Given({ ...result, evaluated, model: bytes }, [bytes.buffer as ArrayBuffer]);
    } finally {
      model.dispose();
    }
  }

  /** Some rows of a data set, or all of what it is. */
  private rowsOf(packed: unknown, rows: Uint32Array | undefined): unknown {
    const data = this.unpacker.unpack(packed);
    return rows === undefined ? data : (data as Dataset).rows(rows);
  }
}

/** Arrays that nobody here has any more use for. */
const owned = (arrays: readonly (Float32Array | Uint8Array)[]) =>
  new Given(
    arrays,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  );
