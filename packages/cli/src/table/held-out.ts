/**
 * How rows to learn from are held out, to choose and to end by: by chance any that stand together, of groups that stand together
 * whole ones, of rows in the order of time the last.
 */
export type Holding = "chance" | "time" | GroupEnds;

/** Where each group of rows ends. */
export interface GroupEnds {
  readonly ends: readonly number[];
}

/** Rows that are held out: from `begin` to before `end`. */
export interface Held {
  readonly begin: number;
  readonly end: number;
}

/** Where the groups of rows end that stand together: where their keys change. */
export function groupEnds(rows: ArrayLike<number>, keys: ArrayLike<unknown>): GroupEnds {
  const ends: number[] = [];
  for (let at = 1; at <= rows.length; at++) {
    if (at === rows.length || keys[rows[at]!] !== keys[rows[at - 1]!]) ends.push(at);
  }
  return { ends };
}

/** How many rows are held out: as many as `fit` cuts off, but at least one. */
export function heldCount(length: number, share: number): number {
  const count = Math.floor(length * share);
  return Math.min(length - 1, share > 0 ? Math.max(1, count) : 0);
}

/** The rows that one of several networks never learns from, each other ones unless time says which. */
export function heldOut(
  length: number,
  share: number,
  member: number,
  holding: Holding = "chance",
): Held {
  const count = heldCount(length, share);
  if (count === 0) return { begin: length, end: length };
  const parts = Math.floor(length / count);
  if (typeof holding === "object" && holding.ends.length > 1) {
    const places = cutGroups(holding.ends, Math.min(Math.max(2, parts), holding.ends.length));
    const part = places.length - 2 - (member % (places.length - 1));
    return { begin: places[part]!, end: places[part + 1]! };
  }
  const end = length - (holding === "time" ? 0 : member % parts) * count;
  return { begin: end - count, end };
}

/** Where trainings have one group alone, so that what they hold out is some of its rows, a sentence that says so. */
export function saidOfAlone(holdings: readonly Holding[]): string[] {
  const alone = holdings.filter((one) => typeof one === "object" && one.ends.length === 1).length;
  if (alone === 0) return [];
  const which = `${alone} of the ${holdings.length} trainings`;
  return [`${which} had one group alone to learn from: the rows held out are of that group too`];
}

/** Cuts groups, in their order, into parts of about equal size, each of at least one group. */
function cutGroups(ends: readonly number[], parts: number): number[] {
  const length = ends.at(-1)!;
  const places = [0];
  let group = 0;
  for (let part = 1; part < parts; part++) {
    const aim = (part / parts) * length;
    const last = ends.length - 1 - (parts - part); // each part behind has a group
    while (group < last && Math.abs(ends[group + 1]! - aim) < Math.abs(ends[group]! - aim)) group++;
    places.push(ends[group++]!);
  }
  return [...places, length];
}
