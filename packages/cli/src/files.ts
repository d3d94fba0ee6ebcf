import { randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ArgumentError, FerrogradError } from "ferrograd";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  ENODEV: "it is a device",
  Z_BUF_ERROR: "its gzip is cut off",
  Z_DATA_ERROR: "its gzip is damaged",
  ENXIO: "it is a socket, or a device that is not there",
};

/** Why a system refuses something, for people. */
export const reasonOf = ({ code }: NodeJS.ErrnoException): string =>
  REASONS[code ?? ""] ?? code ?? "an error";

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A system's refusal in the words of a command line; anything else goes on as it is. */
export function refused(flag: string, expected: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || error instanceof FerrogradError) return error;
  return new ArgumentError(
    `ferrograd: ${flag}: expected ${expected}, got ${JSON.stringify(path)}: ${reasonOf(error as Error)}`,
  );
}

/** The bytes of a file that an option names. */
export function readBytes(flag: string, path: string): Uint8Array {
  try {
    if (statSync(path).isCharacterDevice()) throw failure("ENODEV"); // /dev/zero has no end
    return readFileSync(path);
  } catch (error) {
    throw refused(flag, "a file to read", path, error);
  }
}

/** Is it a file, or will it be one, rather than a device or a pipe? */
export const isReplaceable = (path: string): boolean =>
  !existsSync(path) || statSync(path).isFile();

/** Has a file other names, which are to stay names of it? */
const hasOtherNames = (path: string): boolean => existsSync(path) && statSync(path).nlink > 1;

/** The file that a path leads to, also one that a link is the first to name. */
export function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? resolve(dirname(path), readlinkSync(path)) : resolve(path);
}

/** Refuses a file that could not be written later, before hours of training. */
export function checkWritable(flag: string, path: string): void {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    if (isReplaceable(path)) accessSync(dirname(realPath(path)), constants.W_OK);
    else if (statSync(path).isDirectory()) throw failure("EISDIR");
  } catch (error) {
    throw refused(flag, "a file to write", path, error);
  }
}

/** A file that an option names. */
export type NamedFile = readonly [flag: string, path: string];

/** What names standard input. */
export const STANDARD_INPUT = "-";

/** Are an output and another file one that is replaced, by whatever names? */
function isSame(output: string, path: string): boolean {
  const isInput = path === STANDARD_INPUT;
  if (!isInput && realPath(output) === realPath(path)) return isReplaceable(output);
  if (!existsSync(output) || !(isInput || existsSync(path))) return false;
  const [one, other] = [statSync(output), isInput ? fstatSync(0) : statSync(path)];
  return one.isFile() && one.ino === other.ino && one.dev === other.dev;
}

/** Refuses outputs that cannot be written, and those that are an input or another output. */
export function checkOutputs(outputs: readonly NamedFile[], inputs: readonly NamedFile[]): void {
  outputs.forEach(([flag, path], i) => {
    const others = [...inputs, ...outputs.slice(0, i)];
    const same = others.find(([, other]) => isSame(path, other));
    if (same !== undefined) {
      throw new ArgumentError(
        `ferrograd: ${flag}: expected another file than that of ${same[0]}, got ${JSON.stringify(path)} for both`,
      );
    }
    checkWritable(flag, path);
  });
}

/** Files that are being written, and go when the process ends before they are whole. */
const partials = new Set<string>();
const removePartials = () => {
  for (const path of partials) rmSync(path, { force: true });
};
process.on("exit", removePartials);

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal ends the process, without what is not whole. */
function endBy(signal: NodeJS.Signals): void {
  removePartials();
  watchSignals(false);
  process.kill(process.pid, signal);
}

function watchSignals(on: boolean): void {
  for (const signal of SIGNALS) {
    process.off(signal, endBy);
    if (on) process.on(signal, endBy);
  }
}

/** Says whether a file is being written; was it before? */
function setPartial(path: string, isPartial: boolean): boolean {
  const was = partials.has(path);
  partials[isPartial ? "add" : "delete"](path);
  watchSignals(partials.size > 0);
  return was;
}

/** A file that is written piece by piece and takes the place of the old one when it is whole. */
export class WholeFile {
  private readonly named: NamedFile;
  private readonly path: string;
  private readonly partial: string;
  private readonly descriptor: number;

  constructor(flag: string, path: string) {
    this.named = [flag, path];
    const whole = isReplaceable(path);
    this.path = whole ? realPath(path) : path; // what /dev/stdout leads to has no name where it is a pipe
    this.partial = whole ? `${this.path}.${randomUUID()}.partial` : path;
    this.descriptor = this.attempt(() => openSync(this.partial, "w"));
    if (this.partial === this.path) return;
    setPartial(this.partial, true);
    if (existsSync(this.path)) {
      this.attempt(() => fchmodSync(this.descriptor, statSync(this.path).mode));
    }
  }

  write(content: Uint8Array | string): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    });
  }

  /** The file is whole: it is on the disk when this returns. */
  end(): void {
    this.attempt(() => {
      if (statSync(this.partial).isFile()) fsyncSync(this.descriptor);
      closeSync(this.descriptor);
      if (this.partial === this.path) return;
      if (!hasOtherNames(this.path)) renameSync(this.partial, this.path);
      else {
        copyFileSync(this.partial, this.path);
        rmSync(this.partial);
      }
    });
    setPartial(this.partial, false);
  }

  /** Leaves the old file as it was. */
  discard(): void {
    if (setPartial(this.partial, false)) rmSync(this.partial, { force: true });
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.discard();
      throw refused(this.named[0], "a file to write", this.named[1], error);
    }
  }
}

/** Writes a file as a whole: one that cannot be written to the end leaves the old one as it was. */
export function writeFile(flag: string, path: string, content: Uint8Array | string): void {
  const file = new WholeFile(flag, path);
  file.write(content);
  file.end();
}

/** A file of a folder, plain or with `.gz` after its name; undefined where there is neither. */
export function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
}
