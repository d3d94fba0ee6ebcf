import {
  dense,
  dropout,
  input,
  loadModel,
  model,
  readSafetensors,
  sequential,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";
import { centered, sum } from "./support/own-layers.ts";

const layers = { sum, centered };
const rows = random([7, 3], 1);
const targets = random([7, 2], 2);

/** A graph with a way around, a shared and a frozen layer, a model in it and a running mean. */
function net() {
  const x = input([3], { name: "x" });
  const encoder = sequential([dense(4, { activation: "tanh" }), dropout(0.25)], {
    inputShape: [3],
    name: "encoder",
    seed: 5,
  });
  const frozen = dense(4, { name: "frozen" });
  frozen.trainable = false;
  const shared = dense(4, { activation: "relu", name: "shared" });
  const code = centered({})(encoder.call(x));
  const joined = sum({})([shared(code), shared(frozen(code))]);
  return model({ inputs: x, outputs: dense(2)(joined), seed: 3, name: "net" });
}

const modelOf = (bytes: Uint8Array) =>
  JSON.parse(readSafetensors(bytes).metadata.get("model")!) as Record<string, never>;

/** The bytes with another architecture. */
function changed(bytes: Uint8Array, change: (saved: Saved) => void): Uint8Array {
  const file = readSafetensors(bytes);
  const saved = JSON.parse(file.metadata.get("model")!);
  change(saved);
  return writeSafetensors(
    file.tensors,
    new Map([...file.metadata, ["model", JSON.stringify(saved)]]),
  );
}

interface Saved {
  layers: { name: string; frozen?: unknown }[];
  graph: {
    inputs: { name: string; shape: unknown; dtype: unknown }[];
    calls: { layer: unknown; name: unknown; inputs: unknown }[];
    outputs: { name: unknown; from: unknown }[];
    form: unknown;
  };
}

describe("a graph in a file", () => {
  test("is the graph that it was", () => {
    using one = net();
    const bytes = one.save({ metadata: { by: "me" } });
    expect(readSafetensors(bytes).metadata.get("formatVersion")).toBe("2");
    using other = loadModel(bytes, { layers });
    expect(other.layers).toEqual(one.layers);
    expect(other.layers).toEqual([
      "encoder/dense",
      "encoder/dropout",
      "centered",
      "shared",
      "frozen",
      "shared_1",
      "sum",
      "dense",
    ]);
    expect(flatWeights(other)).toEqual(flatWeights(one));
    expect(other.parameterCount).toBe(one.parameterCount);
    expect(other.predict(rows).data()).toEqual(one.predict(rows).data());
    expect(other.summary()).toBe(one.summary());
    expect(other.metadata).toEqual({ by: "me" });
    expect(other.save()).toEqual(bytes);
  });

  test("goes on with the same bits", async () => {
    const compiled = () => net().compile({ optimizer: "adam", loss: "meanSquaredError" });
    using whole = compiled();
    await whole.fit(rows, targets, { epochs: 4, batchSize: 3 });
    using half = compiled();
    await half.fit(rows, targets, { epochs: 2, batchSize: 3 });
    using loaded = loadModel(half.save({ includeOptimizer: true }), { layers });
    await loaded.fit(rows, targets, { epochs: 2, batchSize: 3 });
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
  });

  test("layers one after the other stay format 1", () => {
    const x = input([3]);
    using stack = model({ inputs: x, outputs: dense(2)(dense(4)(x)) });
    const file = readSafetensors(stack.save());
    expect(file.metadata.get("formatVersion")).toBe("1");
    expect(modelOf(stack.save()).inputShape).toEqual([3]);
  });

  test("a layer that stands twice is saved once, in a stack too", () => {
    const twice = dense(3);
    using one = sequential([twice, twice], { inputShape: [3], seed: 1 });
    using other = loadModel(one.save());
    expect(other.predict(rows).data()).toEqual(one.predict(rows).data());
    expect(other.parameterCount).toBe(12);
  });

  test("a layer that another model has too is saved under its name here", () => {
    const shared = dense(3);
    using first = sequential([shared], { inputShape: [3], seed: 1 });
    using second = sequential([dense(3), shared], { inputShape: [3], seed: 2 });
    using loaded = loadModel(second.save());
    expect(loaded.layers).toEqual(["dense", "dense_1"]);
    expect(loaded.predict(rows).data()).toEqual(second.predict(rows).data());
    expect(first.layers).toEqual(["dense"]);
  });
});

describe("a graph of a file that is none", () => {
  const at = 'FormatError: loadModel(): metadata "model": graph: expected';
  const cases: readonly (readonly [string, (saved: Saved) => void, string])[] = [
    [
      "a cycle",
      ({ graph }) => {
        graph.calls[2]!.inputs = [[6, 0]];
      },
      `${at} calls[2].inputs[0]: calls after what they take, got a cycle through "shared_1"`,
    ],
    [
      "a call that takes itself",
      ({ graph }) => {
        graph.calls[2]!.inputs = [[3, 0]];
      },
      `${at} calls[2].inputs[0]: calls after what they take, got a cycle through "centered"`,
    ],
    [
      "a node that is not there",
      ({ graph }) => {
        graph.calls[2]!.inputs = [[99, 0]];
      },
      `${at} calls[2].inputs[0]: a node that is there, got node 99`,
    ],
    [
      "an output that is not there",
      ({ graph }) => {
        graph.calls[2]!.inputs = [[1, 7]];
      },
      'FormatError: loadModel(): architecture: model(): expected an output that "encoder/dense" has, got number 7',
    ],
    [
      "a layer that is not there",
      ({ graph }) => {
        graph.calls[2]!.layer = 99;
      },
      `${at} calls[2]: one of 7 layers, got 99`,
    ],
    [
      "a million calls",
      ({ graph }) => {
        graph.calls = new Array(1e5).fill(graph.calls[0]);
      },
      `${at} calls: at most 10000, got 100000 of them`,
    ],
    [
      "two calls of one name",
      ({ graph }) => {
        graph.calls[1]!.name = "encoder/dense";
      },
      `${at} the name of each call once, got "encoder/dense" twice`,
    ],
    [
      "no name",
      ({ graph }) => {
        graph.calls[1]!.name = 5;
      },
      `${at} calls[1]: a name, got 5`,
    ],
    [
      "a type that there is not",
      ({ graph }) => {
        graph.inputs[0]!.dtype = "float64";
      },
      `${at} inputs[0]: a shape and a type, got "float64"`,
    ],
    [
      "a shape of nonsense",
      ({ graph }) => {
        graph.inputs[0]!.shape = [0];
      },
      `${at} inputs[0]: a shape and a type, got [0]`,
    ],
    [
      "no outputs",
      ({ graph }) => {
        graph.outputs = [];
      },
      `${at} inputs and outputs, got none`,
    ],
    [
      "a form that there is not",
      ({ graph }) => {
        graph.form = "two";
      },
      `${at} form "one", "list" or "record", got two`,
    ],
    [
      "what is frozen of a layer that has no such part",
      (saved) => {
        saved.layers[0]!.frozen = [3];
      },
      'FormatError: loadModel(): architecture: layer "encoder/dense": expected the layers in it, got another one frozen',
    ],
    [
      "a place of another kind",
      ({ graph }) => {
        graph.outputs[0]!.from = "dense";
      },
      `${at} outputs[0] as [node, output], got dense`,
    ],
  ];
  test.each(cases)("%s", async (_what, change, message) => {
    using one = net();
    const bytes = changed(one.save(), change);
    expect(await failure(() => loadModel(bytes, { layers }))).toBe(message);
  });

  test("of a version that is not known is refused", async () => {
    using one = net();
    const file = readSafetensors(one.save());
    const bytes = writeSafetensors(
      file.tensors,
      new Map([...file.metadata, ["formatVersion", "3"]]),
    );
    expect(await failure(() => loadModel(bytes, { layers }))).toBe(
      'FormatError: loadModel(): expected format version 1 or 2, got "3"',
    );
  });
});
