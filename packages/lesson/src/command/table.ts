import type { Table } from "../experiment.ts";
import { shown } from "../format.ts";
import type { Report } from "./main.ts";

function lines({ title, columns, rows }: Table): string[] {
  const cells = [columns, ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, j) => Math.max(...cells.map((row) => row[j]!.length)));
  const pad = (row: readonly string[]) =>
    row
      .map((text, j) => (j === 0 ? text.padEnd(widths[j]!) : text.padStart(widths[j]!)))
      .join("  ");
  return [title, ...cells.map((row) => `  ${pad(row)}`)];
}

/** The report as text for a terminal. */
export function printed({ experiments, times, seconds, seed }: Report): string {
  const parts = experiments.map(({ id, title, claim, prediction, note, tables, checks, verdict }) =>
    [
      `(${id}) ${title}: ${verdict}`,
      `claim: ${claim}`,
      `prediction: ${prediction}`,
      ...tables.flatMap(lines),
      ...checks.map(({ says, holds, seeds }) => {
        const spread = seeds ? ` (in ${seeds[0]} of ${seeds[1]} seeds)` : "";
        return `${holds ? "yes" : "no "}  ${says}${spread}`;
      }),
      ...(note === undefined ? [] : [`note: ${note}`]),
    ].join("\n"),
  );
  if (times === undefined) return parts.join("\n\n");
  const { seconds: _, ...cost } = times.h ?? { seconds: 0 };
  const ns = Object.entries(cost).map(([name, value]) => `  ${name} ${Number(value).toFixed(2)}`);
  const costs = ["ns per element, forward and backward, on this machine", ...ns];
  const all = Object.values(times).reduce((total, { seconds }) => total + seconds, 0);
  return [
    ...parts,
    ...(ns.length > 0 ? [costs.join("\n")] : []),
    `seeds from ${seed} on; ${all.toFixed(1)} s of computing, ${seconds!.toFixed(1)} s in all`,
  ].join("\n\n");
}
