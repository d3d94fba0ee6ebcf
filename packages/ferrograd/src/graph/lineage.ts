import type { AnyTensor } from "./tensor.ts";

/** Numbers of tensors, ascending: first, last, first, last, ... */
type Runs = readonly number[];

/**
 * What values were computed from, once the graph is gone: numbers of tensors and of variables. More than 64
 * runs become 32, the nearest first; then what was made between them counts as an ancestor too.
 */
export interface Lineage {
  readonly tensors: Runs;
  readonly variables: Runs;
  /** Those of the last tensors, in their order, which are among the runs only when others come after them. */
  readonly last: readonly number[];
}

const MOST = 64;

const NONE: Lineage = { tensors: [], variables: [], last: [] };

/** The lineage of what is computed from these tensors, theirs included, beside what is known, which is settled. */
export function lineageOf(tensors: readonly AnyTensor[], known = NONE): Lineage {
  let { tensors: runs, variables } = known;
  let previous: Lineage | undefined;
  for (let i = 0; i < tensors.length; i++) {
    const { source, id } = tensors[i]!;
    if (source.kind === "state") variables = joined(variables, [id, id]);
    if (source.kind !== "data" || !source.lineage || source.lineage === previous) continue;
    previous = source.lineage;
    runs = joined(previous.tensors, runs, previous.last);
    variables = joined(previous.variables, variables);
  }
  return { tensors: runs, variables, last: tensors.map((tensor) => tensor.id) };
}

/** The same with the last ones among the runs. */
export function settled({ tensors, variables, last }: Lineage): Lineage {
  return { tensors: joined(tensors, [], last), variables, last: [] };
}

/** Were the values of a leaf computed from this tensor? */
export function descendsFrom({ source }: AnyTensor, target: AnyTensor): boolean {
  if (source.kind !== "data" || source.lineage === undefined) return false;
  const { tensors, variables, last } = source.lineage;
  const { id } = target;
  const runs = target.source.kind === "state" ? variables : tensors;
  return (
    last.includes(id) || runs.some((first, i) => i % 2 === 0 && first <= id && id <= runs[i + 1]!)
  );
}

/** Ascending runs, with others and single numbers among them. */
function joined(a: Runs, b: Runs, single: readonly number[] = NONE.last): Runs {
  if ((a === b || b.length === 0) && single.length === 0) return a;
  const runs = a.slice();
  for (let i = 0; i < b.length; i += 2) insert(runs, b[i]!, b[i + 1]!);
  for (let i = 0; i < single.length; i++) insert(runs, single[i]!, single[i]!);
  return few(runs);
}

/** Puts a run where it belongs. Mostly that is at the end, since what is made later has larger numbers. */
function insert(runs: number[], first: number, last: number): void {
  let to = runs.length;
  while (to > 0 && runs[to - 2]! > last + 1) to -= 2;
  let from = to;
  while (from > 0 && runs[from - 1]! >= first - 1) from -= 2; // Those from here to `to` touch it.
  if (from === runs.length) {
    runs.push(first, last);
  } else if (from === to) {
    runs.splice(from, 0, first, last);
  } else {
    runs[from] = Math.min(first, runs[from]!);
    runs[from + 1] = Math.max(last, runs[to - 1]!);
    if (to > from + 2) runs.splice(from + 2, to - from - 2);
  }
}

/** Of more than 64 runs the 32 with the widest gaps between them. */
function few(runs: Runs): Runs {
  if (runs.length <= 2 * MOST) return runs;
  const gaps = Float64Array.from({ length: runs.length / 2 - 1 }, (_, i) => gapAt(runs, 2 * i + 1));
  const narrow = gaps.sort().at(-MOST / 2)!;
  const kept = [runs[0]!];
  for (let i = 1; i < runs.length - 1; i += 2) {
    if (gapAt(runs, i) > narrow) kept.push(runs[i]!, runs[i + 1]!);
  }
  return [...kept, runs.at(-1)!];
}

/** From the end of a run at `i` to the start of the next one. */
const gapAt = (runs: Runs, i: number): number => runs[i + 1]! - runs[i]!;
