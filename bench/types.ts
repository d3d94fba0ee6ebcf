export type Api = "model" | "jit" | "op";
export type Copies = "none" | "in" | "in+out";

/** Training steps of a relu network on one batch: softmax cross-entropy of integer labels, SGD. */
export interface TrainSpec {
  readonly api: Api;
  /** Units per layer, the inputs first; the last layer gives logits. */
  readonly units: readonly number[];
  readonly batchSize: number;
  readonly learningRate: number;
  readonly x: Float32Array; // (batchSize, units[0])
  readonly labels: Int32Array; // (batchSize)
  /** Kernel (in, out) and bias (out) of each layer in turn. */
  readonly weights: readonly Float32Array[];
}

/** A library ready to be timed. It has one function per kind of workload it can do. */
export interface Engine {
  readonly version: string;
  /** A call of `run` is one training step and returns its loss. */
  train?(spec: TrainSpec): Session | undefined;
}

/** One workload, set up in one library. */
export interface Session {
  /** One unit of work; returns a number read back from its result. */
  run(): number | Promise<number>;
  dispose(): void;
}

/** How a library gets at its packages: `require` in Node, a bundle in a browser. */
export interface Host {
  importPackage(name: string): Promise<unknown>;
}

export interface Peer {
  readonly name: string;
  /** Comes from bench/peers/package.json, so it has to be installed before `load`. */
  readonly installed: boolean;
  load(host: Host): Promise<Engine>;
}

export interface Case {
  readonly name: string;
  readonly api: Api;
  /** What our side moves between JavaScript and wasm in each call. */
  readonly copies: Copies;
  /** Largest relative difference of a peer's results from ours. */
  readonly tolerance: number;
  /** Sets the work up, or returns undefined where the library cannot do it. */
  open(engine: Engine): Session | undefined;
  /** What is compared: numbers from the first calls of a fresh session. */
  results(session: Session): Promise<ArrayLike<number>>;
}

export interface Suite {
  readonly name: string;
  /** What the numbers contain, on both sides: printed below the table. */
  readonly notes: readonly string[];
  readonly cases: readonly Case[];
}

export interface Row {
  readonly suite: string;
  readonly case: string;
  readonly runtime: string;
  readonly build: "simd" | "relaxed" | "threads";
  readonly api: Api;
  readonly copies: Copies;
  readonly ours: { readonly medianMs: number };
  readonly peers: Readonly<Record<string, { readonly version: string; readonly medianMs: number }>>;
  readonly ratio: Readonly<Record<string, number>>;
}
