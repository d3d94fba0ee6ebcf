import { ArgumentError } from "../errors.ts";
import { bytesOf, show, text } from "../options/index.ts";
import { concatBytes } from "../values/bytes.ts";

/** Text in pieces, as files and responses stream it. */
export type CsvStream = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

/** Bytes that are no text of an encoding, and what stands before them. */
export interface Undecodable {
  readonly before: string;
  /** The first wrong byte; undefined where the file ends within a character. */
  readonly byte: number | undefined;
}

/** What makes text of a file's bytes, piece by piece; `refuse` is told of bytes that are no text. */
interface Decoder {
  push(bytes: Uint8Array): string;
  end(): void;
}

type Refuse = (what: Undecodable) => never;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many bytes at the end begin a character of UTF-8 that goes on behind them. */
function unfinished(bytes: Uint8Array): number {
  for (let count = 1; count <= 3 && count <= bytes.length; count++) {
    const byte = bytes[bytes.length - count]!;
    if ((byte & 0xc0) === 0x80) continue; // the character's first byte is further left
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > count ? count : 0;
  }
  return 0;
}

/** The text up to the first byte that is no UTF-8, found line by line. */
function validText(bytes: Uint8Array): Undecodable {
  let before = "";
  for (let from = 0; ; ) {
    const newline = bytes.indexOf(0x0a, from);
    const line = bytes.subarray(from, newline < 0 ? bytes.length : newline + 1);
    const decoded = decode(line);
    if (decoded === undefined) {
      const valid = new TextDecoder("utf-8", { ignoreBOM: true })
        .decode(line)
        .split("\uFFFD", 1)[0]!;
      const length = new TextEncoder().encode(valid).length;
      return { before: before + valid, byte: line[length] };
    }
    before += decoded;
    from += line.length;
  }
}

function utf8(refuse: Refuse): Decoder {
  let cut = new Uint8Array(); // a character's bytes whose rest is in the next chunk
  return {
    push(chunk) {
      const bytes = concatBytes([cut, chunk]);
      cut = bytes.slice(bytes.length - unfinished(bytes));
      const whole = bytes.subarray(0, bytes.length - cut.length);
      return decode(whole) ?? refuse(validText(whole));
    },
    end() {
      if (cut.length > 0) refuse({ before: "", byte: cut[0] });
    },
  };
}

/** Any other encoding that the runtime knows. */
function labelled(label: string, refuse: Refuse): Decoder {
  const decoder = new TextDecoder(label, { fatal: true });
  const attempt = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      return refuse({ before: "", byte: bytes?.[0] });
    }
  };
  return { push: attempt, end: () => void attempt() };
}

/** The encoding that a file's first two bytes name. */
function marked(first: number, second: number): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** An encoding's name as the runtime knows it. @throws ArgumentError */
export function encodingOf(where: string, value: unknown): string {
  const label = text(where, "encoding", value);
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new ArgumentError(
      `${where}: encoding: expected an encoding such as "utf-8", "windows-1252" or "shift_jis", got ${show(label)}`,
    );
  }
}

/** The text of a stream, piece by piece: UTF-8, UTF-16 where its mark says so, or what was asked for. */
export async function* textOf(
  where: string,
  stream: CsvStream,
  encoding: string | undefined,
  refuse: Refuse,
): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let start = new Uint8Array(); // the first byte, until the second is there
  const open = (bytes: Uint8Array): Decoder => {
    const label = encoding ?? marked(bytes[0]!, bytes[1]!) ?? "utf-8";
    return label === "utf-8" ? utf8(refuse) : labelled(label, refuse);
  };
  for await (const chunk of chunksOf(stream)) {
    if (typeof chunk === "string") {
      yield chunk;
      continue;
    }
    const bytes = decoder ? bytesOf(where, chunk) : concatBytes([start, bytesOf(where, chunk)]);
    if (decoder === undefined && bytes.length < 2) {
      start = bytes.slice();
      continue;
    }
    decoder ??= open(bytes);
    yield decoder.push(bytes);
  }
  if (decoder === undefined && start.length > 0) {
    decoder = open(start);
    yield decoder.push(start);
  }
  decoder?.end();
}

/** The pieces of a stream; not every browser can iterate over a ReadableStream. */
async function* chunksOf(stream: CsvStream): AsyncGenerator<string | Uint8Array> {
  if (Symbol.asyncIterator in stream) {
    yield* stream;
    return;
  }
  const reader = (stream as ReadableStream<string | Uint8Array>).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.releaseLock();
  }
}
