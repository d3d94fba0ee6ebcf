import {
  add,
  gather,
  isTensor,
  layer,
  loadModel,
  mean,
  mul,
  readSafetensors,
  sub,
  type Tensor,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import golden from "./golden/format-2/cases.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";
import { flatWeights } from "./support/model.ts";

const files = import.meta.glob<string>("./golden/format-2/*.safetensors", {
  query: "?url&inline",
  import: "default",
  eager: true,
});

/** The bytes of a file, out of a data URL. */
function bytesOf(name: string): Uint8Array {
  const [head, base64] = files[`./golden/format-2/${name}.safetensors`]!.split(",");
  expect(head).toMatch(/^data:.*;base64$/);
  return Uint8Array.from(atob(base64!), (char) => char.charCodeAt(0));
}

// Those of the generator.
const layers = {
  embedding(options: { count: number; width: number; name: string }) {
    const { count, width, name } = options;
    let table: Variable; // (count, width)
    return layer({
      type: "embedding",
      name,
      config: { count, width },
      build(_shape, add) {
        table = add("table", [count, width], "uniform");
      },
      call: (indices) => gather(table, indices),
    });
  },
  centered({ name }: { name: string }) {
    let running: Variable; // (features)
    return layer({
      type: "centered",
      name,
      config: {},
      build(shape, add) {
        running = add("mean", [shape.at(-1)!], "zeros", { trainable: false });
      },
      call(x, { training, update }) {
        if (!training) return sub(x, running);
        const now = mean(x, { axis: 0 });
        update(running, (before) => add(mul(before, 0.9), mul(now, 0.1)));
        return sub(x, now);
      },
    });
  },
  sum: ({ name }: { name: string }) =>
    layer({ type: "sum", name, config: {}, inputs: "list", call: ([a, b]) => add(a!, b!) }),
};

const TOL = 1e-5;

test("each file has its case, and each case its file", () => {
  const names = Object.keys(files).map((path) => /([^/]+)\.safetensors$/.exec(path)![1]);
  expect(names.sort()).toEqual(golden.map(({ name }) => name).sort());
});

describe("a file of format 2 is the graph that it was, and goes on as it did", () => {
  test.each(golden)("$name", ({ name, layers: names, x, y, outputs, losses, weights }) => {
    const bytes = bytesOf(name);
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
