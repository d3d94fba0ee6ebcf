import { ArgumentError } from "../errors.ts";
import { isCallable, show } from "../options/index.ts";

/** Takes text: a function, or what has `write`, as streams of Node and the writer of a WritableStream. A promise is waited for. */
export type Writer = ((text: string) => unknown) | { write(text: string): unknown };

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
