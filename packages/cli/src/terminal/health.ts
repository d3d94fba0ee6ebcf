import Table from "cli-table3";
import type { Diagnosis, Finding, Histogram, Trial } from "ferrograd/diagnostics";
import { brief, byCode, HEALTH_COLUMNS, histogramsOf, others } from "../health.ts";
import type { Screen } from "./screen.ts";
import { BARE } from "./text-table.ts";

const BARS = "▁▂▃▄▅▆▇█";

/** Bins as characters of eight heights; a bin with anything in it is seen. */
export function drawHistogram({ counts }: Pick<Histogram, "counts">): string {
  const most = Math.max(...counts);
  return counts
    .map((count) => (count === 0 ? " " : BARS.charAt(Math.ceil((count / most) * BARS.length) - 1)))
    .join("");
}

/** A table of the layers, what was found, and how values are distributed. */
export function printDiagnosis(
  screen: Screen,
  diagnosis: Diagnosis,
  trials: ReadonlyMap<Finding, Trial>,
): void {
  const { print, colors } = screen;
  print(formatHealth(diagnosis));
  print();
  if (diagnosis.findings.length === 0) print(colors.green("nothing found"));
  for (const group of byCode(diagnosis.findings)) {
    print(formatFindings(group, screen));
    for (const finding of group) {
      const trial = trials.get(finding);
      if (trial) print(`  ${finding.layer ?? "network"}: ${formatTrial(finding, trial)}`);
    }
  }
  print();
  print(formatHistograms(diagnosis));
}

function formatHealth({ layers }: Diagnosis): string {
  const table = new Table({
    head: ["layer", ...HEALTH_COLUMNS.map(({ name }) => name)],
    chars: { ...BARE, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["left", "left", ...HEALTH_COLUMNS.slice(1).map(() => "right" as const)],
  });
  for (const layer of layers) {
    table.push([layer.name, ...HEALTH_COLUMNS.map((column) => column.text(layer))]);
  }
  return table.toString().replace(/ +$/gm, "");
}

function formatFindings(group: readonly [Finding, ...Finding[]], { colors }: Screen): string {
  const { severity, code, sentence, page } = group[0];
  const color = { error: colors.red, warning: colors.yellow, info: colors.dim }[severity];
  return `${color(`${severity} ${code}`)} ${sentence}${others(group)} (${page})`;
}

/** `tried "use relu", 200 steps: vanishing 3e+5 without it, 1.2 with it; loss 2.3 and 0.41` */
function formatTrial({ code }: Finding, { remedy, unchanged, remedied }: Trial): string {
  const [before, after] = [unchanged, remedied].map(({ value, loss }) => ({
    value: brief(value),
    loss: brief(loss.at(-1)!),
  }));
  const steps = unchanged.loss.length;
  return `tried "${remedy.text}", ${steps} steps: ${code} ${before!.value} without it, ${after!.value} with it; loss ${before!.loss} and ${after!.loss}`;
}

function formatHistograms({ layers }: Diagnosis): string {
  const table = new Table({
    chars: { ...BARE, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["left", "left", "right", "left", "left"],
  });
  for (const layer of layers) {
    histogramsOf(layer).forEach(([name, histogram], i) => {
      const { min, max } = histogram;
      table.push([
        i === 0 ? layer.name : "",
        name,
        brief(min),
        drawHistogram(histogram),
        brief(max),
      ]);
    });
  }
  return table.toString().replace(/ +$/gm, "");
}
