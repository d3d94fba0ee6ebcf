import { StateError } from "../../../errors.ts";
import { collated } from "../collate.ts";
import { failedAt, type Items, type Pass, Wait } from "../items.ts";
import { Pipeline } from "../pipeline.ts";
import { isIterable, iteratorOf, walk } from "../walk.ts";
import { Openable } from "./text.ts";

/** What can be walked through, with waiting or without. */
export type Elements<T> = Iterable<T> | AsyncIterable<T>;

/**
 * A pipeline of what a generator function gives, which is called for each pass; with `async` it may wait. Or of what an
 * iterable has: one that begins anew each time, as arrays and sets do; an iterator can be walked through once.
 *
 * @example
 * const squares = fromGenerator(function* () {
 *   for (let i = 0; i < 3; i++) yield [i, i * i];
 * });
 * Array.from(squares) // [[0, 0], [1, 1], [2, 4]]
 *
 * @throws ArgumentError for what cannot be walked through; DataError with the element's place when the generator throws
 */
export function fromGenerator<T>(
  source: Elements<T> | (() => Elements<T> | PromiseLike<Elements<T>>),
): Pipeline<T> {
  const where = "fromGenerator()";
  const opened = new Openable(where, source, "a generator function or an iterable", isIterable);
  const stage = {
    text: where,
    size: undefined,
    *items(pass: Pass, from: number): Items<T> {
      const made = yield* opened.open();
      if (!isIterable(made)) throw opened.wrong(made);
      let index = 0;
      try {
        const iterator = iteratorOf(made);
        if ((iterator as unknown) === made) opened.once();
        for (const item of walk(pass, iterator)) {
          if (item instanceof Wait) yield item;
          else if (index++ >= from) yield item as T;
        }
      } catch (error) {
        throw error instanceof StateError ? error : failedAt(where, index, error);
      }
    },
  };
  return new Pipeline<T>(stage, collated);
}
