import {
  dense,
  FormatError,
  flatten,
  loadModel,
  memory,
  readSafetensors,
  sequential,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { isOurs, ours } from "./support/shares.ts";

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly config: object;
}

const LONG = import.meta.env.FERROGRAD_LONG;

/** A file that declares these layers and has no tensor. */
const declaring = (layers: readonly Entry[], more: object = {}) =>
  writeSafetensors(new Map(), {
    format: "ferrograd",
    formatVersion: "1",
    model: JSON.stringify({ name: "m", inputShape: [4], seed: 0, layers, ...more }),
  });

const many = (count: number, type: string, config: object): Entry[] =>
  Array.from({ length: count }, (_, i) => ({ type, name: `l${i}`, config }));

function refusal(bytes: Uint8Array): string {
  try {
    loadModel(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
  return "loaded";
}

// Each takes gigabytes, or half a minute and more, where something is drawn, built or compared pair by pair first.
describe("what a file declares costs nothing before it is compared with what the file has", () => {
  const units = { units: 100_000_000 };
  const NAMES = LONG ? 1_000_000 : 100_000;
  const declared: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["1e8 units", declaring(many(1, "dense", units)), /^loadModel\(\): tensor "l0\/kernel": /],
    ["2^31 units", declaring(many(1, "dense", { units: 2 ** 31 })), /^loadModel\(\): /],
    ["units of 2^53", declaring(many(1, "dense", { units: 2 ** 53 })), /^loadModel\(\): /],
    [
      "an input of 1e8",
      declaring(many(1, "dense", { units: 8 }), { inputShape: [100_000_000] }),
      /^loadModel\(\): tensor "l0\/kernel": /,
    ],
    [
      "an input of 1e8, normalized",
      declaring([{ type: "normalization", name: "n", config: { mean: [0], variance: [1] } }], {
        inputShape: [100_000_000],
      }),
      /^loadModel\(\): /,
    ],
    ["a prelu of 1e8", declaring(many(1, "prelu", {}), { inputShape: [100_000_000] }), /tensor/],
    ["10,000 dense layers", declaring(many(10_000, "dense", { units: 8 })), /tensor "l0\/kernel"/],
    [
      `${NAMES} class names`,
      declaring(many(1, "flatten", {}), {
        classNames: Array.from({ length: NAMES }, (_, i) => `c${i}`),
      }),
      new RegExp(`expected 4 names for outputs \\[4\\], got ${NAMES}$`),
    ],
  ];
  test.each(ours(declared))("%s", (_, bytes, message) => {
    const { bytes: before, heapBytes } = memory();
    const text = refusal(bytes);
    expect(text).toMatch(message);
    expect(text.length).toBeLessThan(400);
    expect(memory().bytes).toBe(before);
    expect(memory().heapBytes).toBe(heapBytes);
  });

  /** More than a file may have of anything; in the long run many more. */
  const MANY = LONG ? 1_000_000 : 10_001;
  const list = <T>(item: (i: number) => T) => Array.from({ length: MANY }, (_, i) => item(i));
  const layer = { type: "flatten", name: "l0", config: {} };
  const calls = list((i) => ({ layer: 0, name: `c${i}`, inputs: [[i, 0]] }));
  const graphOf = (graph: object, layers = [layer]) =>
    writeSafetensors(new Map(), {
      format: "ferrograd",
      formatVersion: "2",
      model: JSON.stringify({
        ...{ name: "m", seed: 0, layers },
        graph: {
          inputs: [{ name: "x", shape: [4], dtype: "float32" }],
          calls: calls.slice(0, 1),
          outputs: [{ name: "y", from: [1, 0] }],
          form: "one",
          ...graph,
        },
      }),
    });
  const layers = () => many(MANY, "flatten", {});
  test.each([
    ["layers", () => declaring(layers()), "layers"],
    ["layers beside a graph", () => graphOf({}, layers()), "layers"],
    ["calls one after the other", () => graphOf({ calls }), "graph: calls"],
    ["calls in a circle", () => graphOf({ calls: calls.toReversed() }), "graph: calls"],
    ["inputs", () => graphOf({ inputs: list((i) => ({ name: `x${i}` })) }), "graph: inputs"],
    ["outputs", () => graphOf({ outputs: list((i) => ({ name: `y${i}` })) }), "graph: outputs"],
    [
      "inputs of a call",
      () => graphOf({ calls: [{ ...calls[0], inputs: list(() => [0, 0]) }] }),
      "graph: calls[0].inputs",
    ],
  ])(`more than 10,000 %s`, (_, make, what) => {
    const before = memory();
    expect(refusal(make()).replace("graph: expected ", "graph: ").replace("expected ", "")).toBe(
      `loadModel(): metadata "model": ${what}: at most 10000, got ${MANY} of them`,
    );
    expect(memory()).toEqual(before);
  });

  test.runIf(isOurs(1))("nor are more saved", () => {
    using model = sequential(new Array(10_001).fill(flatten()), { inputShape: [1] });
    expect(() => model.save()).toThrow("save(): expected at most 10000 layers, got 10001");
  });

  test("names are cut in messages", () => {
    const entries = (name: string) => [
      { type: name, name: "a", config: {} },
      { type: "dense", name, config: { units: 2 } },
      { type: "dense", name: "a", config: { units: 2, [name]: 1 } },
      { type: "dense", name: "a", config: { units: 2, activation: name } },
    ];
    // Beside the name stands what there is instead, which is ours and as long as it is.
    const known = entries("qqq").map((entry) => refusal(declaring([entry])).length);
    for (const [i, entry] of entries("x".repeat(1_000_000)).entries()) {
      expect(refusal(declaring([entry])).length).toBeLessThan(known[i]! + 120);
    }
  });

  test("2,000 layers without weights load, and give what came in", () => {
    const deep = loadModel(declaring(many(2_000, "flatten", {})));
    expect(deep.predict([[1, 2, 3, 4]]).array()).toEqual([[1, 2, 3, 4]]);
    deep.dispose();
  });

  test("deep nesting is refused", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const file = writeSafetensors(new Map(), {
      format: "ferrograd",
      formatVersion: "1",
      model: `{"name":"m","seed":0,"inputShape":${deep},"layers":[]}`,
    });
    expect(refusal(file)).toMatch(/^loadModel\(\): /);
  });
});

describe("files of other programs are named, with the way on", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  test.each([
    ["an HDF5 file", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)],
    ["a ZIP file", text("PK\u0003\u0004\u0014\0\0\0\0\0config.json")],
    ["a Python pickle", Uint8Array.of(0x80, 0x04, 0x95, 1, 2, 3, 4, 5, 6, 7)],
    ["a NumPy file", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0)],
    [
      "an ONNX file",
      Uint8Array.of(0x08, 0x08, 0x12, 0x07, 0x70, 0x79, 0x74, 0x6f, 0x72, 0x63, 0x68),
    ],
    [
      "a model of TensorFlow.js",
      text('{"format":"layers-model","modelTopology":{"class_name":1}}'),
    ],
    ["JSON", text('{"weights": [1, 2, 3], "name": "x"}')],
    ["JSON", text("\uFEFF  [1, 2, 3, 4, 5, 6, 7]")],
    ["a gzip file", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)],
    ["a GGUF file", text("GGUF\u0003\0\0\0\u0001\0\0\0")],
    ["a PNG picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)],
    ["a JPEG picture", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46)],
    ["a PDF file", text("%PDF-1.7\n1 0 obj")],
  ])("%s", (kind, bytes) => {
    const message = refusal(bytes);
    expect(message).toContain(`loadModel(): expected a file that model.save() made, got ${kind}`);
    expect(message).toMatch(/safetensors.*readSafetensors\(\).*setWeights\(\)$/);
    expect(() => readSafetensors(bytes)).toThrow(
      `readSafetensors(): expected a safetensors file, got ${kind}`,
    );
  });

  test("a file of ours is none of them, however long its header is", () => {
    const model = sequential([dense(2)], { inputShape: [3] });
    const lengths = new Set<number>();
    for (let length = 0; length < 2_000; length += 8) {
      const file = model.save({ metadata: { text: "x".repeat(length) } });
      lengths.add(file[0]! | (file[1]! << 8));
      const loaded = loadModel(file);
      expect(loaded.getWeights()).toEqual(model.getWeights());
      loaded.dispose();
    }
    expect(lengths).toContain(0x0280); // A pickle begins with these bytes.
  });

  test.each([[undefined], [null], ["model.safetensors"], [new ArrayBuffer(8)], [[1, 2]]])(
    "%s is no file",
    (value) => {
      expect(() => loadModel(value as never)).toThrow(
        /^loadModel\(\): expected a Uint8Array, got /,
      );
    },
  );
});

test("names that are no texts are refused, of whatever kind", () => {
  using model = sequential([dense(1)], { inputShape: [2] }).compile({
    optimizer: "adam",
    loss: "huber",
    metrics: ["meanAbsoluteError"],
  });
  const { tensors, metadata } = readSafetensors(model.save());
  for (const name of ["adam", "huber", "meanAbsoluteError"]) {
    for (const value of ["{}", "[]", "7", "null"]) {
      const text = metadata.get("model")!.replace(`"${name}"`, value);
      expect(text).not.toBe(metadata.get("model"));
      const file = writeSafetensors(tensors, { ...Object.fromEntries(metadata), model: text });
      expect(refusal(file), `${value} for ${name}`).toMatch(/^loadModel\(\)/);
    }
  }
});
