import { inflateSync } from "fflate";

/** Rows of numbers, the last of each row its class: CSV, raw-deflated, base64. */
export interface PackedTable {
  readonly rows: number;
  readonly features: number;
  readonly deflatedCsv: string;
}

export interface Table {
  /** (rows, features) */
  readonly x: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  /** (rows) */
  readonly y: { readonly data: Int32Array; readonly shape: readonly [number] };
}

export function unpack({ rows, features, deflatedCsv }: PackedTable): Table {
  const bytes = Uint8Array.from(atob(deflatedCsv), (c) => c.charCodeAt(0));
  const lines = new TextDecoder().decode(inflateSync(bytes)).split("\n");
  const x = new Float32Array(rows * features); // (rows, features)
  const y = new Int32Array(rows);
  lines.forEach((line, row) => {
    const values = line.split(",").map(Number);
    y[row] = values.pop() ?? Number.NaN;
    x.set(values, row * features);
  });
  return { x: { data: x, shape: [rows, features] }, y: { data: y, shape: [rows] } };
}
