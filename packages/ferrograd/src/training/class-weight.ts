import { ArgumentError, DataError } from "../errors.ts";
import { isPlain, list, nonNegativeFloat32, show } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import type { Labels } from "../values/rows.ts";
import { noWeight } from "./data.ts";
import { onlyOf, type PerPort, perPort } from "./given.ts";
import type { Head } from "./heads.ts";
import { type Samples, samplesOf } from "./samples.ts";

/** How much rows of each class count: by class number or name, in a list, or `"balanced"`. */
export type ClassWeight = "balanced" | readonly number[] | Readonly<Record<string, number>>;

/** Of several outputs by name, or in their order. */
export type ClassWeights = ClassWeight | PerPort<ClassWeight | undefined>;

/** The same rows, each counting as much as its class does beside what it counted. */
export function weightedByClass(
  given: unknown,
  samples: Samples,
  heads: readonly Head[],
  classNames: readonly string[] | undefined,
): Samples {
  if (given === undefined) return samples;
  const { inputs, targets, weights } = samples;
  const what = "fit(): classWeight";
  const names = heads.map(({ output }) => output);
  const isPlural = heads.length > 1;
  const each = isPlural ? perPort(what, "output", given, names, true) : [onlyOf(given, names[0]!)];
  const weighted = heads.map((head, i) => {
    const own = weights[i];
    if (each[i] === undefined) return own;
    const at = isPlural ? `${what} "${head.name}"` : what;
    const classes = classesOf(at, targets[i]!, head);
    const weightOf = weightsOf(at, each[i], classes, head, isPlural ? [] : classNames);
    const data = Float32Array.from(classes, (c, row) => weightOf(c) * (own?.data[row] ?? 1));
    if (data.some((weight) => weight > 0)) return { data, shape: [data.length] };
    throw noWeight(at);
  });
  return samplesOf(inputs, targets, weighted);
}

/** Of each row: its number, or where the only number or the largest one is. */
function classesOf(what: string, { data, shape }: Labels, { loss }: Head): number[] {
  const rows = shape[0]!;
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = Array.from(data.subarray(row * width, (row + 1) * width));
    const [label] = own as [number];
    const isOne = loss.lastAxis?.of === "classes" || own.filter((v) => v !== 0).length === 1;
    if (width === 1 ? Number.isInteger(label) : isOne && loss.labels !== INT && shape.length < 3) {
      return width === 1 ? label : own.indexOf(Math.max(...own));
    }
    throw new DataError(
      `${what}: y: row ${row}: expected one class, got ${own.slice(0, 8).join(", ")}; losses weigh what has more: classWeights, posWeight`,
    );
  });
}

/** How many classes an output tells apart: 2 by one number; undefined where any number may be one. */
function countOf({ loss, outputShape, targetShape }: Head): number | undefined {
  const width = targetShape.at(-1) ?? 1;
  return loss.classes?.(outputShape) ?? (width > 1 ? width : loss.accuracy && 2);
}

/** The weight of a class. */
function weightsOf(
  what: string,
  given: unknown,
  classes: readonly number[],
  head: Head,
  names: readonly string[] = [],
): (of: number) => number {
  const counts = new Map<number, number>();
  for (const c of classes) if (c !== head.loss.ignored) counts.set(c, (counts.get(c) ?? 0) + 1);
  if (given === "balanced") {
    const rows = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return (of) => rows / (counts.size * (counts.get(of) ?? rows));
  }
  const count = countOf(head);
  const known = count === undefined ? [...counts.keys()] : [...Array(count).keys()];
  const isList = Array.isArray(given) && given.length === count;
  if (!isList && !isPlain(given)) {
    throw new ArgumentError(
      `${what}: expected "balanced", a list of ${count ?? "all"} weights or an object of them by class, got ${show(given)}`,
    );
  }
  const weights = Object.entries(given).map(([key, weight]) => {
    const ways = known.filter((c) => String(c) === key || (names[c] === key && !isList));
    if (ways.length === 1) return [ways[0]!, nonNegativeFloat32(what, key, weight)] as const;
    const all = [...known.map(String), ...names];
    throw new ArgumentError(`${what}: expected one class of ${list(all)}, got ${show(key)}`);
  });
  const byClass = new Map(weights);
  return (of) => byClass.get(of) ?? 1;
}
