import { permutation } from "ferrograd";
import type { TableSchema } from "ferrograd/csv";
import type { Dataset } from "./datasets.ts";
import type { Network } from "./network.ts";
import { classify, type Reading } from "./results.ts";
import type { FeatureGroup } from "./scores/leaks.ts";

/** What the answers have to do with one column. */
export interface ColumnEffect {
  readonly name: string;
  /** What the score loses when the column's values are shuffled: accuracy, or the share of RMSE it rises by. */
  readonly importance: number;
  readonly response: Response;
}

/** Mean answers when a column has one value in all rows. */
export interface Response {
  /** Values, or texts, of the column. */
  readonly at: readonly (number | string)[];
  /** Of numbers one line; of classes the probability of each, the first few. */
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const MOST_ROWS = 1000;
const MOST_COLUMNS = 100;
const SHUFFLES = 3;
const RESPONSE_ROWS = 100;
const POINTS = 11;
const MOST_LINES = 4;
const MOST_TEXTS = 12;

/** Features of each column of a schema. */
export function groupsOf(schema: TableSchema): FeatureGroup[] {
  let from = 0;
  return schema.describe().map(({ name, features }) => {
    const group = { name, from, to: from + features.length };
    from = group.to;
    return group;
  });
}

/** A model, and rows that it is asked about. */
interface Asked {
  readonly model: Network;
  readonly reading: Reading;
  readonly rows: Dataset;
}

/** How well the rows are answered with these features; more is better. */
function scoreOf({ model, reading, rows }: Asked, data: Float32Array): number {
  const x = { data, shape: rows.x.shape };
  const truth = rows.y.data;
  if (truth instanceof Int32Array) {
    const { labels } = classify(model, x, reading);
    return labels.filter((label, row) => label === truth[row]).length / truth.length;
  }
  const said = model.predict(x).data();
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const error = said[row]! - truth[row]!;
    sum += (error * error) / truth.length;
  }
  return -Math.sqrt(sum);
}

/** What the score loses when one column's values are shuffled (Breiman 2001), over some shuffles. */
function importanceOf(asked: Asked, { from, to }: FeatureGroup, before: number): number {
  const { data, shape } = asked.rows.x;
  const rows = shape[0]!;
  const width = data.length / rows;
  let lost = 0;
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) {
    const mixed = data.slice();
    permutation(rows, shuffle, 0xe1f).forEach((other, row) => {
      mixed.set(data.subarray(other * width + from, other * width + to), row * width + from);
    });
    lost += (before - scoreOf(asked, mixed)) / SHUFFLES;
  }
  return before < 0 ? lost / -before : lost;
}

/** Features that a column takes one after the other, and what they stand for. */
function pointsOf({ rows }: Asked, schema: TableSchema, { name, from, to }: FeatureGroup) {
  const column = schema.columns.find((one) => one.name === name)!;
  if (column.type === "text") {
    const texts = column.categories.slice(0, MOST_TEXTS);
    return texts.map((at, i) => ({
      at,
      features: Array.from({ length: to - from }, (_, j) => Number(i === j)),
    }));
  }
  const width = rows.x.data.length / rows.length;
  const values = Float32Array.from(
    { length: rows.length },
    (_, row) => rows.x.data[row * width + from]!,
  ).sort();
  const picked = Array.from(
    { length: POINTS },
    (_, i) => values[Math.round((i * (values.length - 1)) / (POINTS - 1))]!,
  );
  const reference = column.type === "number" ? (column.reference ?? 0) : 0;
  return [...new Set(picked)].map((value) => ({ at: value + reference, features: [value] }));
}

/** Mean answers over some rows, with a column at each of its points (Friedman 2001). */
function responseOf(asked: Asked, schema: TableSchema, group: FeatureGroup): Response {
  const rows = asked.rows.take(RESPONSE_ROWS);
  const width = rows.x.data.length / rows.length;
  const points = pointsOf(asked, schema, group);
  const means = points.map(({ features }) => {
    const data = rows.x.data.slice();
    for (let row = 0; row < rows.length; row++) data.set(features, row * width + group.from);
    return meanAnswer(asked, { data, shape: rows.x.shape });
  });
  const names = asked.model.classNames?.slice(0, MOST_LINES) ?? [schema.target.name];
  return {
    at: points.map(({ at }) => at),
    lines: names.map((name, i) => ({ name, values: means.map((mean) => mean[i]!) })),
  };
}

function meanAnswer({ model, reading, rows }: Asked, x: Dataset["x"]): number[] {
  const isClass = rows.y.data instanceof Int32Array;
  const answers = isClass ? classify(model, x, reading).probabilities : model.predict(x).data();
  const count = x.shape[0]!;
  const width = answers.length / count;
  const { reference = 0 } = reading;
  return Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += answers[row * width + i]! / count;
    return isClass ? sum : sum + reference;
  });
}

/** What the answers have to do with each column, the most important first. */
export function explain(
  model: Network,
  reading: Reading,
  test: Dataset,
  schema: TableSchema,
): ColumnEffect[] {
  const asked = { model, reading, rows: test.take(MOST_ROWS) };
  const before = scoreOf(asked, asked.rows.x.data);
  return groupsOf(schema)
    .slice(0, MOST_COLUMNS)
    .map((group) => ({
      name: group.name,
      importance: importanceOf(asked, group, before),
      response: responseOf(asked, schema, group),
    }))
    .sort((a, b) => b.importance - a.importance);
}
