import { afterEach, describe, expect, it, vi } from "vitest";

class Refused {
  constructor() {
    throw new Error("not supported here");
  }
}
const refused = () => {
  throw new Error("not supported here");
};

describe("fit gives way to other tasks", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it.each([
    ["in Node", {}],
    ["where setImmediate throws", { setImmediate: refused }],
    [
      "where MessageChannel throws too, as in edge functions",
      { setImmediate: refused, MessageChannel: Refused },
    ],
    ["where there is neither", { setImmediate: undefined, MessageChannel: undefined }],
  ])("%s", async (_name, globals) => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    vi.resetModules(); // what there is it asks once
    const { dense, sequential } = await import("ferrograd");
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += 20; // each step is longer than fit keeps the thread
      return now;
    });
    using model = sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 3) model.stop();
    });
    const { steps } = await model.fit([[1], [2]], [1, 2], { epochs: 100_000, batchSize: 1 });
    clearInterval(timer);
    expect(turns).toBe(3);
    expect(steps).toBeLessThan(200_000);
  });
});
