import { isTensor, loadModel, readSafetensors, type Tensor } from "ferrograd";
import { describe, expect, test } from "vitest";
import golden from "./golden/format-2/cases.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";
import { bytesOf, namesOf } from "./support/golden-files.ts";
import { flatWeights } from "./support/model.ts";
import { centered, embedding, sum } from "./support/own-layers.ts";

const files = import.meta.glob<string>("./golden/format-2/*.safetensors", {
  query: "?url&inline",
  import: "default",
  eager: true,
});

// Those of the generator.
const layers = { embedding, centered, sum };

const TOL = 1e-5;

test("each file has its case, and each case its file", () => {
  expect(namesOf(files)).toEqual(golden.map(({ name }) => name).sort());
});

describe("a file of format 2 is the graph that it was, and goes on as it did", () => {
  test.each(golden)("$name", ({ name, layers: names, x, y, outputs, losses, weights }) => {
    const bytes = bytesOf(files[`./golden/format-2/${name}.safetensors`]);
    expect(readSafetensors(bytes).metadata.get("formatVersion")).toBe("2");
    using model = loadModel(bytes, { layers });
    expect(model.layers).toEqual(names);
    const given = model.predict(x as never) as Tensor | Record<string, Tensor>;
    const byName = isTensor(given) ? { y: given as Tensor } : given;
    for (const [output, values] of Object.entries(outputs)) {
      expectAllclose(byName[output]!.data(), values as number[], TOL);
    }
    const now = losses.map(() => model.trainOnBatch(x as never, y as never).loss);
    expectAllclose(now, losses, TOL);
    expectAllclose(flatWeights(model), weights.flat(), TOL);
  });
});
