import { ArgumentError, DataError, FerrogradError } from "../errors.ts";
import { isCallable, show } from "../options/index.ts";
import type { RowsLike } from "../values/rows.ts";
import type { Cut, Feed } from "./feed.ts";
import { type DataLike, type DatasetLike, type Given, isDataset } from "./given.ts";
import { isPromise } from "./promise.ts";
import { fillSamples, type Samples } from "./samples.ts";

/** Rows of one step: x and y, with how much each row counts where that differs. */
export type Batch<X = DataLike, Y = DataLike> =
  | readonly [x: X, y: Y]
  | readonly [x: X, y: Y, sampleWeight: RowsLike]
  | DatasetLike<X, Y>;

/** Rows that are predicted together: x alone, or before what else there is. */
export type XBatch<X = DataLike> =
  | X
  | readonly [x: X, ...rest: unknown[]]
  | { readonly x: X; readonly y: unknown };

/** What gives batches one after the other, at once or when they are there. */
export type BatchIterable<X = DataLike, Y = DataLike> =
  | Iterable<Batch<X, Y>>
  | AsyncIterable<Batch<X, Y>>;

/** What can be walked through, or a function that gives it for an epoch, counted from 1. */
export type Walked<B> = B | ((epoch: number) => B);

/** Batches that `fit` trains on as they come, or a function that gives those of an epoch. */
export type Batches<X = DataLike, Y = DataLike> = Walked<BatchIterable<X, Y>>;

export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** Are these batches, rather than rows? Of an array only where nothing else can be meant, as no y comes after it. */
export function isBatches(value: unknown, isAlone: boolean): value is Batches {
  if (isCallable(value)) return true;
  if (typeof value !== "object" || value === null || isDataset(value)) return false;
  if (Array.isArray(value)) return isAlone && value.length > 0 && isBatch(value[0]);
  if (ArrayBuffer.isView(value) || "shape" in value) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** Is it a pair of rows, or three of them, rather than a row? */
const isBatch = (value: unknown): boolean =>
  isDataset(value) ||
  (Array.isArray(value) && (value.length === 2 || value.length === 3) && isRows(value[1]));

const isRows = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (!Array.isArray(value) || value.length > 0);

/** What a batch has for x and y. */
export function givenIn(where: string, batch: unknown): Given {
  if (isDataset(batch)) return batch;
  if (Array.isArray(batch) && (batch.length === 2 || batch.length === 3)) {
    const [x, y, sampleWeight] = batch as unknown[];
    return { x, y, sampleWeight };
  }
  throw new DataError(
    `${where}: expected [x, y], [x, y, sampleWeight] or { x, y }, got ${show(batch)}`,
  );
}

/** What counts its walks, as a pipeline does: those of two trainings at once by themselves. */
export interface Counted {
  walkedBy?(training: object): object;
  leftBy?(training: object): void;
}

/** Batches that come one after the other. */
export class BatchFeed implements Feed {
  readonly samples = undefined;
  readonly steps: number | undefined;
  /** @internal */
  readonly source: Batches;
  private readonly name: string;
  private readonly read: (where: string, batch: unknown) => Samples;
  /** Of the epoch; with `steps` it goes on in the next one. */
  private iterator: AnyIterator | undefined;
  /** Is the iterator the caller's own, who may go on with it? */
  private isOwn = false;
  private epoch = 0;
  private batch = 0;
  /** The rows given last. @internal */
  latest: Samples | undefined;

  constructor(
    name: string,
    source: Batches,
    steps: number | undefined,
    read: (where: string, batch: unknown) => Samples,
  ) {
    this.name = name;
    this.source = source;
    this.steps = steps;
    this.read = read;
  }

  /** @param epoch 0 where there are none, as in `evaluate` */
  begin(epoch: number): void {
    this.epoch = epoch;
    this.batch = 0;
    this.iterator ??= this.open();
  }

  /**
   * Goes on in an epoch, with an iterator that is made of one that began at the first batch, in the epoch `opened`.
   *
   * @internal
   */
  goOn(
    { epoch, batch, opened }: { epoch: number; batch: number; opened: number },
    from: (iterator: AnyIterator, isOwn: boolean) => AnyIterator,
  ): void {
    this.epoch = opened;
    const iterator = this.open();
    this.epoch = epoch;
    this.batch = batch;
    this.iterator = from(iterator, this.isOwn);
  }

  /** @internal What is walked through in the place of the source. */
  get walked(): object {
    return (this.source as Counted).walkedBy?.(this) ?? this.source;
  }

  private open(): AnyIterator {
    const { source } = this;
    const found: unknown = isCallable(source)
      ? this.asked(() => (source as (epoch: number) => unknown)(this.epoch || 1))
      : this.walked;
    const from = Object(found) as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
    const open = from[Symbol.asyncIterator] ?? from[Symbol.iterator];
    if (typeof found === "string" || !isCallable(open)) {
      throw new ArgumentError(
        `${this.name}: expected a function that gives an iterable of batches, got ${show(found)} from it`,
      );
    }
    const iterator = this.asked(() => (open as () => AnyIterator).call(found));
    this.isOwn = iterator === found && found === source;
    return iterator;
  }

  next(): Cut | undefined | PromiseLike<Cut | undefined> {
    if (this.batch === this.steps) return undefined;
    const given = this.asked(() => this.iterator!.next());
    if (!isPromise(given)) return this.taken(given);
    return Promise.resolve(given).then(
      (result) => this.taken(result),
      (error) => {
        throw this.failed(error);
      },
    );
  }

  private taken(result: IteratorResult<unknown>): Cut | undefined {
    const { batch } = this;
    if (typeof result !== "object" || result === null)
      throw new DataError(
        `${this.where(batch + 1)}: expected { done, value }, got ${show(result)}`,
      );
    if (!result.done) {
      this.batch++;
      const samples = this.samplesOf(result.value);
      const rows = samples.x.shape[0]!;
      this.latest = samples;
      return { samples, rows, fill: (program) => fillSamples(program, samples, 0, rows) };
    }
    this.iterator = undefined;
    const of = `${this.at}: expected`;
    if (this.steps !== undefined) {
      throw new DataError(
        `${of} ${this.steps} batches, got ${batch}; leave stepsPerEpoch out, or give batches without end`,
      );
    }
    if (batch > 0) return undefined;
    throw new DataError(
      `${of} batches, got none; what a generator gives can be walked through once: ${this.epoch > 0 ? "give its function, or stepsPerEpoch" : "make it anew"}`,
    );
  }

  /** @internal A batch, checked. */
  samplesOf(value: unknown): Samples {
    return this.read(this.where(), value);
  }

  private where(batch = this.batch): string {
    const of = this.epoch > 0 ? ` of epoch ${this.epoch}` : "";
    return `${this.name}: batch ${batch}${of}`;
  }

  /** Where it is, but for the batch. */
  private get at(): string {
    return this.epoch > 0 ? `${this.name}: epoch ${this.epoch}` : this.name;
  }

  /** What the caller's code gives; what it throws says where. */
  private asked<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failed(error: unknown): unknown {
    this.iterator = undefined;
    if (error instanceof FerrogradError) return error;
    const { message = show(error) } = Object(error) as { message?: string };
    const after = `${this.at}: expected batch ${this.batch + 1}`;
    const failed = new DataError(`${after}, got an error: ${message}`);
    failed.cause = error;
    return failed;
  }

  close(): void {
    const { iterator } = this;
    this.iterator = undefined;
    (this.source as Counted).leftBy?.(this);
    if (iterator === undefined || this.isOwn) return;
    try {
      const closed: unknown = iterator.return?.();
      if (isPromise(closed)) Promise.resolve(closed).catch(() => {}); // nobody waits for it
    } catch {
      // What was trained is whole, whatever its data do at their end.
    }
  }
}
