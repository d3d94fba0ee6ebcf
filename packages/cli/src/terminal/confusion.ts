import Table from "cli-table3";
import type { Screen } from "./screen.ts";

/** How often class i (row) was taken for class j (column). */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < truth.length; row++) matrix[truth[row]!]![predicted[row]!]! += 1;
  return matrix;
}

/** A table without lines. */
export const BARE = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => ["", "-mid", "-left", "-right"].map((end) => `${side}${end}`))
    .map((name) => [name, ""]),
);

/** The matrix as a table: right answers green, mistakes red, zeros as dots. */
export function formatConfusion(
  matrix: readonly (readonly number[])[],
  names: readonly string[],
  { colors }: Pick<Screen, "colors">,
): string {
  const table = new Table({
    head: ["true \\ predicted", ...names],
    chars: { ...BARE, middle: " " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
    colAligns: ["left", ...names.map(() => "right" as const)],
  });
  matrix.forEach((counts, truth) => {
    const cells = counts.map((count, predicted) => {
      if (count === 0) return colors.dim("·");
      return truth === predicted ? colors.green(count) : colors.bold(colors.red(count));
    });
    table.push([names[truth]!, ...cells]);
  });
  return table.toString().replace(/ +$/gm, "");
}
