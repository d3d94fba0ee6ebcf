import Table from "cli-table3";
import { Command } from "commander";
import type { TableSchema } from "ferrograd/csv";
import { weightsSha256 } from "../network.ts";
import { openTrained, type Trained } from "../saved.ts";
import { BARE } from "../terminal/confusion.ts";
import { openScreen } from "../terminal/screen.ts";

/** `ferrograd inspect`: what is in a saved model. */
export const inspectCommand = (): Command =>
  new Command("inspect")
    .description("show a saved model: layers, shapes, parameters, how it was trained, class names")
    .argument("<file>", "a model that train --save kept")
    .option("--json", "one JSON object on standard output")
    .action(run);

function run(path: string, { json }: { readonly json?: boolean }): void {
  const trained = openTrained("<file>", path);
  const { model, notes, schema } = trained;
  if (json) process.stdout.write(`${JSON.stringify(toJson(trained))}\n`);
  else {
    const { print } = openScreen(process.stdout);
    print(model.summary());
    if (model.classNames) print(`\nclasses: ${model.classNames.join(", ")}`);
    if (schema) print(`\n${formatSchema(schema)}`);
    if (notes) print(`\n${formatPairs(Object.entries(notes))}`);
  }
  model.dispose();
}

function formatPairs(pairs: readonly (readonly [string, unknown])[]): string {
  const table = new Table({
    chars: { ...BARE, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const [name, value] of pairs) table.push([name, String(value)]);
  return table.toString().replace(/ +$/gm, "");
}

/** The columns of the CSV file, one to a line. */
function formatSchema({ columns, target }: TableSchema): string {
  return formatPairs([
    ...columns.map((column) => {
      const kind = column.type === "number" ? "number" : `one of ${column.categories.join(", ")}`;
      const fill = column.fill === undefined ? "" : `; missing: ${column.fill}`;
      return [column.name, kind + fill] as const;
    }),
    [target.name, `the target, ${target.task}`],
  ]);
}

function toJson({ model, notes, schema }: Trained) {
  return {
    layers: model.layers,
    inputShape: model.inputShape,
    outputShape: model.outputShape,
    parameters: model.parameterCount,
    ...(model.classNames && { classNames: model.classNames }),
    ...(schema && { columns: schema.columns, target: schema.target }),
    ...(notes && { training: notes }),
    weightsSha256: weightsSha256(model.getWeights()),
  };
}
