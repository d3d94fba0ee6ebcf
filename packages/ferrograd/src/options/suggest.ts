import { quote } from "./show.ts";

/** The spelling-insensitive form of a name: `batch_size`, `batch-size` and `batchSize` agree. */
const fold = (name: string): string => name.replace(/[_\-\s]/g, "").toLowerCase();

/**
 * Is `word` short for a name: its beginning, as `acc`, or letters of a camel-case name in their order, the
 * first of each of its words among them, as `lr` for `learningRate` and `bce` for `binaryCrossentropy`?
 */
function isShortFor(word: string, name: string): boolean {
  if (word.length < 2 || name.length > 64) return false;
  if (word.length > 2 && fold(name).startsWith(word)) return true;
  if (!/[A-Z]/.test(name)) return false;
  let ends = new Set([0]); // letters of the word that the name's letters so far may stand for
  for (const [i, letter] of [...name].entries()) {
    const first = i === 0 || letter !== letter.toLowerCase();
    const taken = [...ends].filter((at) => word[at] === letter.toLowerCase()).map((at) => at + 1);
    ends = new Set(first ? taken : [...ends, ...taken]);
  }
  return ends.has(word.length);
}

/**
 * Damerau-Levenshtein distance (optimal string alignment): the number of insertions, deletions,
 * substitutions and swaps of neighbors that turn `a` into `b`.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The candidate a person most likely meant by `word`, or `undefined` when none is close: at most
 * one edit for every three letters, ignoring case and underscores, or one that it is short for (`lr`).
 *
 * @example nearest("rleu", ["linear", "relu", "tanh"]) // "relu"
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const folded = fold(word);
  if (folded.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const target = fold(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(folded.length, target.length) / 3));
    if (Math.abs(folded.length - target.length) > allowed) continue;
    const distance = editDistance(folded, target);
    if (distance <= allowed && distance < bestDistance && distance < target.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? candidates.find((candidate) => isShortFor(folded, candidate));
}

/** Most names that a message lists. */
const MOST_LISTED = 40;
/** Most names that are compared with a misspelt one. */
const MOST_COMPARED = 10_000;

/** Names in quotes, cut where they are too many for a message. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map(quote).join(", ");
  const more = names.length - MOST_LISTED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The end of a message about an unknown name: the nearest one, or else what is known of it, or all there are. */
export function hint(word: string, allowed: readonly string[], instead?: string): string {
  const near = nearest(word, allowed.slice(0, MOST_COMPARED));
  if (near !== undefined) return `did you mean ${quote(near)}?`;
  if (instead !== undefined) return instead;
  return allowed.length === 0 ? "there are none" : `expected one of ${list(allowed)}`;
}

/** The first name that stands twice. */
export function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
