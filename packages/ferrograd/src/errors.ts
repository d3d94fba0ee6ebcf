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
  | "internal";

/** Base of every error that ferrograd throws on purpose. `message` reads `where: expected X, got Y`. */
export class FerrogradError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option or argument that is unknown, of the wrong type or out of range. */
export class ArgumentError extends FerrogradError {
  constructor(message: string) {
    super("argument", message);
  }
}

/** Shapes that do not fit each other. */
export class ShapeError extends FerrogradError {
  constructor(message: string) {
    super("shape", message);
  }
}

/** Values that cannot be trained on: NaN, infinity, a label out of range, ragged rows. */
export class DataError extends FerrogradError {
  constructor(message: string) {
    super("data", message);
  }
}

/** A call out of order: `fit` before `compile`, `.data()` inside a trace. */
export class StateError extends FerrogradError {
  constructor(message: string) {
    super("state", message);
  }
}

/** Use of a model, variable or function after its `dispose()`. */
export class DisposedError extends FerrogradError {
  constructor(message: string) {
    super("disposed", message);
  }
}

/** Bytes that are not a valid file of the expected format. */
export class FormatError extends FerrogradError {
  constructor(message: string) {
    super("format", message);
  }
}

/** Training produced NaN or infinity; the model is as it was before the step. */
export class NumericError extends FerrogradError {
  constructor(message: string) {
    super("numeric", message);
  }
}

/** More memory asked for than there is. */
export class OutOfMemoryError extends FerrogradError {
  constructor(message: string) {
    super("memory", message);
  }
}

/** A bug of ours, never the caller's. */
export class InternalError extends FerrogradError {
  constructor(message: string) {
    super("internal", `internal: ${message}`);
  }
}
