import type { MetricName } from "../metrics/by-name.ts";
import type { AnyKnown, AnyMetric, Known, Says } from "../metrics/metric.ts";
import type { Several } from "./given.ts";

/** A metric for `compile`. */
export type MetricLike = MetricName | AnyMetric;

/** What the metrics of each output are one of: by the outputs' names, or in their order. */
export type MetricsByOutput = Readonly<Record<string, MetricLike>> | readonly MetricLike[];

/** What stands before the names of measures: the names of several outputs; of one alone there is nothing. */
type Before<O> = O extends { readonly rank: number } | readonly [unknown]
  ? never
  : O extends readonly unknown[]
    ? string // a list's names are those of layers, which types do not know
    : true extends Several<keyof O>
      ? keyof O & string
      : never;

/** The same metrics under the names that they have in a model of several outputs. */
type Prefixed<K, Output extends string> = K extends string
  ? `${Output}_${K}`
  : K extends Says<infer N, infer R>
    ? Says<`${Output}_${N}`, R>
    : never;

/** Those of outputs that are named, and of a list, whose first output types do not know. */
type OfEach<Q> = Q extends readonly unknown[]
  ? Prefixed<Known<Q[number]>, string>
  : { [name in keyof Q & string]: Prefixed<Known<Q[name]>, name> }[keyof Q & string];

/** Was it said for each output by itself? Else `M` is what was inferred. */
type IsByOutput<M, Q> = MetricsByOutput extends Q
  ? false
  : [M] extends [never]
    ? true
    : MetricLike extends M
      ? true
      : false;

/**
 * Names of what is measured beside "loss": of outputs `O` with metrics one of `M`, all alike, or of each as `Q` says. Of
 * several outputs the losses are among them.
 */
export type MeasuresOf<O, M, Q> = Extract<
  [Before<O>] extends [never]
    ? Known<
        IsByOutput<M, Q> extends true
          ? Q[keyof Q & (Q extends readonly unknown[] ? number : string)]
          : M
      >
    :
        | `${Before<O>}_loss`
        | (IsByOutput<M, Q> extends true ? OfEach<Q> : Prefixed<Known<M>, Before<O>>),
  AnyKnown
>;

/** The same of a model that may have been compiled with any of the metrics that are known by `K`. */
export type MeasuresOfAny<O, K> = Extract<
  [Before<O>] extends [never] ? K : `${Before<O>}_loss` | Prefixed<K, Before<O>>,
  AnyKnown
>;
