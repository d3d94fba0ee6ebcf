import {
  adam,
  dense,
  loadModel,
  numericsVersion,
  readSafetensors,
  sequential,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { blobs, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();

const trained = () => {
  const model = sequential([dense(3)], { inputShape: [4], seed: 1 }).compile({
    optimizer: adam(),
    loss: "sparseCategoricalCrossentropy",
  });
  model.fitSync(x, y);
  return model;
};

/** A file as if another version had saved it. */
function of(version: string | undefined, bytes: Uint8Array): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const others = new Map([...metadata].filter(([key]) => key !== "numericsVersion"));
  return writeSafetensors(
    tensors,
    version === undefined ? others : new Map([...others, ["numericsVersion", version]]),
  );
}

const said = (bytes: Uint8Array) => readSafetensors(bytes).metadata.get("numericsVersion");

function warnings() {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  return warn.mock.calls;
}

const WARNING =
  `fitSync(): expected to go on from a file of numerics version ${numericsVersion}, got one of 999: ` +
  "the numbers are not quite those of one training; where they must be, train with the version that saved it";

describe("the numerics version", () => {
  test("is an integer, and files carry it", () => {
    using model = trained();
    expect(Number.isInteger(numericsVersion)).toBe(true);
    expect(said(model.save())).toBe(String(numericsVersion));
    expect(said(model.save({ includeOptimizer: true }))).toBe(String(numericsVersion));
  });

  test("of a file says nothing where it is this one, or none, as in the first files", () => {
    using model = trained();
    const heard = warnings();
    const bytes = model.save({ includeOptimizer: true });
    model.fitSync(x, y);
    for (const file of [bytes, of("1", bytes), of(undefined, bytes)]) {
      using loaded = loadModel(file);
      loaded.fitSync(x, y);
      expect(flatWeights(loaded)).toEqual(flatWeights(model));
    }
    expect(heard).toEqual([]);
  });

  test("of a file that is another one is said where training goes on from it, once", () => {
    using model = trained();
    const heard = warnings();
    using loaded = loadModel(of("999", model.save({ includeOptimizer: true })));
    expect(loaded.predict(x).data()).toEqual(model.predict(x).data());
    const again = loaded.save({ includeOptimizer: true });
    expect(said(again)).toBe("999");
    expect(said(loaded.save())).toBe(String(numericsVersion));
    expect(heard).toEqual([]);
    loaded.fitSync(x, y);
    loaded.fitSync(x, y);
    expect(heard).toEqual([[WARNING]]);
    expect(said(loaded.save({ includeOptimizer: true }))).toBe(String(numericsVersion));
    using third = loadModel(again);
    const own: string[] = [];
    const options = { optimizer: adam(), loss: "sparseCategoricalCrossentropy" } as const;
    third.compile({ ...options, warn: (message) => own.push(message) });
    third.trainOnBatch(x, y);
    expect([own, heard]).toEqual([[], [[WARNING]]]); // a new training, of this version alone
  });

  test("of a file without the optimizer's state is not asked for", () => {
    using model = trained();
    const heard = warnings();
    using loaded = loadModel(of("999", model.save()));
    loaded.fitSync(x, y);
    expect(heard).toEqual([]);
  });

  test.each(["", "0", "-1", "1.5", "1e3", "one", "12345678901"])("%j is refused", async (text) => {
    using model = trained();
    const bytes = of(text, model.save());
    expect(await failure(() => loadModel(bytes))).toBe(
      `FormatError: loadModel(): metadata "numericsVersion": expected an integer from 1, got ${JSON.stringify(text)}`,
    );
  });
});
