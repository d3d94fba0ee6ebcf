import { DataError } from "../errors.ts";
import { fraction } from "../options/index.ts";
import { type Labels, rowsBy } from "../values/rows.ts";

/** Which rows validate. */
export interface RowSplit {
  /** The rows that validate, ascending, by the targets of all. */
  held(where: string, y: Labels): number[];
}

/**
 * For `validationSplit`: the last rows of each class, so that each class has its share among those that validate, to the
 * nearest row. At least one row of each class trains.
 *
 * @example await model.fit(x, y, { epochs: 2, validationSplit: stratified(0.2) });
 * @throws ArgumentError for a share that is not from 0 to below 1; from `fit` DataError for targets that are no classes
 */
export function stratified(share: number): RowSplit {
  fraction("stratified()", "share", share);
  return {
    held: (where, y) =>
      rowsByClass(where, y)
        .flatMap((rows) => {
          const count = Math.min(Math.round(rows.length * share), rows.length - 1);
          return rows.slice(rows.length - count);
        })
        .sort((a, b) => a - b),
  };
}

/** Of integers their rows, of rows of numbers by where the largest stands. */
function rowsByClass(where: string, { data, shape }: Labels): number[][] {
  const rows = shape[0]!;
  const width = data.length / rows;
  const byClass = rowsBy(rows, (row) => {
    const own = data.subarray(row * width, (row + 1) * width);
    const label = width === 1 ? own[0]! : own.indexOf(Math.max(...own));
    if (Number.isInteger(label)) return label;
    throw new DataError(
      `${where}: expected targets that are classes, got ${label} in row ${row} of y; give a number`,
    );
  });
  return [...byClass.values()];
}
