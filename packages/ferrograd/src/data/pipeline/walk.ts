import { type Items, type Pass, Wait } from "./items.ts";

type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>;

export const isIterable = (value: unknown): value is AnyIterable =>
  typeof value === "object" &&
  value !== null &&
  (Symbol.asyncIterator in value || Symbol.iterator in value);

/** The iterator of what can be walked through, waiting or not. */
export const iteratorOf = (from: AnyIterable): Iterator<unknown> | AsyncIterator<unknown> =>
  Symbol.asyncIterator in from
    ? (from as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    : (from as Iterable<unknown>)[Symbol.iterator]();

/** All that an iterator gives; broken off before its end, it is closed. */
export function* walk(
  pass: Pass,
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
): Items<unknown> {
  let open = true;
  try {
    for (;;) {
      open = false; // one that throws is over
      const next = iterator.next();
      let result: IteratorResult<unknown>;
      if (next instanceof Object && "then" in next) {
        const wait = new Wait(next);
        open = true;
        yield wait;
        open = false;
        result = wait.value;
      } else result = next;
      if (result.done) return;
      open = true;
      yield result.value;
    }
  } finally {
    if (open) {
      const closed: unknown = iterator.return?.();
      if (closed instanceof Object && "then" in closed) {
        pass.closing.push(closed as PromiseLike<unknown>);
      }
    }
  }
}
