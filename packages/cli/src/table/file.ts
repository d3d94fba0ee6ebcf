import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ArgumentError } from "ferrograd";
import { type CsvOptions, csvBatches, type Table } from "ferrograd/csv";
import { refused, STANDARD_INPUT } from "../files.ts";

/** A CSV file, or standard input, which is read in tables of some rows each. */
export interface CsvFile {
  readonly name: string;
  /** Bytes of it; undefined where that is not known before. */
  readonly size: number | undefined;
  /** Its rows from the beginning; `watch` is told of the bytes that were read. */
  batches(watch?: (bytes: number) => void): AsyncGenerator<Table, void>;
}

/** Rows of a table. */
const ROWS = 2000;
const CHUNK = 1 << 18;

/** The CSV file that an option names; `again`: it is read more than once. */
export function openCsv(
  flag: string,
  path: string,
  options: CsvOptions,
  { again = false }: { readonly again?: boolean } = {},
): CsvFile {
  const isInput = path === STANDARD_INPUT;
  const name = isInput ? "standard input" : basename(path);
  const size = isInput ? undefined : sizeOf(flag, path);
  const open = (): AsyncIterable<Uint8Array> =>
    isInput ? process.stdin : createReadStream(path, { highWaterMark: CHUNK });
  // What comes from a pipe is there once.
  const bytes = again && size === undefined ? kept(open) : open;
  return {
    name,
    size,
    async *batches(watch = () => {}) {
      try {
        yield* csvBatches(unpacked(counted(bytes(), watch)), {
          file: name,
          rows: ROWS,
          ...options,
        });
      } catch (error) {
        throw refused(flag, "a file to read", path, error);
      }
    },
  };
}

/** Bytes of a file; undefined for a pipe or a device. */
function sizeOf(flag: string, path: string): number | undefined {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    throw refused(flag, "a file to read", path, error);
  }
}

/** Pieces that can be walked through again. */
function kept(open: () => AsyncIterable<Uint8Array>): () => AsyncIterable<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let isWhole = false;
  return async function* () {
    if (isWhole) {
      yield* pieces;
      return;
    }
    for await (const piece of open()) {
      pieces.push(piece);
      yield piece;
    }
    isWhole = true;
  };
}

/** The bytes of a file, or of what a gzip has in it. */
async function* unpacked(pieces: AsyncIterable<Uint8Array>) {
  const rest = pieces[Symbol.asyncIterator]();
  const first = await rest.next();
  if (first.done) return;
  const all = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => rest };
  };
  const [one, two] = first.value;
  if (one !== 0x1f || two !== 0x8b) {
    yield* all();
    return;
  }
  const gunzip = createGunzip();
  pipeline(Readable.from(all()), gunzip, () => {}); // what goes wrong is thrown here too
  yield* gunzip as AsyncIterable<Uint8Array>;
}

async function* counted(pieces: AsyncIterable<Uint8Array>, watch: (bytes: number) => void) {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    yield piece;
    watch(read);
  }
}

/** Refuses options of reading beside what is no CSV file. */
export function noReading(options: object, names: readonly string[], got: string): void {
  const stray = names.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (stray === undefined) return;
  const flag = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new ArgumentError(`ferrograd: --${flag}: expected --csv beside it, got ${got}`);
}
