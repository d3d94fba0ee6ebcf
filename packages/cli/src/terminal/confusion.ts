import Table from "cli-table3";
import type { Screen } from "./screen.ts";
import { BARE } from "./text-table.ts";
import { visible } from "./visible.ts";

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

const CORNER = "true \\ predicted";
const GAP = 2;
const NARROWEST = 3;

/** Names of columns, cut where a terminal is too narrow for them all. */
function heads(names: readonly string[], { isTerminal, columns }: Pick<Screen, Width>): string[] {
  const left = columns - Math.max(CORNER.length, ...names.map((name) => name.length));
  const room = Math.max(NARROWEST, Math.floor(left / names.length) - GAP);
  const needed = names.reduce((sum, name) => sum + name.length + GAP, 0);
  if (!isTerminal || needed <= left) return [...names];
  return names.map((name) => (name.length > room ? `${name.slice(0, room - 1)}…` : name));
}

type Width = "isTerminal" | "columns";

/** The matrix as a table: right answers green, mistakes red, zeros as dots. */
export function formatConfusion(
  matrix: readonly (readonly number[])[],
  names: readonly string[],
  screen: Pick<Screen, "colors" | Width>,
): string {
  const { colors } = screen;
  const shown = names.map(visible);
  const table = new Table({
    head: [CORNER, ...heads(shown, screen)],
    chars: { ...BARE, middle: " " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
    colAligns: ["left", ...shown.map(() => "right" as const)],
  });
  matrix.forEach((counts, truth) => {
    const cells = counts.map((count, predicted) => {
      if (count === 0) return colors.dim("·");
      return truth === predicted ? colors.green(count) : colors.bold(colors.red(count));
    });
    table.push([shown[truth]!, ...cells]);
  });
  return table.toString().replace(/ +$/gm, "");
}
