import { DataError } from "../../errors.ts";

/** Something to wait for before the next item can come: whoever drives the items waits, and asks on. */
export class Wait<T = unknown> {
  private readonly promise: PromiseLike<T>;
  private outcome: { readonly value: T } | { readonly error: unknown } | undefined;

  constructor(promise: PromiseLike<T>) {
    this.promise = promise;
  }

  /** Resolves when it is over, however it ended; `value` says how. */
  async over(): Promise<void> {
    try {
      this.outcome = { value: await this.promise };
    } catch (error) {
      this.outcome = { error };
    }
  }

  /** What it came to. */
  get value(): T {
    const { outcome } = this;
    if (outcome !== undefined && "value" in outcome) return outcome.value;
    throw outcome?.error;
  }
}

/**
 * Items of one pass, and between them what is to be waited for: so that the same stages serve `for` and `for await`,
 * and cost no promises where nothing is waited for.
 */
export type Items<I> = Generator<I | Wait, void, undefined>;

/** One walk through a pipeline. */
export interface Pass {
  /** How many there were before. */
  readonly number: number;
  /** What sources do to be closed, which is waited for at the end. */
  readonly closing: PromiseLike<unknown>[];
}

/** A part of a pipeline: gives items, its own or those of the stage before, changed. */
export interface Stage<I> {
  /** What it is, with the stages before it: a state belongs to pipelines of the same text. */
  readonly text: string;
  /** Items of a pass, where that is known before it. */
  readonly size: number | undefined;
  /** The stages before it. */
  readonly from?: readonly Stage<unknown>[];
  /** Of a stage that keeps items: the pass that they are of, once it is known which. */
  kept?: number | undefined;
  /** The items of a pass from the one at `from` on; none where there are fewer. */
  items(pass: Pass, from: number): Items<I>;
}

/** How items become elements: those of arrays are positions of rows, which are copied once, into a batch. */
export interface View<I, T> {
  element(item: I): T;
  /** Rows of a batch; `at` is the first one's place, for messages. */
  batch(where: string, items: readonly I[], at: number): unknown;
}

/** The next item, or undefined in an object at the end: for stages that take turns. */
export function* pull<I>(items: Items<I>): Generator<Wait, { readonly item: I } | undefined> {
  for (;;) {
    const { done, value } = items.next();
    if (done) return undefined;
    if (!(value instanceof Wait)) return { item: value };
    yield value;
  }
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { then?: unknown }).then === "function";

/** What a function of the caller's gives for an element, waited for; its error names the element. */
export function* called<R>(
  where: string,
  index: number,
  call: () => R,
): Generator<Wait, Awaited<R>> {
  try {
    const result = call();
    if (!isPromise(result)) return result as Awaited<R>;
    const wait = new Wait(result);
    yield wait;
    return wait.value as Awaited<R>;
  } catch (error) {
    throw failedAt(where, index, error);
  }
}

/** The error of a function of the caller's, with the element's place; the error itself is its cause. */
export function failedAt(where: string, index: number, cause: unknown): DataError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const error = new DataError(`${where}: element ${index}: ${said}`);
  Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}
