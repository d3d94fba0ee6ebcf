/** What went wrong, for programs; the message says it for people. Codes are stable across versions. */
export type ErrorCode =
  | "argument"
  | "shape"
  | "data"
  | "state"
  | "disposed"
  | "format"
  | "numeric"
  | "memory"
  | "worker"
  | "internal";

const BRAND = Symbol.for("ferrograd/error");

/**
 * Base of every error that ferrograd throws on purpose. `message` reads `where: expected X, got Y`.
 * `instanceof` goes by the code, so that the errors of another copy of the package are of these classes too.
 *
 * @example
 * try {
 *   dense(-1);
 * } catch (error) {
 *   if (!(error instanceof FerrogradError)) throw error;
 *   error.code; // "argument"
 * }
 */
export abstract class FerrogradError extends Error {
  /** The code of the errors of a class; of this one any. */
  static readonly code: ErrorCode | undefined = undefined;
  /** Said rather than left to the class: in a minified bundle that is called otherwise. */
  static override readonly name: string = "FerrogradError";
  readonly code: ErrorCode;

  static {
    Object.defineProperty(FerrogradError.prototype, BRAND, { value: true });
    Object.defineProperty(FerrogradError, Symbol.hasInstance, { value: isOfClass });
  }

  constructor(message: string) {
    super(typeof message === "string" ? message : typeof message);
    this.code = new.target.code ?? "internal";
    this.name = new.target.name;
  }
}

/** As `instanceof`, where a class of ours takes what has its code; one of someone's own that extends it does not. */
function isOfClass(this: unknown, value: unknown): boolean {
  const type = this as typeof FerrogradError;
  if (!Object.hasOwn(type, "code")) return Function.prototype[Symbol.hasInstance].call(type, value);
  if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
  return type.code === undefined || type.code === (value as { code?: unknown }).code;
}

/**
 * An option or argument that is unknown, of the wrong type or out of range.
 *
 * @example dense(-1) // ArgumentError: dense(): units: expected a positive integer, got -1
 */
export class ArgumentError extends FerrogradError {
  static override readonly code = "argument";
  static override readonly name: string = "ArgumentError";
}

/**
 * Shapes that do not fit each other.
 *
 * @example matmul(ones([2, 3]), ones([2, 3])) // ShapeError: matmul(): expected (…, m, k) and (…, k, n), got [2, 3] and [2, 3]
 */
export class ShapeError extends FerrogradError {
  static override readonly code = "shape";
  static override readonly name: string = "ShapeError";
}

/**
 * Values that cannot be trained on: NaN, infinity, a label out of range, ragged rows.
 *
 * @example new Dataset({ x: [[1], [2]], y: [1] }) // DataError: Dataset: x has 2 rows but y has 1
 */
export class DataError extends FerrogradError {
  static override readonly code = "data";
  static override readonly name: string = "DataError";
}

/**
 * A call out of order: `fit` before `compile`, `.data()` inside a trace.
 *
 * @example jit((x: Tensor) => mul(x, x.data()[0]))([1, 2]) // StateError: data(): expected to be called outside the function that jit traces
 */
export class StateError extends FerrogradError {
  static override readonly code = "state";
  static override readonly name: string = "StateError";
}

/**
 * Use of a model, variable or function after its `dispose()`.
 *
 * @example
 * const w = variable([1, 2]);
 * w.dispose();
 * w.data() // DisposedError: data(): the tensor was disposed
 */
export class DisposedError extends FerrogradError {
  static override readonly code = "disposed";
  static override readonly name: string = "DisposedError";
}

/**
 * Bytes that are not a valid file of the expected format.
 *
 * @example loadModel(new Uint8Array(7)) // FormatError: loadModel(): expected at least 8 bytes, got 7
 */
export class FormatError extends FerrogradError {
  static override readonly code = "format";
  static override readonly name: string = "FormatError";
}

/**
 * Training produced NaN or infinity; the model is as it was before the step.
 *
 * @example
 * const model = sequential([dense(1)], { inputShape: [1] });
 * model.compile({ optimizer: sgd({ learningRate: 1e38 }), loss: "meanSquaredError" });
 * model.fitSync([[1e4]], [1]) // NumericError: fitSync(): expected finite weights and optimizer state after the step
 */
export class NumericError extends FerrogradError {
  static override readonly code = "numeric";
  static override readonly name: string = "NumericError";
}

/**
 * More memory asked for than there is.
 *
 * @example ones([1e5, 1e5]) // OutOfMemoryError: ones(): shape: expected at most 1073741824 elements, got 10000000000
 */
export class OutOfMemoryError extends FerrogradError {
  static override readonly code = "memory";
  static override readonly name: string = "OutOfMemoryError";
}

/**
 * A bug of ours, never the caller's.
 *
 * @example new InternalError("expected 2 outputs, got 1").message // "internal: expected 2 outputs, got 1"
 */
export class InternalError extends FerrogradError {
  static override readonly code = "internal";
  static override readonly name: string = "InternalError";
  constructor(message: string) {
    super(message);
    this.message = `internal: ${this.message}`;
  }
}

/** Runs what reads a tensor: an error that says `data()` then says who asked. @internal */
export function askedBy<T>(where: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw saidBy(where, error);
  }
}

/** An error of `data()` or `fit()` then is one of what was called in its place. @internal */
export function saidBy(where: string, error: unknown): unknown {
  if (error instanceof FerrogradError) error.message = said(where, error.message);
  return error;
}

/** The same of a message. @internal */
export const said = (where: string, message: string): string =>
  message.replace(/^(data|fit)\(\)/, where);
