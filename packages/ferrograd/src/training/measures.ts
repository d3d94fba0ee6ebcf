import { ShapeError } from "../errors.ts";
import { add, mul } from "../graph/ops/elementwise.ts";
import { broadcastTo, reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import { checkWeight, type Measured } from "../losses/measured.ts";
import type { RowMetric, States, StreamMetric } from "../metrics/metric.ts";
import { type Shape, sameShape } from "../values/shape.ts";
import type { Head } from "./heads.ts";

/**
 * The loss of an output, then its metrics; those with a state change it. What the loss does not count, they don't
 * either; how much the rows count is for the loss alone, as in Keras, and for metrics that are weighted; how much
 * classes count by the loss's own options is for the loss alone.
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
  const weight = loss.weight?.(y, output);
  checkWeight(where, values, weight);
  const counts = rowWeights && weightsLike(where, values, rowWeights);
  const timesRows = (weight: Tensor | undefined) =>
    counts === undefined ? weight : weight === undefined ? counts : mul(weight, counts);
  const own = timesRows(weight);
  const counted = loss.counted ? loss.counted(y, output) : weight;
  const weighted = counted === weight ? own : timesRows(counted);
  const weightFor = ({ value }: RowMetric | StreamMetric, shape: Shape) => {
    const counts = value?.spec.weighted ? weighted : counted;
    return counts !== undefined && sameShape(counts.shape, shape) ? counts : undefined;
  };
  const beside = Array.from(metrics.values(), (metric): Measured => {
    const values = metric(y, output);
    const weight = weightFor(metric, values.shape);
    return { values: weight === undefined ? values : mul(values, weight), weight };
  });
  states?.update(head, y, output, weightFor);
  return [{ values: counts === undefined ? values : mul(values, counts), weight: own }, ...beside];
}

/** Σ weight·loss over the outputs. */
export const totalLoss = (losses: readonly Tensor[], heads: readonly Head[]): Tensor =>
  heads
    .map(({ lossWeight }, i) => (lossWeight === 1 ? losses[i]! : mul(losses[i]!, lossWeight)))
    .reduce((sum, loss) => add(sum, loss));

/** How much the places of each row count: as much as the row does. */
function weightsLike(where: string, { rank, shape }: Tensor, rowWeights: Tensor): Tensor {
  const [rows] = rowWeights.shape;
  if (rank === 0 || shape[0] !== rows) {
    throw new ShapeError(
      `${where}: expected a loss for each row, which sampleWeight needs, got one number`,
    );
  }
  const columns = reshape(rowWeights, [rows!, ...shape.slice(1).map(() => 1)]);
  return broadcastTo(columns, shape);
}
