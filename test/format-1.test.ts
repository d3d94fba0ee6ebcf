import { adam, loadModel, mean, mul, readSafetensors, square, sub, type Tensor } from "ferrograd";
import { describe, expect, test } from "vitest";
import goldenFile from "./golden/format-1/cases.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";
import { bytesOf, namesOf } from "./support/golden-files.ts";
import { flatWeights } from "./support/model.ts";

/** A model that a release with format 1 wrote, and what it gave there. */
interface Case {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly layers: readonly string[];
  readonly classNames?: readonly string[];
  readonly metadata?: readonly (readonly [string, string])[];
  readonly x: Rows;
  readonly outputs: Rows;
  /** "own": with a loss of its own, so it comes back uncompiled. */
  readonly compiled?: string;
  /** What three more steps on the same rows gave. */
  readonly goOn?: {
    readonly y: Rows;
    readonly losses: readonly number[];
    readonly weights: readonly (readonly number[])[];
    readonly steps: number;
    readonly learningRate: number;
  };
}

interface Rows {
  readonly shape: number[];
  readonly data: number[];
}

const TOL = 1e-5;
const cases = goldenFile.cases as unknown as Case[];
const files = import.meta.glob<string>("./golden/format-1/*.safetensors", {
  query: "?url&inline",
  import: "default",
  eager: true,
});

const file = (name: string) => bytesOf(files[`./golden/format-1/${name}.safetensors`]);

/** That of the generator; no file can hold it. */
const ownLoss = (yTrue: Tensor, yPred: Tensor) =>
  mean(mul(square(sub(yTrue, yPred)), 3), { axis: -1 });

test("each file has its case, and each case its file", () => {
  const names = namesOf(files);
  expect(names).toEqual(cases.map(({ name }) => name).sort());
  expect(names.length).toBeGreaterThan(12);
});

describe("a file of format 1 is the model that it was", () => {
  for (const { name, title, seed, layers, classNames, metadata, x, outputs } of cases) {
    test(name, () => {
      const bytes = file(name);
      expect(readSafetensors(bytes).metadata.get("formatVersion")).toBe("1");
      using model = loadModel(bytes);
      expect([model.name, model.seed, model.layers]).toEqual([title, seed, layers]);
      expect(model.classNames).toEqual(classNames);
      expect(Object.entries(model.metadata).sort()).toEqual([...(metadata ?? [])].sort());
      const predicted = model.predict(x);
      expect(predicted.shape).toEqual(outputs.shape);
      expectAllclose(predicted.data(), Float32Array.from(outputs.data), TOL);
    });
  }
});

describe("a file of format 1 with its optimizer goes on as it did", () => {
  for (const { name, x, goOn, compiled } of cases) {
    if (goOn === undefined) continue;
    test(name, () => {
      using model = loadModel(file(name));
      if (compiled === "own")
        model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: ownLoss });
      expect(model.optimizer.steps).toBe(goOn.steps - goOn.losses.length);
      expect(model.optimizer.learningRate).toBe(goOn.learningRate);
      const losses = goOn.losses.map(() => model.trainOnBatch(x, goOn.y).loss);
      expectAllclose(losses, goOn.losses, TOL);
      expectAllclose(flatWeights(model), goOn.weights.flat(), TOL);
    });
  }
});
