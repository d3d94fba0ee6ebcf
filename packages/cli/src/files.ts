import {
  accessSync,
  constants,
  createReadStream,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
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
  const stream = createReadStream(path);
  try {
    return await readCsv(stream, { file: basename(path), ...options });
  } catch (error) {
    throw refused(flag, "a file to read", path, error);
  } finally {
    stream.destroy();
  }
}

/** Is it a file that can be put in the place of an old one, rather than a device or a pipe? */
const isReplaceable = (path: string): boolean => !existsSync(path) || statSync(path).isFile();
const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));

/** Refuses a file that could not be written later, before hours of training. */
export function checkWritable(flag: string, path: string): void {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    if (isReplaceable(path)) accessSync(dirname(realPath(path)), constants.W_OK);
    else if (statSync(path).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (error) {
    throw refused(flag, "a file to write", path, error);
  }
}

/** Writes a file as a whole: one that cannot be written to the end leaves the old one as it was. */
export function writeFile(flag: string, path: string, content: Uint8Array | string): void {
  try {
    if (isReplaceable(path)) replaceFile(realPath(path), content);
    else writeFileSync(path, content);
  } catch (error) {
    throw refused(flag, "a file to write", path, error);
  }
}

function replaceFile(path: string, content: Uint8Array | string): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** A file of a folder, plain or with `.gz` after its name; undefined where there is neither. */
export function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
}
