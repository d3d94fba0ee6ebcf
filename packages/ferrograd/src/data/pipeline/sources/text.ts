import { ArgumentError, DataError, StateError } from "../../../errors.ts";
import { isCallable, show } from "../../../options/index.ts";
import { type Items, isPromise, type Pass, Wait } from "../items.ts";
import { isIterable, iteratorOf, walk } from "../walk.ts";

/** Text, whole or in pieces, as files and responses stream it. */
export type TextPieces =
  | string
  | Blob
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | ReadableStream<string | Uint8Array>;

/** Text for one pass; or a function that opens it anew for each. */
export type TextSource = TextPieces | (() => TextPieces | PromiseLike<TextPieces>);

/** A source that can be opened once for each pass, or, where it is no function and no text, once only. */
export class Openable {
  private readonly where: string;
  private readonly source: unknown;
  private readonly expected: string;
  private used = false;

  constructor(where: string, source: unknown, expected: string, isSource: (v: unknown) => boolean) {
    if (!isCallable(source) && !isSource(source)) {
      throw new ArgumentError(`${where}: expected ${expected}, got ${show(source)}`);
    }
    this.where = where;
    this.source = source;
    this.expected = expected;
  }

  /** What it gives in this pass. */
  *open(): Generator<Wait, unknown> {
    if (!isCallable(this.source)) return this.source;
    const made = (this.source as () => unknown)();
    if (!isPromise(made)) return made;
    const wait = new Wait(made);
    yield wait;
    return wait.value;
  }

  /** Refuses what was walked through before and cannot be again. */
  once(): void {
    if (this.used) {
      throw new StateError(
        `${this.where}: expected a function that opens the source for each pass, got a source that is used up`,
      );
    }
    this.used = !isCallable(this.source);
  }

  /** What a function made is no source. */
  wrong(got: unknown): ArgumentError {
    return new ArgumentError(`${this.where}: expected ${this.expected}, got ${show(got)}`);
  }
}

const isBlob = (value: unknown): value is Blob =>
  typeof value === "object" && value !== null && "stream" in value && "size" in value;

const isReadable = (value: unknown): value is ReadableStream<unknown> =>
  typeof value === "object" && value !== null && "getReader" in value;

export const isText = (value: unknown): boolean =>
  typeof value === "string" ||
  isBlob(value) ||
  isReadable(value) ||
  (isIterable(value) && !ArrayBuffer.isView(value));

/** A stream's pieces; not every browser can iterate over one. */
async function* piecesOf(stream: ReadableStream<unknown>): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** The text of a source, piece by piece. */
export function* textOf(
  where: string,
  source: Openable,
  pass: Pass,
  encoding = "utf-8",
): Items<string> {
  const opened = yield* source.open();
  if (typeof opened === "string") {
    yield opened;
    return;
  }
  if (!isText(opened)) throw source.wrong(opened);
  if (!isBlob(opened) && !Array.isArray(opened)) source.once();
  const stream = isBlob(opened) ? opened.stream() : opened;
  const from = isReadable(stream) ? piecesOf(stream) : stream;
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (const piece of walk(pass, iteratorOf(from as Iterable<unknown>))) {
    yield piece instanceof Wait ? piece : decoded(where, decoder, piece);
  }
  yield decoded(where, decoder);
}

function decoded(where: string, decoder: TextDecoder, piece?: unknown): string {
  if (typeof piece === "string") return piece;
  try {
    return decoder.decode(piece as Uint8Array | undefined, { stream: piece !== undefined });
  } catch {
    const isBytes = piece === undefined || ArrayBuffer.isView(piece);
    const got = isBytes ? "other bytes" : show(piece);
    throw new DataError(`${where}: expected text or bytes of ${decoder.encoding}, got ${got}`);
  }
}
