import { ArgumentError, type Dataset, permutation, trainTestRows } from "ferrograd";
import { groupEnds, type Holding } from "./held-out.ts";

/** Row numbers to learn from, and for the test. */
export interface Cut {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
  /** How some of those to learn from are held out. */
  readonly holding: Holding;
}

/** What decides which rows are for the test. */
export interface SplitAsked {
  readonly by: "chance" | "group" | "time";
  /** The column, where it is no chance. */
  readonly column?: string;
}

/** Rows that may be cut, and the groups, or times, of the column that was named. */
export interface CutRows {
  readonly data: Dataset;
  readonly keys: ArrayLike<string | number>;
}

const FIFTH = 5;

/** A way to cut rows. */
interface Way {
  /** Parts of the rows, of which each is a test once. */
  parts(rows: CutRows, count: number): number[][];
  /** The rows of the other parts, to learn from, in the order in which some of them can be held out. */
  learn(parts: number[][], rows: CutRows): Omit<Cut, "test">;
}

const WAYS: Readonly<Record<SplitAsked["by"], Way>> = {
  chance: {
    parts: byChance,
    learn: (parts) => ({ train: mixedRows(parts.flat()), holding: "chance" }),
  },
  group: {
    parts: ({ keys }, count) => byGroup(keys, count),
    learn(parts, { keys }) {
      const train = parts.flat();
      return { train, holding: groupEnds(train, keys) };
    },
  },
  time: {
    parts: ({ keys }, count) => byTime(keys, count),
    learn: (parts) => ({ train: parts.toReversed().flat(), holding: "time" }),
  },
};

/** Rows in parts that have each class in its share. */
function byChance({ data }: CutRows, count: number): number[][] {
  const labels = data.y;
  const mixed = Array.from(permutation(data.length, 0, 0xf01d5));
  const isClass = labels.data instanceof Int32Array;
  const sorted = isClass ? mixed.sort((a, b) => labels.data[a]! - labels.data[b]!) : mixed;
  return deal(sorted, count);
}

const deal = (rows: readonly number[], count: number): number[][] =>
  Array.from({ length: count }, (_, part) => rows.filter((_row, i) => i % count === part));

/** Rows of one text together, the largest groups first, each where fewest rows are. */
function byGroup(keys: CutRows["keys"], count: number): number[][] {
  const groups = new Map<string | number, number[]>();
  Array.from(keys).forEach((text, row) => {
    const group = groups.get(text);
    if (group) group.push(row);
    else groups.set(text, [row]);
  });
  if (groups.size < count) {
    throw new ArgumentError(
      `ferrograd: --group: expected at least ${count} different texts, got ${groups.size}`,
    );
  }
  const all = [...groups.values()];
  const mixed = Array.from(permutation(all.length, 0, 0x96009), (i) => all[i]!);
  const parts: number[][] = Array.from({ length: count }, () => []);
  for (const group of mixed.sort((a, b) => b.length - a.length)) {
    const least = parts.reduce((a, b) => (b.length < a.length ? b : a));
    least.push(...group);
  }
  return parts;
}

/** Rows in the order of time, cut into equal parts, the last first. */
function byTime(keys: CutRows["keys"], count: number): number[][] {
  const times = Float64Array.from(keys as ArrayLike<number>);
  const order = Array.from(times, (_, row) => row).sort((a, b) => times[a]! - times[b]! || a - b);
  const ends = Array.from({ length: count + 1 }, (_, i) => Math.round((i * order.length) / count));
  const parts = Array.from({ length: count }, (_, i) => order.slice(ends[i]!, ends[i + 1]!));
  return parts.reverse();
}

const mixedRows = (rows: readonly number[]): number[] =>
  Array.from(permutation(rows.length, 0, 0x313), (i) => rows[i]!);

/** The training rows and the fifth for the test. */
export function cutOnce(rows: CutRows, { by }: SplitAsked): Cut {
  if (by === "chance") return { ...trainTestRows(rows.data), holding: "chance" };
  const [test, ...rest] = WAYS[by].parts(rows, FIFTH);
  return { ...WAYS[by].learn(rest, rows), test: test! };
}

/** Each part of the rows as a test once, the others to learn from. */
export function cutFolds(rows: CutRows, { by }: SplitAsked, count: number): Cut[] {
  const most = rows.data.length;
  if (count > most) {
    throw new ArgumentError(
      `ferrograd: --folds: expected at most ${most}, one for each row, got ${count}`,
    );
  }
  const parts = WAYS[by].parts(rows, count);
  return parts.map((test, i) => {
    const rest = parts.filter((_, j) => j !== i);
    return { ...WAYS[by].learn(rest, rows), test };
  });
}
