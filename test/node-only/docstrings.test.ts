import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import * as library from "ferrograd";
import * as check from "ferrograd/check";
import * as cifar from "ferrograd/cifar";
import * as csv from "ferrograd/csv";
import * as pipelines from "ferrograd/data";
import * as datasets from "ferrograd/datasets";
import * as diagnostics from "ferrograd/diagnostics";
import * as idx from "ferrograd/idx";
import { init } from "ferrograd/slim";
import * as tables from "ferrograd/tables";
import * as unroll from "ferrograd/unroll";
import * as worker from "ferrograd/worker";
import { describe, expect, test } from "vitest";
import { numerics } from "../../packages/ferrograd/src/engine/fused.ts"; // its entry would change what runs here
import { readWasm } from "../../scripts/lib/wasm-output.mjs";

const {
  adam,
  add,
  dense,
  jit,
  matmul,
  mean,
  randomNormal,
  sequential,
  square,
  squaredDifference,
  sum,
  tensor,
  variable,
} = library;
const site = fileURLToPath(new URL("../../packages/site/", import.meta.url));
const source = fileURLToPath(new URL("../../packages/ferrograd/src/", import.meta.url));

interface Example {
  /** The file, and the function, class or method that it stands above. */
  readonly where: string;
  readonly symbol: string;
  readonly code: string;
}

/** Names that are exported inside a name, by their folders. */
const { constraints, metrics, regularizers } = library;
const SPACES: Readonly<Record<string, object>> = { constraints, metrics, regularizers };

/** Every `@example` of a file, with the symbol below it. */
function examplesOf(file: string): Example[] {
  const text = readFileSync(source + file, "utf8");
  const comments = [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*([^\n]*)/g)];
  return comments.flatMap(([, comment, below]) => {
    const symbol = /^(?:export )?(?:abstract )?(?:async )?(?:(?:function|const|class) )?(\w+)/.exec(
      below!,
    );
    const lines = comment!.split("\n").map((line) => line.replace(/^\s*\*? ?/, ""));
    const own = symbol?.[1] ?? "";
    const space = file.slice(0, file.indexOf("/"));
    const name = own in (SPACES[space] ?? {}) ? `${space}.${own}` : own;
    return lines
      .join("\n")
      .split(/@(?=example\b|throws\b|param\b|internal\b|returns\b)/)
      .filter((part) => part.startsWith("example"))
      .map((part) => ({
        where: `${file}: ${name}`,
        symbol: below!.startsWith("export") ? name : "",
        code: part.slice("example".length).trim(),
      }));
  });
}

/** Files as their publishers cut them, of few rows. */
function dataFiles() {
  const idxFile = (...shape: number[]) => {
    const sizes = new Uint8Array(new Uint32Array(shape).buffer);
    const bytes = new Uint8Array(4 + sizes.length + shape.reduce((a, b) => a * b));
    bytes.set([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size])]);
    return bytes;
  };
  const [images, labels] = [idxFile(2, 28, 28), idxFile(2)];
  const { train } = datasets.iris();
  const names = train.classNames!;
  const lines = Array.from({ length: train.length }, (_, row) =>
    [...train.x.data.subarray(4 * row, 4 * row + 4), names[train.y.data[row]!]].join(),
  );
  const text = ["a,b,c,d,species", ...lines].join("\n");
  return {
    ...{ trainImages: images, testImages: images, imageBytes: images },
    ...{ trainLabels: labels, testLabels: labels, labelBytes: labels },
    ...{ text, others: text, createReadStream: () => new Blob([text]).stream() },
  };
}

const CIFAR_RECORD = new Uint8Array(3073);

/** What the examples speak of without saying. */
function surroundings() {
  const { train, test: held } = datasets.iris();
  const model = sequential([dense(3)], { inputShape: [4] }).compile({
    optimizer: adam(),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const w = variable(randomNormal([4, 1], { seed: 1 }));
  const kernel = variable(randomNormal([4, 3], { seed: 1 }));
  const bytes = model.save();
  const optimizer = adam();
  const step = jit((a: library.Tensor, b: library.Tensor) => {
    const loss = mean(squaredDifference(matmul(a, w), b));
    optimizer.minimize(loss, [w]);
    return loss;
  });
  return {
    ...{ train, test: held, model, w, kernel, step, bytes, data: train, ...train },
    logits: randomNormal([train.length, 3], { seed: 3 }),
    ...dataFiles(),
    file: { arrayBuffer: async () => bytes.slice().buffer },
    readFile: async () => bytes,
    fs: { writeFileSync: () => {} },
  };
}

/** Where an example speaks of something else by the same name. */
const OTHERWISE: Record<string, () => object> = {
  reshape: () => ({ x: library.zeros([2, 8, 8]) }),
  transpose: () => ({ x: library.zeros([2, 3, 4]) }),
  jit: () => ({ y: library.zeros([datasets.iris().train.length, 1]) }),
  grad: () => {
    const w = variable([1, 2]);
    const h = square(w);
    return { w, h, loss: sum(h) };
  },
  checkGradients: () => {
    const [kernel, bias] = [variable([[1], [2]]), variable([3])];
    const model = (x: library.Tensor) => add(matmul(x, kernel), bias);
    return {
      kernel,
      bias,
      model,
      x: tensor([[1, 2]]),
      loss: (y: library.Tensor) => sum(square(y)),
    };
  },
  readSafetensors: () => {
    const model = sequential([dense(10)], { inputShape: [64] });
    return { readFile: async () => model.save() };
  },
  readIdx: () => ({ readFile: async () => dataFiles().trainImages }),
  readCifar10: () => ({ bytes: CIFAR_RECORD }),
  cifar10: () => ({ readFile: async () => CIFAR_RECORD }),
  Dataset: () => ({ step: () => {} }),
  Pipeline: () => ({ step: () => {} }),
  metrics: () => ({ metrics: tables.metrics }),
  fileStore: () => ({ fileStore: inMemory }),
  backupAndRestore: () => ({ fileStore: inMemory }),
  indexedDbStore: () => ({ indexedDbStore: inMemory }),
  init: () => ({ readFile: async () => readWasm() }),
};

/** A store that leaves no files behind. */
function inMemory(): library.Store {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    delete: (name) => void files.delete(name),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The example as a function; `expression // value` becomes a comparison, but after training, and
 * `expression // SomeError: message` too.
 */
function compiled({ code }: Example, names: readonly string[]) {
  const lines = code.split("\n").map((line) => {
    const [, throws, error] = /^(.+?);?\s*\/\/ (\w+Error: .+)$/.exec(line) ?? [];
    if (throws) return `expect(() => ${throws}).toThrow(beginningWith(${JSON.stringify(error)}));`;
    const [, expression, value] = /^(.+?);?\s*\/\/ ([[\d"-].*)$/.exec(line) ?? [];
    const comparable = value !== undefined && isJson(value) && !code.includes(".fit(");
    return comparable ? `expect(${expression}).toEqual(${value});` : line;
  });
  const body = lines.filter((line) => !line.startsWith("import ")).join("\n");
  const wrapped = `return async () => {\n${body}\n};`;
  const js = transformSync(`(() => { ${wrapped} })()`, { loader: "ts", target: "es2022" }).code;
  const made = new Function("expect", "beginningWith", ...names, `return ${js}`);
  return (...values: unknown[]) => made(expect, beginningWith, ...values);
}

/** An error whose name and message begin so. */
const beginningWith = (start: string) => ({
  asymmetricMatch: (error: unknown) => String(error).startsWith(start),
});

const api: Record<string, unknown> = {
  ...library,
  ...datasets,
  ...check,
  ...diagnostics,
  ...unroll,
  ...{ ...tables, metrics: library.metrics },
  ...worker,
  ...{ ...csv, ...pipelines, ...idx, ...cifar, init, numerics },
};
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/generated/.test(file))
  .sort();
const examples = files
  .flatMap(examplesOf)
  .filter(({ symbol }) => symbol === "" || symbol in api || symbol.includes("."));

describe("examples in the documentation of functions", () => {
  test("are found", () => {
    expect(examples.length).toBeGreaterThan(30);
  });

  test.each(examples.map((example, i) => ({ ...example, name: `${i} ${example.where}` })))(
    "$name",
    async (example) => {
      const scope: Record<string, unknown> = {
        ...api,
        ...surroundings(),
        ...(/\bmodel\(/.test(example.code) && { model: library.model }),
        ...OTHERWISE[example.symbol]?.(),
      };
      const names = Object.keys(scope);
      const run = compiled(example, names)(...names.map((name) => scope[name]));
      await expect(run()).resolves.toBeUndefined();
    },
  );

  test("are there for each value that is exported, in its comment or in a line of the reference", () => {
    const inComments = new Set(examples.map(({ symbol }) => symbol));
    const lines = JSON.parse(readFileSync(`${site}examples.json`, "utf8"));
    const groups = Object.values<Group>(JSON.parse(readFileSync(`${site}names.json`, "utf8")));
    const values = groups.flatMap(({ exports }) =>
      Object.entries(exports).flatMap(([from, names]) =>
        Object.keys(names)
          .filter((name) => typeof names[name] === "object")
          .map((name) => (from.startsWith("ferrograd") ? name : `${from}.${name}`)),
      ),
    );
    expect(values.length).toBeGreaterThan(150);
    expect(values.filter((name) => !inComments.has(name) && !(name in lines))).toEqual([]);
  });
});

/** As packages/site/names.json has them: names elsewhere of what is a value. */
interface Group {
  readonly exports: Record<string, Record<string, string | readonly string[]>>;
}
