import { ArgumentError, ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { exceeds, mul } from "../graph/ops/elementwise.ts";
import { type AnyTensor, isTensor, type Tensor } from "../graph/tensor.ts";
import { callable, checkConfig, checkOptions, oneOf, savedName, show } from "../options/index.ts";
import { FLOAT, INT, isFloat } from "../values/dtype.ts";
import type { LabelType } from "../values/rows.ts";
import { type Shape, showShape } from "../values/shape.ts";
import { type Loss, type LossRow, type Targets, withRow } from "./loss.ts";
import { checkWeight } from "./measured.ts";

/** Options of `customLoss`. */
export interface CustomLossOptions<D extends LabelType> {
  /**
   * The type of the targets: "float32" (default), in the shape of the outputs, or "int32", class numbers,
   * without the axis of the classes.
   */
  readonly labels?: D;
  /**
   * How much each loss counts in a mean, 0 or more, in the shape of the losses: 0 for padding (default: all alike). Metrics
   * leave out what counts 0, and count all else alike, as they do beside `classWeights` of a cross-entropy.
   */
  readonly weight?: (yTrue: Tensor<Shape, D>, yPred: Tensor) => Tensor;
  /** What files and `loadModel({ losses })` know it by; without one a model is loaded uncompiled. */
  readonly name?: string;
  /** The options that make it again, which files hold (default none). */
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * A loss of your own for `compile`, with options; without any the function itself does. It gets targets and
 * predictions, and gives the loss of each row, or one number; called itself it gives that times `weight`. With a name it is saved and loaded as ours are.
 *
 * @example
 * const focal = customLoss(
 *   (y, p) => {
 *     const loss = sparseCategoricalCrossentropy(y, p);
 *     return mul(square(sub(1, exp(neg(loss)))), loss);
 *   },
 *   { labels: "int32" },
 * );
 * @example
 * const lopsided = ({ share }: { share: number }) =>
 *   customLoss((y, p) => maximum(mul(sub(y, p), share), mul(sub(p, y), 1 - share)), {
 *     name: "lopsided",
 *     config: { share },
 *   });
 * const net = sequential([dense(1)], { inputShape: [4] });
 * net.compile({ optimizer: "adam", loss: lopsided({ share: 0.9 }) });
 * loadModel(net.save(), { losses: { lopsided } }).summary();
 * @throws ArgumentError for what is no function, unknown options, and a config that JSON does not hold
 */
export function customLoss<D extends LabelType = "float32">(
  call: (yTrue: Tensor<Shape, D>, yPred: Tensor) => Tensor,
  options: CustomLossOptions<D> = {},
): Loss {
  const where = "customLoss()";
  callable(where, "call", call);
  checkOptions(where, options, ["labels", "weight", "name", "config"]);
  const labels = oneOf(where, "labels", options.labels ?? FLOAT, [FLOAT, INT]);
  const { weight, name, config = {} } = options;
  if (weight !== undefined) callable(where, "weight", weight);
  checkConfig(`${where}: config`, config);
  const row: LossRow = {
    ...ownRow(weighted(call, weight) as (yTrue: never, yPred: Tensor) => Tensor, labels),
    ...(weight !== undefined && {
      weight: weight as NonNullable<LossRow["weight"]>,
      counted: (yTrue: Targets, yPred: Tensor) =>
        exceeds(weight(yTrue as Tensor<Shape, D>, yPred), 0),
    }),
    ...(name !== undefined && {
      saved: { name: savedName(where, name), options: { ...config }, own: true as const },
    }),
  };
  const loss = (yTrue: TensorLike, yPred: TensorLike): Tensor =>
    row.call(toTensor(where, yTrue) as Targets, toTensor(where, yPred) as Tensor);
  return withRow(loss, row);
}

type Call<D extends LabelType> = (yTrue: Tensor<Shape, D>, yPred: Tensor) => Tensor;

/** Each loss times how much it counts. */
const weighted =
  <D extends LabelType>(call: Call<D>, weight: Call<D> | undefined): Call<D> =>
  (yTrue, yPred) => {
    const losses = call(yTrue, yPred);
    if (weight === undefined || !isTensor(losses)) return losses;
    const counts = weight(yTrue, yPred);
    checkWeight("loss()", losses as Tensor, counts);
    return mul(losses as Tensor, counts);
  };

/** The row of a loss of one's own: it has no name. @internal */
export function ownRow(
  call: (yTrue: never, yPred: Tensor) => Tensor,
  labels: LabelType = FLOAT,
): LossRow {
  return {
    name: "",
    isOwn: true,
    mixesRows: true, // for all that is known
    options: {},
    labels,
    call: (yTrue, yPred) => checked(call(yTrue as never, yPred), yTrue, yPred),
    targetShape: (outputShape) =>
      labels === FLOAT || outputShape[outputShape.length - 1] === 1
        ? outputShape
        : outputShape.slice(0, -1),
    anyScale: labels === FLOAT,
  };
}

/** One number, or one for each row (and, of a sequence, each of its places). */
function checked(loss: unknown, yTrue: AnyTensor, yPred: Tensor): Tensor {
  if (!isTensor(loss) || !isFloat(loss)) {
    const got = isTensor(loss) ? `${loss.dtype}` : show(loss);
    throw new ArgumentError(
      `loss(): expected a function that returns a float32 tensor, got ${got}`,
    );
  }
  const shape = loss.shape.slice(0, loss.shape.findLastIndex((size) => size !== 1) + 1);
  const most = Math.max(1, yPred.rank - 1);
  if (shape.length <= most && shape.every((size, axis) => size === yPred.shape[axis])) {
    return loss as Tensor;
  }
  throw new ShapeError(
    `loss(): expected one number, or one for each of ${yPred.shape[0]} rows, got shape ${showShape(loss.shape)} ` +
      `of targets ${showShape(yTrue.shape)} and outputs ${showShape(yPred.shape)}; mean(loss, { axis: -1 }) averages over the last axis`,
  );
}
