import { ArgumentError } from "../errors.ts";
import { fill, leaf } from "../graph/constants.ts";
import { mean } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import { type AnyTensor, isTensor, type Nested, type Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import {
  boolean,
  callable,
  finiteFloat32,
  int32,
  isCallable,
  isPlain,
  oneOf,
  requireOptions,
  shapeOf,
  show,
} from "../options/index.ts";
import { type DType, FLOAT, INT, isFloat, SAVED } from "../values/dtype.ts";
import { type Dims, type Shape, showShape } from "../values/shape.ts";
import { makeMetric } from "./make.ts";
import type { Metric, MetricResult, RowMetric } from "./metric.ts";
import { placesOf, streamMetric, type Tensors } from "./stream.ts";

/** A tensor of a metric's state: its shape, or with its type (default "float32") and first value (default 0). */
export type StateTensor =
  | Shape
  | { readonly shape: Shape; readonly dtype?: DType; readonly start?: number };

/** The state of a metric, by names. */
export type MetricState = Readonly<Record<string, StateTensor>>;

/** The tensors of a state. */
export type StateOf<S extends MetricState> = {
  readonly [name in keyof S]: S[name] extends { readonly dtype: infer D extends DType }
    ? Tensor<Shape, D>
    : Tensor;
};

/** What a metric may say: a tensor of one element is that number. */
export type Said = number | AnyTensor | readonly Nested[];

/** What it is in `history`. */
export type SaidAs<R extends Said> = R extends AnyTensor
  ? number
  : R extends MetricResult
    ? R
    : never;

/** What a metric of one's own has beside what it computes. */
interface CustomMetricParts<N extends string> {
  /** Its name in `history` and `evaluate`. */
  readonly name: N;
  /** What files and `loadModel({ metrics })` know it by (default: its name). */
  readonly type?: string;
  /** The options that make it again, which files hold (default none). */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Do the `sampleWeight`s of rows count in it (default false)? */
  readonly weighted?: boolean;
}

/** A metric that is the mean over the rows, or what counts of them. */
export interface CustomMeanMetric<N extends string> extends CustomMetricParts<N> {
  /** Of each row: (rows), or of a sequence (rows, places); over further axes the mean is taken. */
  call(yTrue: AnyTensor, yPred: Tensor): Tensor;
}

/** A metric with a state. */
export interface CustomMetric<N extends string, S extends MetricState, R extends Said>
  extends CustomMetricParts<N> {
  /** Its tensors by name, or a function that says them for outputs of this shape, without the batch. */
  readonly state: S | ((outputShape: Dims) => S);
  /**
   * New values for all of the state, after a batch of any number of rows: operations, which become part of the
   * program that trains or evaluates. `weight` is how much each row counts, (rows), of a sequence each place,
   * (rows, places): 1, or 0 where the loss ignores it.
   */
  update(
    state: StateOf<S>,
    yTrue: AnyTensor,
    yPred: Tensor,
    weight: Tensor,
  ): { readonly [name in keyof S]: AnyTensor };
  /** What the state says, at the end of an epoch or of `evaluate`, from tensors with values. */
  result(state: StateOf<S>): R;
}

/**
 * A metric of one's own for `compile({ metrics })`: a state in the core, which each batch changes within its step, and
 * what it says at the end; or only `call`, of which the mean is taken. It begins anew with each epoch, with each `evaluate`
 * and `trainOnBatch`. Keras's Metric, whose variables are the state.
 *
 * @example
 * const precisionAtHalf = () =>
 *   metric({
 *     name: "precisionAtHalf",
 *     state: { hits: [], said: [] },
 *     update({ hits, said }, yTrue, yPred) {
 *       const positive = relu(sign(sub(yPred, 0.5)));
 *       return { hits: add(hits, sum(mul(positive, yTrue))), said: add(said, sum(positive)) };
 *     },
 *     result: ({ hits, said }) => hits.item() / said.item(),
 *   });
 * precisionAtHalf().of([[1], [0], [1]], [[0.9], [0.8], [0.2]]) // 0.5
 * @example
 * const largestError = metric({
 *   name: "largestError",
 *   state: { largest: [] },
 *   update: ({ largest }, yTrue, yPred) => ({ largest: maximum(largest, max(abs(sub(yTrue, yPred)))) }),
 *   result: ({ largest }) => largest,
 * });
 * const net = sequential([dense(1)], { inputShape: [4] });
 * net.compile({ optimizer: "adam", loss: "huber", metrics: [largestError] });
 * loadModel(net.save(), { metrics: { largestError: () => largestError } }).summary();
 * @example
 * const within = (share: number) =>
 *   metric({ name: "within", config: { share }, call: (y, p) => relu(sign(sub(share, abs(sub(y, p))))) });
 * within(0.5).of([1, 2], [1.2, 4]) // 0.5
 * @throws ArgumentError for parts that are not there, or of the wrong kind; in `fit` and `evaluate` ShapeError for an
 * `update` that gives other shapes than the state's, before anything runs
 */
export function metric<const N extends string>(parts: CustomMeanMetric<N>): Metric<N>;
export function metric<const N extends string, const S extends MetricState, R extends Said>(
  parts: CustomMetric<N, S, R>,
): Metric<N, SaidAs<R>>;
export function metric(
  parts: CustomMeanMetric<string> | CustomMetric<string, MetricState, Said>,
): Metric<string, MetricResult> {
  const where = "metric()";
  requireOptions(where, parts, PARTS);
  const { name, type, config = {}, weighted = false } = parts;
  return makeMetric(
    where,
    { name, type, options: config, own: true },
    {
      weighted: boolean(where, "weighted", weighted),
      bind: "call" in parts ? rowBound(where, parts) : streamBound(where, parts),
    },
  );
}

const COMMON = ["name", "type", "config", "weighted"];
const PARTS = /* @__PURE__ */ COMMON.concat("call", "state", "update", "result");

function rowBound(where: string, parts: CustomMeanMetric<string>) {
  requireOptions(where, parts, [...COMMON, "call"]);
  callable(where, "call", parts.call);
  const call: RowMetric = (yTrue, yPred) => perRow(parts.name, parts.call(yTrue, yPred), yPred);
  return () => call;
}

/** One number for each row or place, as weights are: the mean of what there is more of. */
function perRow(name: string, values: unknown, yPred: Tensor): Tensor {
  const isOf = isTensor(values) && isFloat(values) && values.shape[0] === yPred.shape[0];
  if (!isOf) {
    const got = isTensor(values) ? `${values.dtype} ${showShape(values.shape)}` : show(values);
    throw new ArgumentError(
      `${name}: call(): expected float32 numbers for each of ${yPred.shape[0]} rows, got ${got}`,
    );
  }
  const places = placesOf(yPred);
  return values.rank > places.length
    ? mean(reshape(values, [...places, -1]), { axis: -1 })
    : (values as Tensor);
}

function streamBound(where: string, parts: CustomMetric<string, MetricState, Said>) {
  callable(where, "update", parts.update);
  callable(where, "result", parts.result);
  const { name, state } = parts;
  if (!isCallable(state)) startOf(where, state);
  return (_where: string, _loss: unknown, outputShape: Dims) =>
    streamMetric(name, {
      start: startOf(where, isCallable(state) ? state(outputShape) : state),
      update: (now, yTrue, yPred, weight) =>
        parts.update(now as StateOf<MetricState>, yTrue as Targets as AnyTensor, yPred, weight),
      result: (now) => parts.result(now as StateOf<MetricState>),
    });
}

/** The first values of a state. */
function startOf(where: string, state: unknown): Tensors {
  if (!isPlain(state) || Object.keys(state).length === 0) {
    throw new ArgumentError(`${where}: state: expected tensors by name, got ${show(state)}`);
  }
  return Object.fromEntries(
    Object.entries(state).map(([name, given]) => [
      name,
      startOfOne(`${where}: state: ${name}`, given),
    ]),
  );
}

function startOfOne(where: string, given: unknown): AnyTensor {
  const options = Array.isArray(given) ? { shape: given } : given;
  requireOptions(where, options, ["shape", "dtype", "start"]);
  const {
    shape,
    dtype = FLOAT,
    start = 0,
  } = options as { shape: Shape; dtype: DType; start: number };
  const own = shapeOf(where, "shape", shape);
  if (oneOf(where, "dtype", dtype, SAVED) === FLOAT) {
    return fill(own, finiteFloat32(where, "start", start));
  }
  const size = own.reduce((product, d) => product * d, 1);
  return leaf(new Int32Array(size).fill(int32(where, "start", start)), own, INT) as AnyTensor;
}
