import { ArgumentError } from "../errors.ts";
import { meaningOf, type Squash, takeLogits } from "../graph/meaning.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Predictions as a cross-entropy takes them. */
export interface Reading {
  readonly as: "logits" | "probabilities";
  /** The predictions, or the logits that they were made of. */
  readonly values: Tensor;
  /** In words, for the summary. */
  readonly text: string;
  /**
   * As the first files had it, which knew the logits of the last op alone and took all else for logits; or
   * as was said.
   */
  readonly direct: boolean;
}

/** How a cross-entropy takes predictions. */
export interface ReadingOptions {
  /** Its name, for the remedy. */
  readonly loss: string;
  /** What makes probabilities of the logits that it is computed from. */
  readonly by: Squash;
  readonly fromLogits: boolean | undefined;
}

/**
 * Predictions as logits or as probabilities: as was said, or else as what they mean. Of probabilities
 * from the loss's own function the logits are taken, so that nothing is lost; other probabilities stay
 * what they are; of what nothing is known, such as data and the outputs of a dense layer, is logits.
 *
 * @throws ArgumentError for what was computed from probabilities and may be either
 */
export function reading(where: string, yPred: Tensor, options: ReadingOptions): Reading {
  const { loss, by, fromLogits } = options;
  const asIs = (as: Reading["as"], direct: boolean): Reading => ({
    as,
    values: yPred,
    text: `the outputs as ${as}`,
    direct,
  });
  if (fromLogits !== undefined) return asIs(fromLogits ? "logits" : "probabilities", true);
  const meaning = meaningOf(yPred);
  if (meaning === undefined) return asIs("logits", true);
  if (meaning.kind === "mixture") {
    throw new ArgumentError(
      `${where}: expected logits or probabilities, got what ${meaning.by} makes of probabilities, which may be either; ` +
        `${loss}({ fromLogits: false }) takes them as probabilities, ${loss}({ fromLogits: true }) as logits`,
    );
  }
  const { from } = meaning;
  const own = from?.by === by && (by === "sigmoid" || from.axis === yPred.rank - 1);
  if (!own) return asIs("probabilities", false);
  const { logits } = from!;
  const last = yPred.source.kind === "node" ? yPred.source.node.inputs[0] : undefined;
  return {
    as: "logits",
    values: takeLogits(yPred, logits),
    text: `the logits of the final ${by}`,
    direct: last === logits,
  };
}

/**
 * Predictions of a loss that takes probabilities: what comes out of a sigmoid or softmax, and data; or what was said.
 *
 * @throws ArgumentError for what else was computed, which may be logits
 */
export function readProbabilities(
  where: string,
  yPred: Tensor,
  { loss, by, fromLogits }: ReadingOptions,
): Reading {
  const isGiven = yPred.source.kind !== "node";
  const kind = meaningOf(yPred)?.kind ?? (isGiven ? "probabilities" : undefined);
  if (fromLogits === undefined && kind !== "probabilities") {
    throw new ArgumentError(
      `${where}: expected probabilities, got what may be logits or probabilities; end in a ${by}, or say it: ` +
        `${loss}({ fromLogits: true }) takes the ${by} of logits, ${loss}({ fromLogits: false }) probabilities`,
    );
  }
  const as = fromLogits ? "logits" : "probabilities";
  return { as, values: yPred, text: `the outputs as ${as}`, direct: true };
}
