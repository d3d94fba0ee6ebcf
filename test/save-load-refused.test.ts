import {
  FormatError,
  loadModel,
  memory,
  readSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure } from "./support/model.ts";
import { sequence } from "./support/numbers.ts";

const { x, y } = blobs();

/** The file of a small model, changed. */
function changed(
  change: (tensors: Map<string, SafetensorsTensor>, metadata: Map<string, string>) => void,
): Uint8Array {
  using model = classifier();
  model.trainOnBatch(x, y);
  const { tensors, metadata } = readSafetensors(model.save({ includeOptimizer: true }));
  change(tensors, metadata);
  return writeSafetensors(tensors, metadata);
}

/** The file with another architecture. */
const rebuilt = (change: (model: { [key: string]: unknown; layers: unknown[] }) => void) =>
  changed((_tensors, metadata) => {
    const model = JSON.parse(metadata.get("model")!);
    change(model);
    metadata.set("model", JSON.stringify(model));
  });

const layerOf = (config: object, type = "dense", name = "dense") => ({ type, name, config });
const f32 = (...values: number[]): SafetensorsTensor => ({
  dtype: "F32",
  shape: [values.length],
  data: Float32Array.from(values),
});

const REFUSED: Record<string, { file: () => Uint8Array; error: string | RegExp }> = {
  "safetensors of another program": {
    file: () => writeSafetensors(new Map([["w", f32(1)]])),
    error:
      "expected a file that model.save() made, got safetensors without its metadata; " +
      "readSafetensors() reads the tensors: build the model in code and give them to setWeights()",
  },
  "a newer version": {
    file: () => changed((_t, metadata) => metadata.set("formatVersion", "3")),
    error: 'expected format version 1 or 2, got "3"',
  },
  "no version": {
    file: () => changed((_t, metadata) => metadata.delete("formatVersion")),
    error: "expected format version 1 or 2, got undefined",
  },
  "an architecture that is no JSON": {
    file: () => changed((_t, metadata) => metadata.set("model", "{")),
    error: 'metadata "model": expected the architecture as JSON',
  },
  "a tensor that is missing": {
    file: () => changed((tensors) => tensors.delete("dense_1/kernel")),
    error: 'tensor "dense_1/kernel": expected in the file, got none',
  },
  "a tensor that is renamed": {
    file: () =>
      changed((tensors) => {
        tensors.set("dense_2/bias", tensors.get("dense/bias")!);
        tensors.delete("dense/bias");
      }),
    error: 'tensor "dense/bias": expected in the file, got none',
  },
  "a tensor too many": {
    file: () => changed((tensors) => tensors.set("extra", f32(1))),
    error: 'tensor "extra": expected only tensors of the model, got one more',
  },
  "a tensor of a hostile name": {
    file: () => changed((tensors) => tensors.set("__proto__", f32(1))),
    error: 'tensor "__proto__": expected only tensors of the model, got one more',
  },
  "optimizer state that is missing": {
    file: () => changed((tensors) => tensors.delete("optimizer/v/dense/bias")),
    error: 'tensor "optimizer/v/dense/bias": expected in the file, got none',
  },
  "optimizer state without its step": {
    file: () => changed((tensors) => tensors.delete("optimizer/step")),
    error:
      /^tensor "(step|optimizer\/m\/dense\/kernel)": expected only tensors of the model, got one more$/,
  },
  "a wrong shape": {
    file: () => changed((tensors) => tensors.set("dense/bias", f32(1, 2))),
    error: 'tensor "dense/bias": expected F32 [8], got F32 [2]',
  },
  "a wrong type": {
    file: () =>
      changed((tensors) =>
        tensors.set("dense/bias", { dtype: "I32", shape: [8], data: new Int32Array(8) }),
      ),
    error: 'tensor "dense/bias": expected F32 [8], got I32 [8]',
  },
  "weights that are NaN": {
    file: () =>
      changed((tensors) => {
        (tensors.get("dense/kernel")!.data as Float32Array)[3] = Number.NaN;
      }),
    error: 'tensor "dense/kernel": element 3: expected a finite number, got NaN',
  },
  "optimizer state that is NaN": {
    file: () =>
      changed((tensors) => {
        (tensors.get("optimizer/m/dense/kernel")!.data as Float32Array)[3] = Infinity;
      }),
    error: 'tensor "optimizer/m/dense/kernel": element 3: expected a finite number, got Infinity',
  },
  "an unknown layer": {
    file: () => rebuilt((model) => model.layers.push(layerOf({}, "dens", "last"))),
    error:
      'architecture: unknown layer "dens"; did you mean "dense"?; layers of your own are given to loadModel(bytes, { layers: { ... } })',
  },
  "a layer's option of a hostile name": {
    file: () =>
      rebuilt((model) =>
        model.layers.push(layerOf(JSON.parse('{"__proto__": 1}'), "dense", "last")),
      ),
    error: /^architecture: dense\(\): /,
  },
  "a layer's name with a path in it": {
    file: () => rebuilt((model) => model.layers.push(layerOf({ units: 3 }, "dense", "../x"))),
    error: 'architecture: dense(): name: expected text without "/", got "../x"',
  },
  "no layers": {
    file: () =>
      rebuilt((model) => {
        model.layers = [];
      }),
    error: /^metadata "model": expected the architecture as JSON$|^tensor /,
  },
  "a layer's name twice": {
    file: () => rebuilt((model) => model.layers.push(layerOf({ units: 3 }))),
    error: 'metadata "model": expected each key and each layer\'s name once, got "dense" twice',
  },
  "a key twice": {
    file: () =>
      changed((_t, metadata) => {
        const json = metadata.get("model")!.replace('"units":8', '"units":9,"un\\u0069ts":8');
        metadata.set("model", json);
      }),
    error: 'metadata "model": expected each key and each layer\'s name once, got "units" twice',
  },
  "a layer that does not fit": {
    file: () =>
      rebuilt((model) => {
        model.layers[0] = layerOf({ units: 3 });
      }),
    error: 'tensor "dense/kernel": expected F32 [4, 3], got F32 [4, 8]',
  },
  "a negative seed": {
    file: () =>
      rebuilt((model) => {
        model.seed = -1;
      }),
    error: /^metadata "model": |^architecture: /,
  },
  "an input shape of nonsense": {
    file: () =>
      rebuilt((model) => {
        model.inputShape = [0, "x"];
      }),
    error: "architecture: sequential(): inputShape[0]: expected a positive integer, got 0",
  },
  "an unknown optimizer": {
    file: () =>
      rebuilt((model) => {
        (model.training as { optimizer: string }).optimizer = "adan";
      }),
    error:
      'architecture: unknown optimizer "adan"; did you mean "adam"?; optimizers of your own are given to loadModel(bytes, { optimizers: { ... } })',
  },
  "epochs of less than none": {
    file: () =>
      rebuilt((model) => {
        (model.training as { epochs: number }).epochs = -1;
      }),
    error: 'metadata "model": expected the architecture as JSON',
  },
  "epochs that are no count": {
    file: () =>
      rebuilt((model) => {
        (model.training as { epochs: unknown }).epochs = "3";
      }),
    error: 'metadata "model": expected the architecture as JSON',
  },
  "state without the loss's name of an unknown optimizer": {
    file: () =>
      rebuilt((model) => {
        const training = model.training as { loss?: string; optimizer: string };
        delete training.loss;
        training.optimizer = "adan";
      }),
    error:
      'architecture: unknown optimizer "adan"; did you mean "adam"?; optimizers of your own are given to loadModel(bytes, { optimizers: { ... } })',
  },
  "state of another optimizer than is named": {
    file: () =>
      rebuilt((model) => {
        const training = model.training as { loss?: string; optimizer: string; options: object };
        delete training.loss;
        Object.assign(training, { optimizer: "sgd", options: { momentum: 0.9 } });
      }),
    error: 'tensor "optimizer/momentum/dense/kernel": expected in the file, got none',
  },
  "state without training, of fewer variables": {
    file: () =>
      changed((tensors, metadata) => {
        const { training: _, ...model } = JSON.parse(metadata.get("model")!);
        metadata.set("model", JSON.stringify(model));
        tensors.delete("optimizer/v/dense_1/bias");
      }),
    error: 'tensor "optimizer/v/dense_1/bias": expected in the file, got none',
  },
  "a negative mean of squares": {
    file: () =>
      changed((tensors) => {
        (tensors.get("optimizer/v/dense_1/bias")!.data as Float32Array)[2] = -1e-30;
      }),
    error:
      'tensor "optimizer/v/dense_1/bias": element 2: expected a finite number, 0 or more, got -1.0000000031710769e-30',
  },
  "a negative step of the optimizer": {
    file: () =>
      changed((tensors) => {
        tensors.get("optimizer/step")!.data[0] = -1;
      }),
    error: 'tensor "optimizer/step": element 0: expected a finite number, 0 or more, got -1',
  },
  "a negative step of the model": {
    file: () =>
      changed((tensors) => {
        tensors.get("step")!.data[0] = -2147483648;
      }),
    error: 'tensor "step": element 0: expected a finite number, 0 or more, got -2147483648',
  },
  "a loss that is null": {
    file: () =>
      rebuilt((model) => {
        (model.training as { loss: unknown }).loss = null;
      }),
    error: /^architecture: compile\(\): loss: expected one of /,
  },
  "a negative learning rate": {
    file: () =>
      rebuilt((model) => {
        (model.training as { options: { learningRate: number } }).options.learningRate = -1;
      }),
    error:
      "architecture: adam(): learningRate: expected a finite number of 0 or more that float32 holds, got -1",
  },
};

describe("a file that is no model", () => {
  const bytes = (() => {
    using model = classifier();
    model.trainOnBatch(x, y);
    return model.save({ includeOptimizer: true });
  })();

  for (const [name, { file, error }] of Object.entries(REFUSED)) {
    test(`${name} is refused, and nothing of it stays`, async () => {
      const hostile = file();
      const before = memory().bytes;
      const message = await failure(() => loadModel(hostile));
      const prefix = "FormatError: loadModel(): ";
      expect(message.slice(0, prefix.length)).toBe(prefix);
      if (typeof error === "string") expect(message.slice(prefix.length)).toBe(error);
      else expect(message.slice(prefix.length)).toMatch(error);
      expect(memory().bytes).toBe(before);
    });
  }

  test("every truncation is refused", async () => {
    for (let length = 0; length < bytes.length; length += 13) {
      expect(await failure(() => loadModel(bytes.subarray(0, length)))).toMatch(
        /^FormatError: loadModel\(\): /,
      );
    }
  });

  test("bytes after the end are refused", async () => {
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(await failure(() => loadModel(longer))).toMatch(
      /^FormatError: loadModel\(\): expected \d+ bytes of data, got \d+: the file has trailing bytes$/,
    );
  });

  test("500 mutated files give a FormatError or a model, never anything else", () => {
    const next = sequence(3);
    const before = memory().bytes;
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      const mutated = bytes.slice();
      // Mostly the header, where the structure is; some bits of the data are NaN.
      const end = round % 5 === 0 ? mutated.length : Math.min(mutated.length, 1800);
      for (let i = 0; i < 1 + (round % 3); i++) {
        mutated[Math.floor(next() * end)] = Math.floor(next() * 256);
      }
      try {
        loadModel(mutated).dispose();
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(250);
    expect(memory().bytes).toBe(before);
  });

  test("what is no Uint8Array is refused", async () => {
    expect(await failure(() => loadModel("model" as never))).toBe(
      'ArgumentError: loadModel(): expected a Uint8Array, got "model"',
    );
  });
});
