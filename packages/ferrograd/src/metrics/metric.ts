import { Brand } from "../copies/shared.ts";
import type { TensorLike, Variable } from "../graph/leaf.ts";
import type { Nested, Tensor } from "../graph/tensor.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import type { DType } from "../values/dtype.ts";
import type { Dims, Shape } from "../values/shape.ts";

/** What a metric says: a number, or lists of numbers. */
export type MetricResult = number | readonly Nested[];

/** A metric for `compile({ metrics })`: `N` is its name in `history` and `evaluate`, `R` what it says there. */
export interface Metric<N extends string = string, R extends MetricResult = number> {
  readonly name: N;
  /** What files know it by. */
  readonly type: string;
  /**
   * What it says of these targets and predictions, with how much each row counts (default: all alike).
   *
   * @throws ShapeError where they do not fit
   */
  of(yTrue: TensorLike, yPred: TensorLike, weight?: TensorLike): R;
  /** @internal */
  readonly spec: MetricSpec;
}

/** A metric, whatever it says. */
export type AnyMetric = Metric<string, MetricResult>;

/** Of a metric that says no number: its name, and what it says. */
export interface Says<N extends string, R> {
  readonly name: N;
  readonly says: R;
}

/** What a model knows of its metrics: their names, and what those say that say no number. */
export type Known<M> = M extends string
  ? M
  : M extends Metric<infer N, infer R>
    ? [R] extends [number]
      ? N
      : Says<N, R>
    : never;

/** What a model may know of a metric. */
export type AnyKnown = string | Says<string, MetricResult>;

/** The names of metrics that are known. */
export type NameOf<M> = M extends string ? M : M extends Says<infer N, unknown> ? N : never;

/** What the metric of a name says. */
export type SaidBy<M, N> = [Extract<M, { readonly name: N }>] extends [never]
  ? number
  : Extract<M, { readonly name: N; readonly says: unknown }>["says"];

/** A metric in a file, with its options. */
export interface SavedMetric {
  readonly type: string;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Is it of one's own, made again by what `loadModel` is given? */
  readonly own?: true;
}

/** What stands behind a metric. */
export interface MetricSpec {
  /** How files word it. */
  readonly saved: SavedMetric;
  /** Do `sampleWeight`s count in it? */
  readonly weighted: boolean;
  /** The metric of one output; the loss says how its targets are, of data alone there is none. */
  bind(where: string, loss: LossRow | undefined, outputShape: Dims): RowMetric | StreamMetric;
}

/** A metric row by row, of which the mean is taken. */
export interface RowMetric {
  (yTrue: Targets, yPred: Tensor): Tensor;
  /** Refuses outputs that it cannot take. */
  readonly check?: NonNullable<LossRow["read"]>;
  /** Of one that is no name. */
  readonly value?: AnyMetric;
}

/** A metric with a state, which every batch changes. */
export interface StreamMetric {
  readonly check?: NonNullable<LossRow["read"]>;
  readonly value?: AnyMetric;
  /** The states of all such metrics of a model. */
  statesOf(outputs: readonly Streaming[]): States;
  open(name: string): State;
  /** What it says of data alone. */
  once(yTrue: Targets, yPred: Tensor, weight: Tensor | undefined): MetricResult;
}

/** Metrics of an output that have a state. */
export interface Streaming {
  /** Of the output; empty where it is the only one. */
  readonly name: string;
  readonly streams: ReadonlyMap<string, StreamMetric>;
}

/** A state, in variables of the core. */
export interface State {
  /** In their order. */
  readonly variables: readonly Variable<Shape, DType>[];
  update(yTrue: Targets, yPred: Tensor, weight: Tensor | undefined): void;
  reset(): void;
  result(): MetricResult;
  dispose(): void;
}

/** The states of all metrics of a model, while it is trained or evaluated. */
export interface States {
  /** Names of the metrics that say a number. */
  readonly numbers: readonly string[];
  /** All that they change, in their order. */
  readonly variables: readonly Variable<Shape, DType>[];
  /** Has the program that is traced change those of an output, at the end; `weightFor` says how much each place counts. */
  update(
    output: Streaming,
    yTrue: Targets,
    yPred: Tensor,
    weightFor: (metric: StreamMetric, places: Shape) => Tensor | undefined,
  ): void;
  /** All begin anew. */
  reset(): void;
  /** Adds what all say. */
  addTo<T extends object>(measures: T): T;
  /** The numbers among what was measured. */
  numbersIn(measures: object): Record<string, number>;
  dispose(): void;
}

/** The name of what is measured of an output. @internal */
export const nameIn = ({ name }: { readonly name: string }, measure: string): string =>
  name === "" ? measure : `${name}_${measure}`;

const brand = new Brand("metric");

/** Is it a metric, rather than a name? @internal */
export const isMetric = (value: unknown): value is AnyMetric => brand.has(value);

/** Marks a metric. @internal */
export const asMetric = <M extends AnyMetric>(metric: M): M => brand.on(metric);
