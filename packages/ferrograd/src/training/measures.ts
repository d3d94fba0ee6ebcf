import { ShapeError } from "../errors.ts";
import { add, mul } from "../graph/ops/elementwise.ts";
import { broadcastTo, reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import { type Measured, measured } from "../losses/measured.ts";
import type { RowMetric, States, StreamMetric } from "../metrics/metric.ts";
import { type Shape, sameShape } from "../values/shape.ts";
import type { Head } from "./heads.ts";

/**
 * The loss of an output, then its metrics; those with a state change it. What the loss does not count, they don't
 * either; how much the rows count is for the loss alone, as in Keras, and for metrics that are weighted.
 *
 * @param rowWeights (rows), where not all rows count alike
 */
export function measuresOf(
  head: Head,
  y: Targets,
  output: Tensor,
  rowWeights: Tensor | undefined,
  states: States | undefined,
): Measured[] {
  const { name, loss, metrics } = head;
  const where = name === "" ? "loss()" : `loss() of "${name}"`;
  const values = loss.call(y, output);
  const { weight } = measured(where, values, loss.weight?.(y, output));
  const own = rowWeights === undefined ? weight : weighted(where, values, weight, rowWeights);
  const weightFor = ({ value }: RowMetric | StreamMetric, shape: Shape) => {
    const counts = value?.spec.weighted ? own : weight;
    return counts !== undefined && sameShape(counts.shape, shape) ? counts : undefined;
  };
  const beside = Array.from(metrics.values(), (metric): Measured => {
    const values = metric(y, output);
    return { values, weight: weightFor(metric, values.shape) };
  });
  states?.update(head, y, output, weightFor);
  return [{ values, weight: own }, ...beside];
}

/** Σ weight·loss over the outputs. */
export const totalLoss = (losses: readonly Tensor[], heads: readonly Head[]): Tensor =>
  heads
    .map(({ lossWeight }, i) => (lossWeight === 1 ? losses[i]! : mul(losses[i]!, lossWeight)))
    .reduce((sum, loss) => add(sum, loss));

/** How much the places of each row count, as much as the row does. */
function weighted(
  where: string,
  { rank, shape }: Tensor,
  weight: Tensor | undefined,
  rowWeights: Tensor,
): Tensor {
  const [rows] = rowWeights.shape;
  if (rank === 0 || shape[0] !== rows) {
    throw new ShapeError(
      `${where}: expected a loss for each row, which sampleWeight needs, got one number`,
    );
  }
  const columns = reshape(rowWeights, [rows!, ...shape.slice(1).map(() => 1)]);
  const all = broadcastTo(columns, shape);
  return weight === undefined ? all : mul(weight, all);
}
