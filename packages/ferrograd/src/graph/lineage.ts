import type { AnyTensor } from "./tensor.ts";

/**
 * What values were computed from, once the graph is gone. Tensors are known by their numbers, in runs:
 * first, last, first, last, ... What is left of a tensor that many others went into grows no further at
 * 64 runs: then the nearest become one, and what was made between them counts as an ancestor too.
 */
export interface Lineage {
  readonly runs: readonly number[];
  readonly variables: readonly WeakRef<AnyTensor>[];
}

const RUNS = 64;

const NONE: Lineage = { runs: [], variables: [] };

/** The lineage of what is computed from these tensors, theirs included, beside what is known. */
export function lineageOf(tensors: readonly AnyTensor[], known = NONE): Lineage {
  const runs = known.runs.slice();
  let { variables } = known;
  let parents = false;
  for (let i = 0; i < tensors.length; i++) {
    const { source, id } = tensors[i]!;
    if (source.kind === "state") variables = united(variables, [new WeakRef(tensors[i]!)]);
    else runs.push(id, id);
    if (source.kind !== "data" || source.lineage === undefined) continue;
    parents = true;
    runs.push(...source.lineage.runs);
    variables = united(variables, source.lineage.variables);
  }
  return { runs: parents || runs.length > 2 * RUNS ? joined(runs) : runs, variables };
}

type Variables = Lineage["variables"];

/** Those that still exist, each once. */
function united(a: Variables, b: Variables): Variables {
  if (b.length === 0) return a;
  const known = new Set(alive(a));
  const more = b.filter((variable) => !known.has(variable.deref() as AnyTensor));
  return [...a.filter((variable) => variable.deref() !== undefined), ...more];
}

/** Were the values of a leaf computed from this tensor? */
export function descendsFrom({ source }: AnyTensor, target: AnyTensor): boolean {
  if (source.kind !== "data" || source.lineage === undefined) return false;
  const { runs } = source.lineage;
  if (target.source.kind === "state") return alive(source.lineage.variables).includes(target);
  return runs.some((first, i) => i % 2 === 0 && first <= target.id && target.id <= runs[i + 1]!);
}

const alive = (variables: Variables): AnyTensor[] =>
  variables.flatMap((variable) => variable.deref() ?? []);

/** The same numbers in as few runs as there are, and at most 64. */
function joined(runs: readonly number[]): number[] {
  const pairs = runs.flatMap((first, i) => (i % 2 === 0 ? [[first, runs[i + 1]!] as const] : []));
  pairs.sort(([a], [b]) => a - b);
  const exact = joinedWithin(pairs, 1);
  if (exact.length <= 2 * RUNS) return exact;
  const gaps = exact.flatMap((first, i) => (i > 0 && i % 2 === 0 ? [first - exact[i - 1]!] : []));
  gaps.sort((a, b) => a - b);
  return joinedWithin(pairs, gaps[gaps.length - RUNS]!);
}

/** Joins what is no further apart than this. */
function joinedWithin(pairs: readonly (readonly [number, number])[], gap: number): number[] {
  const result: number[] = [];
  for (const [first, last] of pairs) {
    const end = result.length - 1;
    if (end > 0 && first - result[end]! <= gap) result[end] = Math.max(result[end]!, last);
    else result.push(first, last);
  }
  return result;
}
