import { type Items, pull, type Stage, type View, Wait } from "../items.ts";

/** An item of each stage at a time, until one has no more. */
export function zipped(stages: readonly Stage<unknown>[]): Stage<unknown[]> {
  const sizes = stages.map(({ size }) => size);
  const known = sizes.filter((size) => size !== undefined);
  return {
    text: `zip(${stages.map(({ text }) => text).join(", ")})`,
    from: stages,
    size: known.length === sizes.length ? Math.min(...known) : undefined,
    *items(pass, begin): Items<unknown[]> {
      const sources = stages.map((stage) => stage.items(pass, begin));
      try {
        for (;;) {
          const items: unknown[] = [];
          for (const source of sources) {
            const next = yield* pull(source);
            if (next === undefined) return;
            items.push(next.item);
          }
          yield items;
        }
      } finally {
        for (const source of sources) source.return();
      }
    },
  };
}

/** The views of what was zipped, side by side. */
export function zippedView(
  views: readonly View<unknown, unknown>[],
  names: readonly string[] | undefined,
): View<unknown[], unknown> {
  const formed = (parts: readonly unknown[]) =>
    names === undefined ? parts : Object.fromEntries(names.map((name, i) => [name, parts[i]]));
  return {
    element: (items) => formed(views.map((view, i) => view.element(items[i]))),
    batch: (where, rows, at) =>
      formed(
        views.map((view, i) => {
          const items = rows.map((items) => items[i]);
          return view.batch(where, items, at);
        }),
      ),
  };
}

/** The elements of one, then those of the other. */
export function concatenated<T>(first: Stage<T>, second: Stage<T>): Stage<T> {
  const { size } = first;
  return {
    text: `${first.text}.concatenate(${second.text})`,
    from: [first, second],
    size: size === undefined || second.size === undefined ? undefined : size + second.size,
    *items(pass, begin): Items<T> {
      let before = 0;
      // Where it is not known how many there are, they are gone through.
      for (const item of first.items(pass, size === undefined ? 0 : begin)) {
        if (item instanceof Wait || size !== undefined || before++ >= begin) yield item;
      }
      yield* second.items(pass, Math.max(0, begin - (size ?? before)));
    },
  };
}
