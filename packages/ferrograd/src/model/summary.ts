import type { LossRow } from "../losses/loss.ts";
import type { Training } from "../training/programs.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import type { BuiltLayer } from "./build.ts";

const withBatch = (shape: Shape): string => `(${["batch", ...shape].join(", ")})`;
const count = (n: number): string => n.toLocaleString("en-US");

/** A function as an activation has its own name. */
const wordFor = (activation: unknown): unknown =>
  typeof activation === "function" ? activation.name || "function" : activation;

/** The model as a table: layer, output shape, parameters; then totals and how it trains. */
export function summarize(
  name: string,
  inputShape: Shape,
  layers: readonly BuiltLayer[],
  parameters: number,
  training: Training | undefined,
): string {
  const rows = [
    ["layer", "output", "parameters"],
    ["inputs", withBatch(inputShape), "0"],
    ...layers.map(({ name: layer, layer: { type, config }, outputShape, variables }) => [
      `${layer} (${[type, wordFor(config?.activation)].filter((part) => part !== undefined).join(", ")})`,
      withBatch(outputShape),
      count(variables.reduce((total, variable) => total + sizeOf(variable.shape), 0)),
    ]),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map(([layer, output, size]) =>
    [layer!.padEnd(widths[0]!), output!.padEnd(widths[1]!), size!.padStart(widths[2]!)].join("  "),
  );
  const rule = "-".repeat(lines[0]!.length);
  const bytes = count(parameters * 4);
  const footer = [
    `${count(parameters)} parameters, ${bytes} bytes`,
    ...(training === undefined
      ? ["not compiled"]
      : [
          memoryLine(training, parameters, [inputShape, ...layers.map((l) => l.outputShape)]),
          trainingLine(training),
        ]),
  ];
  return [name, rule, lines[0]!, rule, ...lines.slice(1), rule, ...footer].join("\n");
}

/** Rows of the batch whose memory is given: the batch size of `fit`. */
const ROWS = 32;

/** What a training step cannot do without; with its gradients of activations it takes a little more. */
function memoryLine({ optimizer }: Training, parameters: number, shapes: readonly Shape[]): string {
  const activations = ROWS * shapes.reduce((total, shape) => total + sizeOf(shape), 0);
  const slots = parameters * optimizer.spec.slots.length;
  const parts = { parameters, optimizer: slots, gradients: parameters, activations };
  const total = Object.values(parts).reduce((sum, words) => sum + words);
  const list = Object.entries(parts).map(([part, words]) => `${part} ${count(words * 4)}`);
  return `a training step of ${ROWS} rows needs about ${count(total * 4)} bytes: ${list.join(", ")}`;
}

/** `huber({ delta: 2 })` */
function lossText({ name, options }: LossRow): string {
  const said = Object.entries(options).map(([option, value]) => `${option}: ${value}`);
  if (said.length === 0) return name || "of your own";
  return `${name}({ ${said.join(", ")} })`;
}

function trainingLine({ optimizer, loss, reading }: Training): string {
  const from = reading === undefined ? "" : `, from ${reading.text}`;
  return `loss ${lossText(loss)}${from}; optimizer ${optimizer.name}, learning rate ${optimizer.learningRate}`;
}
