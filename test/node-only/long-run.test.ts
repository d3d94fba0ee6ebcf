import { add, dense, memory, mul, sequential, sum, tanh } from "ferrograd";
import { inWorker } from "ferrograd/worker";
import { expect, test } from "vitest";

const LONG = Boolean(import.meta.env.FERROGRAD_LONG);
const [FITS, CALLS, WORKERS] = LONG ? [50_000, 5_000_000, 1_000] : [300, 2_000, 3];
const MB = 1 << 20;

/** What the process takes, after what nobody has any more is gone. */
function resident(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss;
}

/** Live bytes and the process's memory that stay after a body ran for the second time, so that what is made once is there. */
async function left(body: () => unknown): Promise<{ bytes: number; grown: number }> {
  await body();
  const before = { bytes: memory().bytes, rss: resident() };
  await body();
  return { bytes: memory().bytes - before.bytes, grown: resident() - before.rss };
}

const build = () =>
  sequential([dense(4, { activation: "tanh" }), dense(1)], { inputShape: [2], seed: 1 }).compile({
    optimizer: "adam",
    loss: "meanSquaredError",
  });
const x = [
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [1, 1, 0];

/** Memory that a process may take more after so much: what the collector has not given back. */
const FLAT = 64 * MB;

test(`memory is flat over ${FITS} small fits`, async () => {
  using model = build();
  const { bytes, grown } = await left(() => {
    for (let i = 0; i < FITS / 2; i++) {
      if (i % 100 > 0) model.fitSync(x, y);
      else {
        using other = build();
        other.fitSync(x, y);
      }
    }
  });
  expect(bytes).toBe(0);
  expect(grown).toBeLessThan(FLAT);
});

test(`memory is flat over ${CALLS} calls of operations`, async () => {
  const { bytes, grown } = await left(() => {
    let total = 0;
    for (let i = 0; i < CALLS / 8; i++) total += sum(tanh(add(mul([1, 2], 3), i))).item();
    return total;
  });
  expect(bytes).toBe(0);
  expect(grown).toBeLessThan(FLAT);
});

test(`memory is flat over ${WORKERS} workers made and ended`, async () => {
  using model = build();
  const { bytes, grown } = await left(async () => {
    for (let i = 0; i < WORKERS / 2; i++) {
      const remote = await inWorker(model);
      if (i % 10 === 0) await remote.fit(x, y);
      await remote.dispose();
    }
  });
  expect(bytes).toBe(0);
  expect(grown).toBeLessThan(2 * FLAT);
});
