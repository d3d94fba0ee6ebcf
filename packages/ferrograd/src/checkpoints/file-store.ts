import { ArgumentError, StateError } from "../errors.ts";
import { show, text } from "../options/index.ts";
import type { Store } from "./store.ts";

interface Stats {
  readonly mode: number;
}

interface FileHandle {
  writeFile(bytes: Uint8Array): Promise<void>;
  chmod(mode: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of `node:fs/promises`, which Deno and Bun have too. */
interface FileSystem {
  mkdir(path: string, options: { recursive: boolean }): Promise<unknown>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<Stats>;
  open(path: string, flags: string): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: boolean }): Promise<void>;
}

interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
}

interface Process {
  readonly pid: number;
  kill(pid: number, signal: 0): unknown;
  getBuiltinModule?(name: string): unknown;
}

/** The process, without an import that bundlers for browsers stumble over. */
function host() {
  const { process } = globalThis as { process?: Process };
  const fs = process?.getBuiltinModule?.("node:fs/promises") as FileSystem | undefined;
  const paths = process?.getBuiltinModule?.("node:path") as Paths | undefined;
  if (process === undefined || fs === undefined || paths === undefined) {
    throw new StateError(
      "fileStore(): expected Node 20.16 or newer, Deno or Bun, got a host without files; indexedDbStore() is for browsers",
    );
  }
  return { process, fs, paths };
}

const PARTIAL = /\.(\d+)\.partial$/;

/**
 * Files of a folder, which is made when the first is written. A file is written beside, given to the disk and then renamed,
 * so that there is always the old one or the new one, whole; it keeps its mode, and a link goes on to lead to it. What
 * a process that was killed has left half-written is removed with the next write.
 *
 * @example
 * const store = fileStore("checkpoints");
 * await model.fit(x, y, { epochs: 3, callbacks: backupAndRestore(store) });
 *
 * @throws StateError where there are no files, as in browsers, and from its functions for what the system refuses, with
 * its error as `cause`; ArgumentError for a name that leads out of the folder
 */
export function fileStore(folder: string): Store {
  const where = "fileStore()";
  text(where, "folder", folder);
  const { process, fs, paths } = host();
  /** Writes come one after the other. */
  let last: Promise<unknown> = Promise.resolve();

  const pathOf = (name: string) => {
    text(where, "name", name);
    if (name === "" || /[/\\\0]|^\.\.?$/.test(name) || PARTIAL.test(name)) {
      throw new ArgumentError(`${where}: name: expected one of a file in it, got ${show(name)}`);
    }
    return paths.join(folder, name);
  };

  const isAlive = (pid: number) => {
    try {
      return pid !== process.pid && process.kill(pid, 0) !== undefined;
    } catch (error) {
      return codeOf(error) === "EPERM"; // it is someone else's
    }
  };

  const removeLeftOvers = async (path: string) => {
    const start = paths.basename(path);
    for (const name of await fs.readdir(paths.dirname(path))) {
      const pid = name.startsWith(`${start}.`) && PARTIAL.exec(name.slice(start.length))?.[1];
      const isLeft = pid && name === `${start}.${pid}.partial` && !isAlive(Number(pid));
      if (isLeft) await fs.rm(paths.join(paths.dirname(path), name), { force: true });
    }
  };

  const replace = async (path: string, bytes: Uint8Array) => {
    await fs.mkdir(folder, { recursive: true });
    const real = await orElse(fs.realpath(path), path);
    await removeLeftOvers(real);
    const before = await orElse(fs.stat(real), undefined);
    const partial = `${real}.${process.pid}.partial`;
    try {
      await synced(await fs.open(partial, "w"), async (file) => {
        await file.writeFile(bytes);
        if (before !== undefined) await file.chmod(before.mode & 0o7777);
      });
      await fs.rename(partial, real);
    } catch (error) {
      await fs.rm(partial, { force: true });
      throw error;
    }
    // The name is the folder's; where folders can't be given to the disk, as on Windows, the system sees to it.
    await fs.open(paths.dirname(real), "r").then(
      (file) => synced(file),
      () => {},
    );
  };

  return {
    read: (name) => {
      const path = pathOf(name);
      return refused(
        `expected a file to read, got ${show(path)}`,
        orElse(fs.readFile(path), undefined),
      );
    },
    write: (name, bytes) => {
      const path = pathOf(name);
      const write = () => replace(path, bytes);
      const written = last.then(write, write);
      last = written.catch(() => {});
      return refused(`expected a file to write, got ${show(path)}`, written);
    },
    delete: (name) => {
      const path = pathOf(name);
      return refused(`expected a file to remove, got ${show(path)}`, fs.rm(path, { force: true }));
    },
  };
}

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code;

/** What is there, or something else where nothing is. */
async function orElse<T, U>(found: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return otherwise;
    throw error;
  }
}

/** Gives a file to the disk, and closes it in any case. */
async function synced(file: FileHandle, body = async (_: FileHandle) => {}): Promise<void> {
  try {
    await body(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What the system refuses, in our words. */
async function refused<T>(said: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    const refusal = new StateError(`fileStore(): ${said}: ${(error as Error).message}`);
    refusal.cause = error;
    throw refusal;
  }
}
