import { meaningOf } from "../graph/meaning.ts";
import type { LossRow } from "../losses/loss.ts";
import type { Reading } from "../losses/reading.ts";
import { shortOutputs } from "./data.ts";
import type { Port } from "./heads.ts";
import type { Programs } from "./programs.ts";

/** Why nothing can be learned from an output with this loss, whatever the data. */
export function hopeless(
  programs: Programs,
  output: number,
  { shape }: Port,
  loss: LossRow,
): string | undefined {
  if (shape.at(-1) !== 1 || !softmaxOfOne(programs, output)) return shortOutputs(loss, shape);
  return (
    "expected a softmax over at least 2 units, got one over 1, which is always 1; " +
    'for one output use sigmoid and "binaryCrossentropy"'
  );
}

/** Does an output of one unit come out of a softmax, which is 1 whatever the unit says? */
const softmaxOfOne = (programs: Programs, output: number): boolean =>
  programs.looking(false, (outputs) => {
    const tensor = outputs[output]!;
    const meaning = meaningOf(tensor);
    const from = meaning?.kind === "probabilities" ? meaning.from : undefined;
    return from?.by === "softmax" && from.axis === tensor.rank - 1;
  });

/**
 * Refuses an output that its loss or metrics cannot take, while training or outside it; says how the loss
 * takes it outside it, where that makes a difference.
 */
export function readOutput(
  programs: Programs,
  where: string,
  output: number,
  loss: LossRow,
  metrics: readonly { readonly check?: LossRow["read"] }[],
): Reading | undefined {
  const reads = [loss.read, ...metrics.map(({ check }) => check)];
  if (reads.every((read) => read === undefined)) return undefined;
  const [reading] = [false, true].map((training) =>
    programs.looking(
      training,
      (outputs) => reads.map((read) => read?.(where, outputs[output]!))[0],
    ),
  );
  return reading;
}
