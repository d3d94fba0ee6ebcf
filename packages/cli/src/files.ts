import {
  accessSync,
  constants,
  createReadStream,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ArgumentError, FerrogradError } from "ferrograd";
import { type CsvOptions, readCsv, type Table } from "ferrograd/csv";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** A system's refusal in the words of a command line; anything else goes on as it is. */
function refused(flag: string, expected: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || error instanceof FerrogradError) return error;
  const reason = REASONS[code] ?? code;
  return new ArgumentError(
    `ferrograd: ${flag}: expected ${expected}, got ${JSON.stringify(path)}: ${reason}`,
  );
}

/** The bytes of a file that an option names. */
export function readBytes(flag: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw refused(flag, "a file to read", path, error);
  }
}

/** The table of a CSV file that an option names. */
export async function readTable(
  flag: string,
  path: string,
  options: CsvOptions = {},
): Promise<Table> {
  const stream = createReadStream(path, "utf8");
  try {
    return await readCsv(stream, { file: basename(path), ...options });
  } catch (error) {
    throw refused(flag, "a file to read", path, error);
  } finally {
    stream.destroy();
  }
}

/** Refuses a file that could not be written later, before hours of training. */
export function checkWritable(flag: string, path: string): void {
  try {
    const target = existsSync(path) ? path : dirname(resolve(path));
    if (target === path && statSync(path).isDirectory()) {
      throw Object.assign(new Error(), { code: "EISDIR" });
    }
    accessSync(target, constants.W_OK);
  } catch (error) {
    throw refused(flag, "a file to write", path, error);
  }
}

export function writeFile(flag: string, path: string, content: Uint8Array | string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw refused(flag, "a file to write", path, error);
  }
}

/** A file of a folder, plain or with `.gz` after its name; undefined where there is neither. */
export function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
}
