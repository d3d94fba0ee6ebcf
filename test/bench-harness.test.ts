import type { ActivationName } from "ferrograd";
import { activations } from "ferrograd/tables";
import { describe, expect, it } from "vitest";
import { ceilings } from "../bench/ceiling.ts";
import { assertAgrees, assertSame, firstResults } from "../bench/compare.ts";
import { type Contender, measure } from "../bench/harness.ts";
import { ferrograd } from "../bench/peers/ferrograd.ts";
import {
  residentActivation as activation,
  residentDense as dense,
  residentMatmul as matmul,
} from "../bench/peers/ferrograd-kernels.ts";
import { plainActivation } from "../bench/peers/plain-activations.ts";
import { plainTs } from "../bench/peers/plain-ts.ts";
import { uniform } from "../bench/random.ts";
import { median, ratio, rotate } from "../bench/statistics.ts";
import { onlineCase } from "../bench/suites/online.ts";
import { size, sizeRows } from "../bench/suites/size.ts";
import { train } from "../bench/suites/train.ts";
import { formatTables } from "../bench/table.ts";

/** Clocks that only the contenders move, so that the timings are exact; half of the time is the processor's. */
function clockwork() {
  let time = 0;
  const calls: string[] = [];
  const contender = (name: string, cost: () => number, async = false): Contender => ({
    name,
    run() {
      calls.push(name);
      time += cost();
      return async ? Promise.resolve(1) : 1;
    },
  });
  return { clock: { now: () => time, cpu: () => time / 2 }, calls, contender };
}

describe("statistics", () => {
  it("takes the middle value, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow("expected at least one value");
  });

  it("leaves the values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("gives the peer's time in units of ours", () => {
    expect(ratio(12, 2)).toBe(6);
  });

  it("gives everyone each place, and each other as neighbour", () => {
    const orders = [0, 1, 2, 3, 4, 5].map((round) => rotate(["a", "b", "c"], round).join(""));
    expect(orders).toEqual(["abc", "cba", "bca", "acb", "cab", "bac"]);
    expect([0, 1, 2, 3].map((round) => rotate(["a", "b"], round).join("")).join()).toBe(
      "ab,ba,ba,ab",
    );
    expect(rotate([], 3)).toEqual([]);
  });
});

describe("measure", () => {
  const pace = {
    ...{ blocks: 5, slowBlocks: 2, untimedMs: 20, timedMs: 40, warmUpMs: 0, budgetMs: 10_000 },
  };

  it("gives blocks in turns: a third of each is not timed, of the first its calibration", async () => {
    const { clock, calls, contender } = clockwork();
    const contenders = ["a", "b", "c"].map((name) => contender(name, () => 20));
    await measure(contenders, { ...pace, blocks: 3 }, clock);
    const block = (name: string) => name.repeat(1 + 2);
    expect(calls.join("")).toBe([..."abccbabca"].map(block).join(""));
  });

  it("looks at the clock only now and then where calls are short", async () => {
    const { clock, contender } = clockwork();
    const contenders = [contender("slow", () => 50), contender("fast", () => 0.5, true)];
    const [slow, fast] = await measure(contenders, pace, clock);
    expect(slow).toMatchObject({ name: "slow", medianMs: 50, cpuMs: 25, coldMs: 50 });
    expect(fast).toMatchObject({ name: "fast", medianMs: 0.5, cpuMs: 0.25, coldMs: 0.5 });
    expect(fast!.blocksMs).toHaveLength(5);
    expect(fast!.blocksCpuMs).toHaveLength(5);
  });

  it("does not time what others left behind, and says it apart", async () => {
    const { clock, calls, contender } = clockwork();
    const cost = (name: string) => () => {
      return calls.length > 1 && calls.at(-2) !== name ? 35 : 20;
    };
    const contenders = ["a", "b"].map((name) => contender(name, cost(name)));
    const timings = await measure(contenders, pace, clock);
    for (const { medianMs, coldMs } of timings) expect([medianMs, coldMs]).toEqual([20, 35]);
  });

  it("warms up in the first block, and takes the block in the middle", async () => {
    const { clock, calls, contender } = clockwork();
    let runs = 0;
    // three to warm up and two, then one and two a block: the third block is the slow one
    const cost = () => (++runs <= 3 || runs === 3 + 2 + 3 + 2 ? 100 : 20);
    const [timing] = await measure([contender("a", cost)], { ...pace, warmUpMs: 300 }, clock);
    expect(timing!.medianMs).toBe(20);
    expect(timing!.blocksMs).toEqual([20, 20, 100, 20, 20]);
    expect(calls).toHaveLength(3 + 2 + 3 * 3 + 2);
    expect(timing!.spentMs).toBe(clock.now());
  });

  it("gives fewer blocks to who is slow, or has had much time", async () => {
    const { clock, contender } = clockwork();
    const some = [
      contender("ours", () => 20),
      contender("half", () => 40),
      contender("slow", () => 41),
    ];
    const blocks = async (of: typeof some, budgetMs = 10_000) => {
      const timings = await measure(of, { ...pace, budgetMs }, clock);
      return timings.map(({ blocksMs }) => blocksMs.length);
    };
    expect(await blocks(some)).toEqual([5, 5, 2]);
    expect(await blocks([contender("long", () => 350)], 2000)).toEqual([3]);
  });

  it("takes a long call as a block, the calibrating one too; of more than a second two are enough", async () => {
    const { clock, calls, contender } = clockwork();
    const both = [contender("ours", () => 1500), contender("half a second", () => 500)];
    const [ours, half] = await measure(both, pace, clock);
    expect(ours).toMatchObject({ medianMs: 1500, blocksMs: [1500, 1500], coldMs: 1500 });
    expect(half!.blocksMs).toEqual([500, 500, 500, 500, 500]);
    expect(calls).toHaveLength(2 + 5);
  });

  it("gives one block to who is very slow, where a pace says so", async () => {
    const { clock, contender } = clockwork();
    const some = [20, 80, 81].map((cost) => contender(`${cost}`, () => cost));
    const timings = await measure(some, { ...pace, slowestBlocks: 1 }, clock);
    expect(timings.map(({ blocksMs }) => blocksMs.length)).toEqual([5, 2, 1]);
  });

  it("does not call again what is known to take seconds", async () => {
    const { clock, calls, contender } = clockwork();
    const known = { ...contender("known", () => 5000), knownMs: 4500 };
    const all = [contender("ours", () => 20), known];
    expect((await measure(all, pace, clock))[1]).toMatchObject({ medianMs: 4500, coldMs: 4500 });
    expect(await measure(all, { ...pace, longestMs: 1000 }, clock)).toHaveLength(1);
    expect(calls).not.toContain("known");
  });

  it("times a call of four seconds once", async () => {
    const { clock, calls, contender } = clockwork();
    const [timing] = await measure([contender("long", () => 4000)], { ...pace, blocks: 2 }, clock);
    expect(timing).toMatchObject({ medianMs: 4000, blocksMs: [4000] });
    expect(calls).toHaveLength(1);
  });

  it("takes the times of a contender that has clocks of its own", async () => {
    const { clock } = clockwork();
    const time = async (calls: number) => ({ wallMs: 3 * calls, cpuMs: 2 * calls });
    const elsewhere = { name: "elsewhere", run: () => 1, time };
    const [timing] = await measure([elsewhere], pace, clock);
    expect(timing).toMatchObject({ medianMs: 3, cpuMs: 2, coldMs: 3 });
  });

  it("takes no more than twice as long where most of it is not timed", async () => {
    const { clock, calls, contender } = clockwork();
    const { run } = contender("process", () => 30);
    const time = async (calls: number) => {
      for (let i = 0; i < calls; i++) run();
      return { wallMs: 10 * calls };
    };
    const [timing] = await measure([{ name: "process", run, time }], { ...pace, blocks: 1 }, clock);
    expect(timing!.medianMs).toBe(10);
    expect(calls).toHaveLength(1 + 3); // four would be 40 ms of their own
  });

  it("leaves nothing untimed but a first call where each is a process of its own", async () => {
    const { clock, calls, contender } = clockwork();
    const fresh = { ...contender("process", () => 5), isFresh: true };
    const slow = { ...pace, blocks: 2, timedMs: 10, warmUpMs: 100 };
    expect((await measure([fresh], slow, clock))[0]).toMatchObject({ medianMs: 5, coldMs: 5 });
    expect(calls).toHaveLength(2 * (1 + 2));
  });

  it("has no time of the processor where that cannot be known", async () => {
    const { clock, contender } = clockwork();
    const [timing] = await measure([contender("a", () => 20)], pace, { now: clock.now });
    expect(timing).not.toHaveProperty("cpuMs");
    expect(timing!.blocksCpuMs).toEqual([]);
  });

  it("refuses a result that is not a number", async () => {
    const { clock } = clockwork();
    const broken = { name: "broken", run: () => Number.NaN };
    await expect(measure([broken], pace, clock)).rejects.toThrow("broken: expected numbers");
  });
});

describe("results", () => {
  it("have to agree", () => {
    assertSame("peer", [1.0005, 2], [1, 2], 1e-3);
    expect(() => assertSame("peer", [1, 2.01], [1, 2], 1e-3)).toThrow(
      "peer: expected 2 as result 1, got 2.01: not the same computation",
    );
    expect(() => assertSame("peer", [Number.NaN], [1], 1e-3)).toThrow("got NaN");
    expect(() => assertSame("peer", [1], [1, 2], 1e-3)).toThrow("expected 2 results, got 1");
  });

  it("of long steps are few losses, which have to agree as far as both go", async () => {
    let [time, steps] = [0, 0];
    const run = () => {
      time += 1500;
      return ++steps;
    };
    const { results, callMs } = await firstResults({ run, dispose() {} }, 20, () => time);
    expect([results, callMs]).toEqual([[1, 2], 1500]);
    const first = await firstResults({ run, dispose() {} }, 1, () => time);
    expect(first).toEqual({ results: [3] }); // a call in which some compile says nothing of the next
    const losses = { compares: 20, tolerance: 1e-3 };
    assertAgrees("peer", losses, results, [1, 2, 3]);
    expect(() => assertAgrees("peer", losses, results, [1, 3, 3])).toThrow(
      "expected 3 as result 1",
    );
    const values = { ...losses, compares: "values" } as const;
    expect(() => assertAgrees("peer", values, results, [1, 2, 3])).toThrow("expected 3 results");
    await expect(firstResults({ run, dispose() {} }, "values")).rejects.toThrow("got none");
  });

  it("of the first training steps are losses that fall", async () => {
    const engine = await plainTs.load({ importPackage: async () => undefined });
    for (const item of train.cases.filter(({ name }) => name.startsWith("2-8-2"))) {
      const session = engine && (await item.open(engine));
      if (session === undefined) throw new Error("plain-ts cannot train");
      const { results } = await firstResults(session, item.compares, () => 0);
      expect(results).toHaveLength(20);
      expect(results[19]).toBeLessThan(results[0]!);
    }
  });
});

describe("the ceiling", () => {
  it("is measured by loops that stay finite", () => {
    for (const { name, flops, run } of ceilings()) {
      expect(Number.isFinite(run()), name).toBe(true);
      const [count] = name.match(/\d+/)!;
      expect(flops).toBe(Number(count) * 8 * 100_000);
    }
  });
});

describe("kernel sessions", () => {
  it("multiply operands that are stored transposed", async () => {
    const a = Float32Array.of(1, 2, 3, 4, 5, 6); // (2, 3), or its transpose stored (3, 2)
    const at = Float32Array.of(1, 4, 2, 5, 3, 6);
    const b = Float32Array.of(1, 0, 0, 1, 1, 1); // (3, 2)
    const bt = Float32Array.of(1, 0, 1, 0, 1, 1);
    for (const transA of [false, true]) {
      for (const transB of [false, true]) {
        const operands = { a: transA ? at : a, b: transB ? bt : b };
        const session = matmul({ m: 2, n: 2, k: 3, transA, transB, ...operands });
        expect(Array.from(await session.values())).toEqual([4, 5, 10, 11]);
        expect(session.run()).toBe(4);
        session.dispose();
      }
    }
  });

  it("give an activation and its gradient", async () => {
    const values = { x: Float32Array.of(-1, 2), dy: Float32Array.of(5, 7), rows: 1, columns: 2 };
    const open = (direction: "forward" | "backward") =>
      activation({ activation: "relu", direction, ...values });
    expect(Array.from(await open("forward").values())).toEqual([0, 2]);
    expect(Array.from(await open("backward").values())).toEqual([0, 7]);
  });

  it("give a layer's output and the gradients of x, kernel and bias", async () => {
    const session = dense({
      ...{ activation: "relu", inputs: 2, units: 2, batchSize: 1 },
      x: Float32Array.of(1, 2),
      kernel: Float32Array.of(1, -1, 1, -1),
      bias: Float32Array.of(1, 1),
      dy: Float32Array.of(2, 3),
    });
    expect(Array.from(await session.values())).toEqual([4, 0, 2, 2, 2, 0, 4, 0, 2, 0]);
  });
});

describe("loops written by hand", () => {
  const host = { importPackage: async () => undefined };

  it("compute every activation and its gradient as we do", async () => {
    for (const name of Object.keys(activations) as ActivationName[]) {
      for (const direction of ["forward", "backward"] as const) {
        const values = { rows: 1, columns: 64, x: uniform(1, 64, 4), dy: uniform(2, 64) };
        const spec = { activation: name, direction, ...values };
        const expected = await activation(spec).values();
        assertSame(`${name} ${direction}`, await plainActivation(spec).values(), expected, 1e-5);
      }
    }
  });

  it("train row by row as we do", async () => {
    const [ours, theirs] = await Promise.all(
      [ferrograd, plainTs].map(async (peer) => {
        const session = await onlineCase.open((await peer.load(host))!);
        return (await firstResults(session!, onlineCase.compares, () => 0)).results;
      }),
    );
    assertSame("xor", theirs!, ours!, onlineCase.tolerance);
    expect(ours![19]).toBeLessThan(ours![0]!);
  });
});

describe("sizes", () => {
  it("stand beside those of peers that have such a file", () => {
    const program = { version: "2", javascript: 30, wasm: 0, wasmGzip: 0 };
    const programs = { with: { ...program, wasm: 80, wasmGzip: 40 }, without: program };
    const ours = (name: string) => ({ name, kilobytes: 1, bytes: 20 });
    const [raw, whole] = sizeRows([ours("wasm/raw"), ours("sequential+dense/gzip")], programs);
    expect(raw).toMatchObject({ ours: { bytes: 20 }, ceilingBytes: 1000, ratio: { with: 4 } });
    expect(raw!.peers).toEqual({ with: { version: "2", bytes: 80 } });
    expect(whole!.ratio).toEqual({ with: 3.5, without: 1.5 });
    expect(formatTables([size], [raw!, whole!])).toContain("80 (4.00x)");
  });
});
