import { below, SHUFFLE_STREAM, shuffled, wordStream } from "../../../values/philox.ts";
import { type Items, type Stage, Wait } from "../items.ts";

/** Passes that one endless repetition may have before its orders come again. */
const ENDLESS = 1 << 20;

/** The items in a random order, another one in each pass; of `bufferSize` at a time where that is fewer. */
export function shuffledItems<I>(
  from: Stage<I>,
  seed: number,
  bufferSize: number | undefined,
): Stage<I> {
  const whole = bufferSize === undefined || (from.size !== undefined && bufferSize >= from.size);
  return {
    text: `${from.text}.shuffle(${seed}${whole ? "" : `, ${bufferSize}`})`,
    from: [from],
    size: from.size,
    *items(pass, begin): Items<I> {
      // Passes count from 0 and epochs from 1: the first has the order of the first epoch of `fit`.
      if (whole) yield* allShuffled(from.items(pass, 0), seed, pass.number + 1, begin);
      else yield* someShuffled(from.items(pass, 0), seed, pass.number + 1, begin, bufferSize);
    },
  };
}

function* allShuffled<I>(from: Items<I>, seed: number, epoch: number, begin: number): Items<I> {
  const all: I[] = [];
  for (const item of from) {
    if (item instanceof Wait) yield item;
    else all.push(item);
  }
  const order = shuffled(all.length, seed, SHUFFLE_STREAM, epoch);
  for (let i = begin; i < order.length; i++) yield all[order[i]!]!;
}

function* someShuffled<I>(
  from: Items<I>,
  seed: number,
  epoch: number,
  begin: number,
  bufferSize: number,
): Items<I> {
  const word = wordStream(seed, SHUFFLE_STREAM, epoch);
  const buffer: I[] = [];
  let index = 0;
  for (const item of from) {
    if (item instanceof Wait) {
      yield item;
      continue;
    }
    if (buffer.length < bufferSize) {
      buffer.push(item);
      continue;
    }
    const at = below(bufferSize, word);
    const drawn = buffer[at]!;
    buffer[at] = item;
    if (index++ >= begin) yield drawn;
  }
  while (buffer.length > 0) {
    const at = below(buffer.length, word);
    const drawn = buffer[at]!;
    const last = buffer.pop()!;
    if (at < buffer.length) buffer[at] = last;
    if (index++ >= begin) yield drawn;
  }
}

/** The first `count` items. */
export function taken<I>(from: Stage<I>, count: number): Stage<I> {
  return {
    text: `${from.text}.take(${count})`,
    from: [from],
    size: from.size === undefined ? undefined : Math.min(from.size, count),
    *items(pass, begin): Items<I> {
      let left = count - begin;
      if (left <= 0) return;
      for (const item of from.items(pass, begin)) {
        yield item;
        if (!(item instanceof Wait) && --left === 0) return;
      }
    },
  };
}

/** The items after the first `count`. */
export function skipped<I>(from: Stage<I>, count: number): Stage<I> {
  return {
    text: `${from.text}.skip(${count})`,
    from: [from],
    size: from.size === undefined ? undefined : Math.max(0, from.size - count),
    items: (pass, begin) => from.items(pass, begin + count),
  };
}

/** All items `count` times, each time as in a pass of its own. */
export function repeated<I>(from: Stage<I>, count: number): Stage<I> {
  const { size } = from;
  const endless = count === Number.POSITIVE_INFINITY;
  return {
    text: `${from.text}.repeat(${endless ? "" : count})`,
    from: [from],
    size: size === undefined || (endless && size > 0) ? undefined : endless ? 0 : size * count,
    *items(pass, begin): Items<I> {
      const first = size === undefined || size === 0 ? 0 : Math.floor(begin / size);
      let ahead = begin - first * (size ?? 0);
      for (let i = first; i < count; i++) {
        const number = pass.number * (endless ? ENDLESS : count) + i;
        let any = false;
        // Where the size is known items can be left out before they are made.
        const from_ = size === undefined ? 0 : ahead;
        if (size !== undefined) ahead = 0;
        for (const item of from.items({ ...pass, number }, from_)) {
          const isItem = !(item instanceof Wait);
          any ||= isItem;
          if (isItem && ahead > 0) ahead--;
          else yield item;
        }
        if (!any && from_ === 0) return; // nothing, however often
      }
    },
  };
}
