import { type Items, type Stage, Wait } from "../items.ts";

/**
 * The items of the first whole pass, kept for those after it. It is known by its number: made again from it where they are
 * not there, as after `restore` in another process.
 */
export function cached<I>(from: Stage<I>): Stage<I> {
  let items: { readonly of: number; readonly all: readonly I[] } | undefined;
  const stage: Stage<I> = {
    text: `${from.text}.cache()`,
    from: [from],
    size: from.size,
    kept: undefined,
    *items(pass, begin): Items<I> {
      const of = stage.kept ?? pass.number;
      if (items?.of === of) {
        for (let i = begin; i < items.all.length; i++) yield items.all[i]!;
        return;
      }
      const all: I[] = [];
      for (const item of from.items({ ...pass, number: of }, 0)) {
        if (item instanceof Wait) yield item;
        else if (all.push(item) > begin) yield item;
      }
      stage.kept ??= of;
      if (stage.kept === of) items = { of, all };
    },
  };
  return stage;
}

/** What became of asking for one more item, to be looked at later. */
type Outcome<I> = () => IteratorResult<I, void>;

/** Asks for the next item, at once where nothing is to be waited for. */
function ask<I>(source: Items<I>): Outcome<I> | Promise<Outcome<I>> {
  try {
    const step = source.next();
    if (step.value instanceof Wait) return step.value.over().then(() => ask(source));
    return () => step as IteratorResult<I, void>;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** The same items, of which `count` are asked for before they are wanted. */
export function prefetched<I>(from: Stage<I>, count: number): Stage<I> {
  return {
    text: `${from.text}.prefetch(${count})`,
    from: [from],
    size: from.size,
    *items(pass, begin): Items<I> {
      const source = from.items(pass, begin);
      const queue: (Outcome<I> | Promise<Outcome<I>>)[] = [];
      try {
        for (;;) {
          while (queue.length <= count) {
            const last = queue.at(-1);
            queue.push(last instanceof Promise ? last.then(() => ask(source)) : ask(source));
          }
          const next = queue.shift()!;
          const outcome = next instanceof Promise ? yield* waited(next) : next;
          const { done, value } = outcome();
          if (done) return;
          yield value;
        }
      } finally {
        source.return();
      }
    },
  };
}

function* waited<T>(promise: Promise<T>): Generator<Wait, T> {
  const wait = new Wait(promise);
  yield wait;
  return wait.value;
}
