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
export function lineageOf(tensors: Iterable<AnyTensor>, known = NONE): Lineage {
  const runs = [...known.runs];
  const variables = new Set<AnyTensor>();
  let parents = false;
  for (const tensor of tensors) {
    const { source } = tensor;
    if (source.kind === "state") variables.add(tensor);
    else runs.push(tensor.id, tensor.id);
    if (source.kind !== "data" || source.lineage === undefined) continue;
    parents = true;
    runs.push(...source.lineage.runs);
    for (const variable of alive(source.lineage)) variables.add(variable);
  }
  return {
    runs: parents || runs.length > 2 * RUNS ? joined(runs) : runs,
    variables:
      variables.size === 0
        ? known.variables
        : [...new Set([...alive(known), ...variables])].map((variable) => new WeakRef(variable)),
  };
}

/** Were the values of a leaf computed from this tensor? */
export function descendsFrom({ source }: AnyTensor, target: AnyTensor): boolean {
  if (source.kind !== "data" || source.lineage === undefined) return false;
  const { runs } = source.lineage;
  if (target.source.kind === "state") return alive(source.lineage).includes(target);
  return runs.some((first, i) => i % 2 === 0 && first <= target.id && target.id <= runs[i + 1]!);
}

const alive = ({ variables }: Lineage): AnyTensor[] =>
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
