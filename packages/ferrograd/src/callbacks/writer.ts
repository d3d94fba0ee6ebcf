import { ArgumentError } from "../errors.ts";
import { isCallable, show } from "../options/index.ts";

/** Takes text: a function, or what has `write`, as streams of Node and the writer of a WritableStream. A promise is waited for. */
export type Writer = ((text: string) => unknown) | FileLike;

/** What is written to, and may be cut: files that `open` of `node:fs/promises` gives are such. */
interface FileLike {
  write(text: string): unknown;
  /** Leaves so many bytes of it. */
  truncate?(length: number): unknown;
  /** Says how many bytes there are. */
  stat?(): { readonly size: number } | PromiseLike<{ readonly size: number }>;
}

/** What can be cut; both give what is to be waited for. */
export interface Cuttable {
  /** Tells how many bytes there are, where that is known. */
  measure(told: (size: number) => void): unknown;
  /** Cuts it to so many bytes, and then does what comes next. */
  cut(length: number, next: () => unknown): unknown;
}

/** The same, where it can be cut. */
export function cuttable(writer: Writer): Cuttable | undefined {
  const file = writer as FileLike;
  if (!isCallable(file.truncate)) return undefined;
  const measure = (told: (size: number) => unknown) =>
    isCallable(file.stat) ? after(file.stat?.(), (stat) => told(stat!.size)) : undefined;
  return {
    measure,
    cut(length, next) {
      let size = length;
      const measured = measure((told) => {
        size = told;
      });
      // Never longer than it is: it would be filled with zeros.
      const cut = after(measured, () => (size < length ? undefined : file.truncate?.(length)));
      return after(cut, next);
    },
  };
}

/** What comes after something that may be a promise. */
const after = <T>(given: T | PromiseLike<T>, next: (value: T) => unknown): unknown =>
  given instanceof Object && "then" in given ? Promise.resolve(given).then(next) : next(given as T);

/** Writes to it; gives what is to be waited for. */
export function writerOf(where: string, writer: unknown): (text: string) => unknown {
  const given = writer as { write?: unknown } | null | undefined;
  if (isCallable(writer)) return waitable(writer as (text: string) => unknown);
  if (isCallable(given?.write))
    return waitable((text) => (given as { write: (t: string) => unknown }).write(text));
  throw new ArgumentError(
    `${where}: writer: expected a function of a text, or an object with write(text), got ${show(writer)}`,
  );
}

/** Nothing but what can be waited for: a stream says whether it wants more, which is no matter of training. */
const waitable = (write: (text: string) => unknown) => (text: string) => {
  const given = write(text);
  return typeof given === "object" && given !== null ? given : undefined;
};
