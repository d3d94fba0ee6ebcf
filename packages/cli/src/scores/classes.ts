import type { ClassResults } from "../results.ts";
import { type Interval, meanInterval } from "./bootstrap.ts";
import { once } from "./once.ts";

/** How well rows of one class are told. */
export interface ClassScore {
  readonly name: string;
  /** Of the rows that were said to be of the class, those that are. */
  readonly precision: number | undefined;
  /** Of the rows of the class, those that were said to be. */
  readonly recall: number | undefined;
  /** Harmonic mean of both: 2pr/(p + r). */
  readonly f1: number | undefined;
  /** Rows of the class. */
  readonly count: number;
}

export interface ClassScores {
  readonly accuracy: number;
  readonly interval: Interval | undefined;
  /** The class that has most rows, and its share: what always answering it scores. */
  readonly base: { readonly name: string; readonly share: number; readonly label: number };
  /** Mean of the recalls of the classes that have rows. */
  readonly balancedAccuracy: number;
  readonly classes: readonly ClassScore[];
  /** 1 for each row that was answered right, else 0. */
  readonly right: Uint8Array;
}

const ratio = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);

function classScore(name: string, hits: number, said: number, count: number): ClassScore {
  return {
    name,
    precision: ratio(hits, said),
    recall: ratio(hits, count),
    f1: ratio(2 * hits, said + count),
    count,
  };
}

/** How well a model tells classes apart, beside always answering the most frequent one; counted once. */
export const scoreClasses = once(scoresOf);

function scoresOf({ names, truth, predictions }: ClassResults): ClassScores {
  const { labels } = predictions;
  const [counts, said, hits] = [0, 1, 2].map(() => names.map(() => 0)) as [
    number[],
    number[],
    number[],
  ];
  const right = new Uint8Array(truth.length);
  for (let row = 0; row < truth.length; row++) {
    const [label, answer] = [truth[row]!, labels[row]!];
    counts[label]!++;
    said[answer]!++;
    if (label === answer) {
      hits[label]!++;
      right[row] = 1;
    }
  }
  const classes = names.map((name, i) => classScore(name, hits[i]!, said[i]!, counts[i]!));
  const recalls = classes.flatMap(({ recall }) => recall ?? []);
  const label = counts.indexOf(Math.max(...counts));
  return {
    accuracy: hits.reduce((sum, n) => sum + n, 0) / truth.length,
    interval: meanInterval(right.length, (row) => right[row]!),
    base: { name: names[label]!, share: counts[label]! / truth.length, label },
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    classes,
    right,
  };
}

/** Classes that are shown of a matrix of many. */
const MOST_SHOWN = 20;

/** The places of the classes that are most often mistaken, in their order; all where they are few. */
export function mostConfused(matrix: readonly (readonly number[])[]): number[] {
  const places = matrix.map((_, i) => i);
  if (matrix.length <= MOST_SHOWN) return places;
  const mistakes = places.map((i) =>
    places.reduce((sum, j) => (i === j ? sum : sum + matrix[i]![j]! + matrix[j]![i]!), 0),
  );
  return places
    .sort((a, b) => mistakes[b]! - mistakes[a]! || a - b)
    .slice(0, MOST_SHOWN)
    .sort((a, b) => a - b);
}
