import { runInNewContext } from "node:vm";
import { dense, init, sequential } from "ferrograd/slim";
import { expect, it, vi } from "vitest";
import { readWasm } from "../../scripts/lib/wasm-output.mjs";

/** Sandboxes of edge functions hand in what was compiled outside. */
it("a module that was compiled in another realm starts the core", async () => {
  const bytes = readWasm();
  const module = runInNewContext("new WebAssembly.Module(bytes)", { bytes });
  expect(module instanceof WebAssembly.Module).toBe(false);
  await init(module);
  const layer = dense(1, { kernelInitializer: "zeros" });
  const model = sequential([layer], { inputShape: [2], seed: 1 });
  expect(Array.from(model.predict([[3, 4]]).data())).toStrictEqual([0]);
});

it("rows of another realm are taken, flat ones too", () => {
  const there = runInNewContext("Float32Array") as typeof Float32Array;
  const layer = dense(1, { kernelInitializer: "ones" });
  const model = sequential([layer], { inputShape: [2], seed: 1 });
  expect([...model.compilePredict()(there.of(3, 4), there.of(0))]).toStrictEqual([7]);
});

it("what only says that it is a module is refused", async () => {
  const fake = { [Symbol.toStringTag]: "WebAssembly.Module" };
  await expect(init(fake)).rejects.toThrow("init(): expected bytes, a WebAssembly.Module");
});

it("fit goes on where setImmediate is there and throws", async () => {
  vi.resetModules();
  vi.stubGlobal("setImmediate", () => {
    throw new Error("not supported here");
  });
  const edge = await import("ferrograd");
  vi.unstubAllGlobals();
  let now = 0;
  using _clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += 20; // it gives way after each step
    return now;
  });
  const model = edge
    .sequential([edge.dense(1)], { inputShape: [1], seed: 1 })
    .compile({ optimizer: "sgd", loss: "meanSquaredError" });
  expect((await model.fit([[1], [2]], [1, 2], { epochs: 2 })).epochs).toBe(2);
});
