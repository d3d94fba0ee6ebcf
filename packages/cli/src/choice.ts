import { logSoftmax } from "ferrograd";
import type { Dataset } from "./datasets.ts";
import type { Network } from "./network.ts";
import { meanAndError, meanOf } from "./scores/mean.ts";

/** How one way to learn did on rows that were held out. */
export interface Tried {
  readonly name: string;
  /** Mean over the rows: cross-entropy, or the squared error in deviations of the target. */
  readonly loss: number;
  /** How much more that is than the best's. */
  readonly above: number;
  /** The standard error of that, over the same rows. */
  readonly error: number;
  /** Does it answer? */
  readonly kept: boolean;
}

const square = (value: number): number => value * value;

/** What a network loses on each row; rows of a class may count more than others. */
export function lossesOf(
  network: Pick<Network, "predict">,
  { x, y }: Pick<Dataset, "x" | "y">,
  weights?: readonly number[],
): number[] {
  const truth = y.data;
  const outputs = network.predict(x);
  if (!(truth instanceof Int32Array)) {
    const said = outputs.data();
    return Array.from(truth, (value, row) => square(said[row]! - value));
  }
  const logs = logSoftmax(outputs).data();
  const classes = logs.length / truth.length;
  return Array.from(truth, (label, row) => -logs[row * classes + label]! * (weights?.[label] ?? 1));
}

/** What each class weighs where all count alike: rows / (classes · rows of the class), as in scikit-learn. */
export function balancedWeights(labels: ArrayLike<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (let row = 0; row < labels.length; row++) counts[labels[row]!]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)));
}

/**
 * Which way to learn answers: the simplest, which stands last, of those that the rows held out cannot tell from the best,
 * for they lose no more than one standard error above it (Breiman et al. 1984), the same rows of both being compared.
 */
export function compareTried(
  ways: readonly { readonly name: string; readonly losses: readonly number[] }[],
): Tried[] {
  const means = ways.map(({ losses }) => meanOf(losses.length, (row) => losses[row]!));
  const best = means.indexOf(Math.min(...means));
  const tried = ways.map(({ name, losses }, i) => {
    const gap = (row: number) => losses[row]! - ways[best]!.losses[row]!;
    const { mean: above, error } = meanAndError(losses.length, gap);
    return { name, loss: means[i]!, above, error };
  });
  const simplest = tried.findLastIndex(({ above, error }, i) => i === best || above <= error);
  return tried.map((one, i) => ({ ...one, kept: i === simplest }));
}

/** What answers, and why, in a sentence. */
export function choiceSentence(tried: readonly Tried[]): string {
  const { name, above } = tried.find(({ kept }) => kept)!;
  const why =
    above === 0
      ? "the best on rows held out"
      : "the simplest that rows held out do not tell from the best by one standard error";
  return `${name}: ${why}`;
}
