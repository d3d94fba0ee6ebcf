import { Command } from "commander";
import type { TableSchema } from "ferrograd/csv";
import { weightsSha256 } from "../network.ts";
import { openTrained, type Trained } from "../saved.ts";
import { openScreen } from "../terminal/screen.ts";
import { textTable } from "../terminal/text-table.ts";
import { visible } from "../terminal/visible.ts";

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
    if (model.classNames) print(`\nclasses: ${visible(model.classNames.join(", "))}`);
    if (schema) print(`\n${formatSchema(schema)}`);
    if (notes) print(`\n${formatPairs(Object.entries(notes))}`);
  }
  model.dispose();
}

const formatPairs = (pairs: readonly (readonly [string, unknown])[]): string =>
  textTable({ rows: pairs.map(([name, value]) => [name, String(value)]) });

/** The columns of the CSV file, one to a line. */
function formatSchema(schema: TableSchema): string {
  return formatPairs([
    ...schema.describe().map(({ name, says, fill }) => {
      const missing = fill === undefined ? "" : `; missing: ${fill}`;
      return [name, says + missing] as const;
    }),
    [schema.target.name, `the target, ${schema.target.task}`],
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
