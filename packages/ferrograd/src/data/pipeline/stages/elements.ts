import { called, type Items, type Stage, type View, Wait } from "../items.ts";

/** f of each element. */
export function mapped<I, T, U>(
  from: Stage<I>,
  view: View<I, T>,
  f: (element: T, index: number) => U | PromiseLike<U>,
): Stage<U> {
  const where = "map()";
  return {
    text: `${from.text}.map()`,
    from: [from],
    size: from.size,
    *items(pass, begin): Items<U> {
      let index = begin;
      for (const item of from.items(pass, begin)) {
        if (item instanceof Wait) yield item;
        else {
          const at = index++;
          yield (yield* called(where, at, () => f(view.element(item), at))) as U;
        }
      }
    },
  };
}

/** The items whose elements the predicate takes. */
export function filtered<I, T>(
  from: Stage<I>,
  view: View<I, T>,
  predicate: (element: T, index: number) => unknown,
): Stage<I> {
  return {
    text: `${from.text}.filter()`,
    from: [from],
    size: undefined,
    *items(pass, begin): Items<I> {
      let index = 0;
      let kept = 0;
      for (const item of from.items(pass, 0)) {
        if (item instanceof Wait) {
          yield item;
          continue;
        }
        const at = index++;
        const takes = yield* called("filter()", at, () => predicate(view.element(item), at));
        if (takes && kept++ >= begin) yield item;
      }
    },
  };
}

/** Items together, `size` at a time. */
export function batched<I, B>(
  from: Stage<I>,
  name: string,
  size: number,
  dropLast: boolean,
  batch: (items: readonly I[], at: number) => B,
): Stage<B> {
  const { size: items } = from;
  const count = dropLast ? Math.floor : Math.ceil;
  return {
    text: `${from.text}.${name}`,
    from: [from],
    size: items === undefined ? undefined : count(items / size),
    *items(pass, begin): Items<B> {
      let at = begin * size;
      let rows: I[] = [];
      for (const item of from.items(pass, at)) {
        if (item instanceof Wait) {
          yield item;
          continue;
        }
        if (rows.push(item) < size) continue;
        yield batch(rows, at);
        at += size;
        rows = [];
      }
      if (rows.length > 0 && !dropLast) yield batch(rows, at);
    },
  };
}
