import type { Variable } from "../graph/leaf.ts";
import type { AnyLayer } from "../layers/layer.ts";
import type { LossRow } from "../losses/loss.ts";
import { visible } from "../options/index.ts";
import type { Head, Training } from "../training/heads.ts";
import type { DType } from "../values/dtype.ts";
import { type Dims, isOpen, type Shape, sizeOf } from "../values/shape.ts";
import type { Graph } from "./graph.ts";

const withBatch = (shape: Dims): string => `(${["batch", ...shape.map(String)].join(", ")})`;
const count = (n: number): string => n.toLocaleString("en-US");

/** A function as an activation has its own name. */
const wordFor = (activation: unknown): unknown =>
  typeof activation === "function" ? activation.name || "function" : activation;

/** What is summarized. */
export interface Summarized {
  readonly name: string;
  readonly graph: Graph;
  readonly parameterCount: number;
  readonly weights: readonly Variable<Shape, DType>[];
}

/** The model as a table: layer, output shape, parameters; then totals and how it trains. */
export function summarize(model: Summarized, training: Training | undefined): string {
  const { name, graph, parameterCount, weights } = model;
  const all = weights.reduce((total, { size }) => total + size, 0);
  const table = rowsOf(graph).map((row) => row.map(visible));
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => (i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "-".repeat(Math.max(...lines.map(({ length }) => length)));
  const bytes = count(all * 4);
  const fixed =
    all === parameterCount ? "" : `, ${count(all - parameterCount)} of them not trained`;
  const footer = [
    `${count(all)} parameters, ${bytes} bytes${fixed}`,
    ...(training === undefined
      ? ["not compiled"]
      : [memoryLine(training, weights, graph), trainingLine(training)]),
  ];
  return [visible(name), rule, lines[0]!, rule, ...lines.slice(1), rule, ...footer].join("\n");
}

/** A row for each input and each call; where these don't stand in a row, with what each takes. */
function rowsOf({ inputs, calls }: Graph): string[][] {
  const names = [...inputs, ...calls].map(({ name }) => name);
  const isChain =
    inputs.length === 1 &&
    calls.every((call, i) => call.inputs.length === 1 && call.inputs[0]!.node === i);
  const seen = new Set<AnyLayer>();
  const takes = (text: string) => (isChain ? [] : [text]);
  const rows = calls.map((call) => {
    const { layer, name, outputShape, variables } = call;
    const said = [layer.type, wordFor(layer.config?.activation), !layer.trainable && "frozen"];
    const size = variables.reduce((total, variable) => total + sizeOf(variable.shape), 0);
    const isShared = size > 0 && seen.has(layer);
    seen.add(layer);
    return [
      `${name} (${said.filter(Boolean).join(", ")})`,
      withBatch(outputShape),
      isShared ? "shared" : count(size),
      ...takes(call.inputs.map(({ node }) => names[node]).join(", ")),
    ];
  });
  return [
    ["layer", "output", "parameters", ...takes("takes")],
    ...inputs.map(({ name, shape, dtype }) => [
      isChain ? "inputs" : `${name} (${dtype})`,
      withBatch(shape),
      "0",
      ...takes(""),
    ]),
    ...rows,
  ];
}

/** Rows of the batch whose memory is given: the batch size of `fit`. */
const ROWS = 32;

/** What a training step cannot do without; with its gradients of activations it takes a little more. */
function memoryLine(
  { optimizer }: Training,
  weights: Summarized["weights"],
  { inputs, calls }: Graph,
): string {
  const shapes = [...inputs.map(({ shape }) => shape), ...calls.map((call) => call.outputShape)];
  const sizes = shapes.map((shape) => sizeOf(shape.map((size) => size ?? 1)));
  const activations = ROWS * sizes.reduce((total, size) => total + size, 0);
  const all = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
  const trains = weights.filter(({ trainable }) => trainable);
  const [parameters, trained] = [weights, trains].map((some) => all(some.map(({ size }) => size)));
  const slots = trains.flatMap((variable) => optimizer.spec.slots(variable));
  const kept = all(slots.map(({ shape }) => sizeOf(shape)));
  const parts = { parameters, optimizer: kept, gradients: trained, activations };
  const total = Object.values(parts).reduce((sum, words) => sum + words);
  const list = Object.entries(parts).map(([part, words]) => `${part} ${count(words * 4)}`);
  if (inputs.some(isOpen)) list.push("with 1 for each null");
  return `a training step of ${ROWS} rows needs about ${count(total * 4)} bytes: ${list.join(", ")}`;
}

/** `huber({ delta: 2 })` */
function lossText({ name, options }: LossRow): string {
  const said = Object.entries(options).map(([option, value]) => `${option}: ${value}`);
  if (said.length === 0) return name || "of your own";
  return `${name}({ ${said.join(", ")} })`;
}

function headText({ name, loss, reading, lossWeight }: Head): string {
  const times = lossWeight === 1 ? "" : `${lossWeight} · `;
  const of = name === "" ? "" : ` of "${name}"`;
  const from = reading === undefined ? "" : `, from ${reading.text}`;
  return `${times}${lossText(loss)}${of}${from}`;
}

function trainingLine({ optimizer, heads }: Training): string {
  const { name, rate, schedule } = optimizer;
  const by = schedule === undefined ? "" : ` by ${schedule.name}`;
  return `loss ${heads.map(headText).join(" + ")}; optimizer ${name}, learning rate ${rate}${by}`;
}
