import { type ColumnOptions, encodeTable, readCsv } from "ferrograd/csv";

/** A file with a column and a target of two classes, u and v in turn. */
export const fileOf = (values: readonly string[], name = "x") =>
  `${name};k\n${values.map((value, i) => `${value};${"uv"[i % 2]}`).join("\n")}\n`;

export const encoded = (values: readonly string[], options: ColumnOptions = {}, name = "x") =>
  encodeTable(readCsv(fileOf(values, name), { file: "a.csv" }), {
    target: "k",
    missing: "fill",
    ...options,
  });

export const featuresOf = (...args: Parameters<typeof encoded>) => [
  ...encoded(...args).data.x.data,
];
export const reportOf = (...args: Parameters<typeof encoded>) => encoded(...args).columns[0]!;
