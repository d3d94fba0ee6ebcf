/** The sentences of README.md that quote benchmarks, written from the same rows as docs/benchmarks.md. */
import { BenchError } from "../error.ts";
import type { Row, TimeRow } from "../types.ts";
import { ahead, times } from "./ratios.ts";

/** Peers as the readme calls them, in its order. */
const NAMES: Readonly<Record<string, string>> = {
  "tfjs-wasm": "TensorFlow.js wasm",
  "onnxruntime-web": "onnxruntime-web",
  "jax-js": "jax-js",
  convnetjs: "ConvNetJS",
  pytorch: "PyTorch",
};

type Find = (suite: string, name: string) => TimeRow;

interface Passage {
  /** How its line begins: the first cell of a table's row, or the words of a point. */
  readonly begins: string;
  /** The second cell, or the whole point. */
  text(find: Find, rows: readonly Row[]): string;
}

const row = (what: string, suite: string, name: string, peers: readonly string[]): Passage => ({
  begins: `| ${what} |`,
  text(find) {
    const found = find(suite, name);
    return `${amount(found)}; ${beside(found, peers)}`;
  },
});

const NATIVE = ["tfjs-wasm", "jax-js", "convnetjs", "pytorch"];

const PASSAGES: readonly Passage[] = [
  {
    begins: "| matrix product 512x512x512 |",
    text(find) {
      const found = find("gemm", "NN/512x512x512");
      const share = Math.round(100 * (found.ceilingShare ?? Number.NaN));
      const peers = ["tfjs-wasm", "onnxruntime-web", "jax-js", "pytorch"];
      return `${share} % of what 128-bit SIMD can do; ${beside(found, peers)}`;
    },
  },
  row("tanh of 256 k numbers", "activations", "tanh/forward/256k", [
    ...["tfjs-wasm", "onnxruntime-web", "pytorch"],
  ]),
  row("training step 784-128-10, batch 32, SGD", "train", "784-128-10/b32/sgd", NATIVE),
  row("training step 784-512-10, batch 128, SGD", "train", "784-512-10/b128/sgd", [
    ...["tfjs-wasm", "jax-js", "pytorch"],
  ]),
  row("training step 64-64-64-10, batch 32, Adam", "train", "64-64-64-10/b32/adam", [
    ...["tfjs-wasm", "pytorch"],
  ]),
  row(
    "training step 2-8-2, batch 16, SGD, with `ferrograd/unroll`",
    ...(["train", "2-8-2/b16/sgd", ["tfjs-wasm", "jax-js", "pytorch"]] as const),
  ),
  {
    begins: "| training step 2-8-8-2, batch 10, SGD, with `ferrograd/unroll` |",
    text(find) {
      const found = find("playground", "2-8-8-2/b10/sgd");
      const loop = times(ratioOf(found, "object-loop"));
      return `${amount(found)}; a loop over objects for nodes and links ${loop} times as long`;
    },
  },
  row("import to first prediction, a fresh process", "init", "import-to-first-prediction", [
    ...["tfjs-wasm", "onnxruntime-web"],
  ]),
  {
    begins: "- For nets as small as 2-8-2 ",
    text(find) {
      const [step, online] = [find("train", "2-8-2/b16/sgd"), find("train", "2-8-1/xor/sigmoid")];
      return [
        "- For nets as small as 2-8-2 most of what is saved is the cost of a call per operation. A loop written",
        "by hand in TypeScript for exactly that net takes",
        `${times(ratioOf(step, "plain-ts"))} times as long as ferrograd, not`,
        `${times(ratioOf(step, "tfjs-wasm"))} times as TensorFlow.js wasm does; and where such a net`,
        `is given one row at a time, that loop takes ${times(ratioOf(online, "plain-ts"))} of`,
        "ferrograd's time.",
      ].join(" ");
    },
  },
  {
    begins: "- Others are ahead ",
    text: (_find, rows) => `- Others are ahead of ferrograd too. ${aheadSaid(rows)}`,
  },
];

/** What the readme says of its peers where they are faster. */
const SUITES = { gemm: "Matrix products", train: "Training steps", predict: "Predictions" };

function aheadSaid(rows: readonly Row[]): string {
  const said = Object.entries(SUITES).flatMap(([suite, title]) => {
    const found = ahead(rows.filter((row) => row.suite === suite));
    return found.length === 0 ? [] : [`${title}: ${found.join("; ")}.`];
  });
  return said.join(" ") || "In these cases none is.";
}

function ratioOf({ suite, case: name, ratio }: TimeRow, peer: string): number {
  const found = ratio[peer];
  if (found === undefined)
    throw new BenchError(`README.md: expected ${suite} ${name} with ${peer}, got none`);
  return found;
}

/** "a 13, b 2.2 times as long; c 1.4 times as fast". */
function beside(found: TimeRow, peers: readonly string[]): string {
  const all = peers.map((peer) => ({ name: NAMES[peer], ratio: ratioOf(found, peer) }));
  const slower = all.filter(({ ratio }) => ratio >= 1);
  const faster = all.filter(({ ratio }) => ratio < 1);
  const list = (some: typeof all, value: (ratio: number) => number, end: string) =>
    some.length === 0
      ? []
      : [`${some.map(({ name, ratio }) => `${name} ${times(value(ratio))}`).join(", ")} ${end}`];
  return [
    ...list(slower, (ratio) => ratio, "times as long"),
    ...list(faster, (ratio) => 1 / ratio, "times as fast"),
  ].join("; ");
}

/** Two digits, in a unit that suits. */
function amount({ ours: { medianMs } }: TimeRow): string {
  const [value, unit] = medianMs < 0.01 ? [1000 * medianMs, "µs"] : [medianMs, "ms"];
  return `${times(value)} ${unit}`;
}

/** The readme with each of its passages written anew. */
export function writeReadme(readme: string, rows: readonly Row[]): string {
  const find: Find = (suite, name) => {
    const found = rows.find((row) => row.suite === suite && row.case === name);
    if (found === undefined) throw new BenchError(`README.md: expected ${suite} ${name}, got none`);
    return found as TimeRow;
  };
  return PASSAGES.reduce((text, passage) => {
    const [start, end] = placeOf(text, passage.begins);
    const said = passage.text(find, rows);
    if (!passage.begins.startsWith("|")) return text.slice(0, start) + wrap(said) + text.slice(end);
    const last = text.slice(start, end).split(" | ").at(-1);
    return `${text.slice(0, start)}${passage.begins} ${said} | ${last}${text.slice(end)}`;
  }, readme);
}

/** The readme without them: what is left has to quote no benchmark. */
export function withoutPassages(readme: string): string {
  return PASSAGES.reduce((text, { begins }) => {
    const [start, end] = placeOf(text, begins);
    return text.slice(0, start) + text.slice(end);
  }, readme);
}

/** A row is one line, a point goes on in lines that are indented. */
function placeOf(text: string, begins: string): readonly [start: number, end: number] {
  const start = text.indexOf(`\n${begins}`) + 1;
  if (start === 0)
    throw new BenchError(`README.md: expected a line that begins "${begins}", got none`);
  const next = /\n(?! {2})/g;
  next.lastIndex = start;
  return [start, next.exec(text)?.index ?? text.length];
}

const WIDTH = 105;

/** A point of a list in lines. */
function wrap(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line.length + word.length > WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}
