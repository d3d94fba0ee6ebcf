import {
  ArgumentError,
  DataError,
  DisposedError,
  FerrogradError,
  FormatError,
  InternalError,
  NumericError,
  OutOfMemoryError,
  ShapeError,
  StateError,
} from "../errors.ts";

/**
 * A worker that did not start, or ended before it answered.
 *
 * @example
 * const worker = () => ({ postMessage() {}, terminate() {} }); // neither of Node nor of a page
 * await expect(inWorker(model, { worker })).rejects.toThrow(WorkerError);
 */
export class WorkerError extends FerrogradError {
  static override readonly code = "worker";
  static override readonly name: string = "WorkerError";
}

type ErrorClass = (new (message: string) => FerrogradError) & { readonly code: string };

const CLASSES: readonly ErrorClass[] = /* @__PURE__ */ (() => [
  ArgumentError,
  ShapeError,
  DataError,
  StateError,
  DisposedError,
  FormatError,
  NumericError,
  OutOfMemoryError,
  InternalError,
  WorkerError,
])();

/** An error on its way to another thread; `yours` came from there, and goes back as what it was. */
export type Sent =
  | { readonly yours: number; readonly history?: unknown }
  | {
      readonly mine?: number;
      readonly name: string;
      readonly message: string;
      readonly stack?: string | undefined;
      readonly code?: string | undefined;
    };

/** Errors as they go from thread to thread, and back. */
export class Errors {
  /** Which of the other side's an error here is. */
  private readonly theirs = new WeakMap<object, number>();
  private readonly ours = new Map<number, unknown>();
  private count = 0;

  /** What is sent of an error; one that may come back is kept until it does. */
  send(error: unknown, mayComeBack = false): Sent {
    const yours = error instanceof Object ? this.theirs.get(error) : undefined;
    if (yours !== undefined) return { yours, history: (error as { history?: unknown }).history };
    if (mayComeBack) this.ours.set(++this.count, error);
    const mine = mayComeBack ? { mine: this.count } : undefined;
    if (!(error instanceof Error)) return { ...mine, name: "Error", message: String(error) };
    const { name, message, stack } = error;
    return { ...mine, name, message, stack, code: (error as { code?: string }).code };
  }

  /** The error that was sent: what it was here, or one of its class. */
  receive(sent: Sent): unknown {
    if ("yours" in sent) {
      const error = this.ours.get(sent.yours);
      this.ours.delete(sent.yours);
      if (sent.history !== undefined && typeof error === "object" && error !== null) {
        const history = { value: sent.history, writable: true, enumerable: true };
        Reflect.defineProperty(error, "history", { ...history, configurable: true });
      }
      return error;
    }
    const { name, message, stack, code, mine } = sent;
    const type = CLASSES.find((one) => one.code === code) ?? Error;
    const error = new type(message);
    const own = { name, message, ...(stack !== undefined && { stack }) };
    for (const [key, value] of Object.entries(own)) {
      Object.defineProperty(error, key, { value, writable: true, configurable: true });
    }
    if (mine !== undefined) this.theirs.set(error, mine);
    return error;
  }
}
