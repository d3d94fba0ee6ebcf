import { ArgumentError } from "../errors.ts";
import { boolean, checkOptions, positiveInteger } from "../options/index.ts";
import { makeMetric } from "./make.ts";
import type { Metric, MetricResult, MetricSpec } from "./metric.ts";

/** Options that every metric of ours has. */
export interface MetricOptions<N extends string> {
  /** Its name in `history` and `evaluate` (default that of the function). */
  readonly name?: N;
  /** Do the `sampleWeight`s of rows count in it (default false)? */
  readonly weighted?: boolean;
}

type Validator = (where: string, name: string, value: unknown) => unknown;

/** Most points of a curve, and intervals. */
const MOST = 10_000;

/** A number of points. */
export const countUpTo =
  (least: number): Validator =>
  (where, name, value) => {
    if (positiveInteger(where, name, value) >= least && (value as number) <= MOST) return value;
    throw new ArgumentError(
      `${where}: ${name}: expected an integer from ${least} to ${MOST}, got ${value}`,
    );
  };

/** What is bound to an output, with the options that were said. */
type Bind<O> = (options: O) => MetricSpec["bind"];

/** A metric of ours: `validators` say what its options may be. */
export function shipped<N extends string, O extends object, R extends MetricResult = number>(
  type: string,
  options: (O & MetricOptions<N>) | undefined,
  validators: { readonly [name in Exclude<keyof O, "name" | "weighted">]-?: Validator },
  bind: Bind<O>,
): Metric<N, R> {
  const where = `${type}()`;
  checkOptions(where, options, [...Object.keys(validators), "name", "weighted"]);
  const { name = type as N, weighted = false, ...given } = { ...options } as O & MetricOptions<N>;
  const said = Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key,
        (validators as Readonly<Record<string, Validator>>)[key]!(where, key, value),
      ]),
  );
  return makeMetric(
    where,
    { name, type, options: { ...said, ...(weighted && { weighted }) } },
    { weighted: boolean(where, "weighted", weighted), bind: bind(said as O) },
  );
}
