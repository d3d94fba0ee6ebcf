import { describe, expect, it } from "vitest";
import { type Builds, formatAgainst, runAgainst, SITTINGS } from "../bench/against.ts";
import { generator } from "../bench/random.ts";
import type { Engine, Session, Suite } from "../bench/types.ts";

/** Clocks that only the builds move; `load` is what others take of the processor. */
function setUp() {
  let [wall, cpu] = [0, 0];
  const told: string[] = [];
  const state = { load: 0 };
  /** A build with a core of its own, whose call takes `cost(call)` ms times the luck of its session. */
  const build = (cost: (call: number) => number, value = 1, luck = () => 1): Engine => {
    let calls = 0;
    const open = (): Session => {
      const factor = luck();
      return {
        run() {
          const ms = factor * cost(calls++);
          cpu += ms;
          wall += ms / (1 - state.load);
          return value;
        },
        dispose() {},
      };
    };
    return { version: "1", coreCalls: () => calls, train: open };
  };
  const suite: Suite = {
    ...{ name: "steps", notes: [] },
    cases: [
      {
        ...{ name: "one", api: "op", copies: "none", tolerance: 1e-3 },
        open: (engine) => engine.train?.(undefined as never),
        compares: 1,
      },
    ],
  };
  const clock = { now: () => wall, cpu: () => cpu };
  const run = (builds: Builds) =>
    runAgainst([suite], [builds], {
      sittings: SITTINGS,
      clock,
      progress: (line) => told.push(line),
    });
  return { state, build, run, told };
}

describe("two builds in turns", () => {
  const same = () => 0.5;

  it("a build against itself says 1, after few sittings", async () => {
    const { build, run } = setUp();
    const rows = await run({ mine: build(same), theirs: build(same) });
    expect(rows).toEqual([
      {
        ...{ suite: "steps", case: "one", mineMs: 0.5, theirsMs: 0.5 },
        ...{ ratio: 1, error: 0, sittings: 8, clock: "wall" },
      },
    ]);
    expect(formatAgainst(rows)).toContain("slowest 1.000 (steps one), fastest 1.000 (steps one)");
  });

  it("says how much slower this one is than that one", async () => {
    const { build, run } = setUp();
    const [row] = await run({ mine: build(() => 0.53), theirs: build(same) });
    expect(row!.ratio).toBeCloseTo(1.06, 10);
    expect(row!.mark).toBeUndefined();
  });

  it("leaves out what a slow spell of the machine does to both", async () => {
    const { build, run } = setUp();
    let calls = 0;
    const spell = () => (++calls % 5000 < 1500 ? 0.9 : 0.5);
    const [row] = await run({ mine: build(spell), theirs: build(spell) });
    expect(Math.abs(row!.ratio - 1)).toBeLessThan(0.02);
  });

  it("sits again until it knows where a copy is faster by chance", async () => {
    const { build, run } = setUp();
    const lucky = (seed: number) => {
      const next = generator(seed);
      return build(same, 1, () => 1 + 0.06 * next());
    };
    const [row] = await run({ mine: lucky(1), theirs: lucky(2) });
    expect(row!.sittings).toBeGreaterThan(8);
    expect(Math.abs(row!.ratio - 1)).toBeLessThan(0.02);
    expect(row!.error).toBeLessThan(0.02);
  });

  it("compares the time of the processor where others take a part of it", async () => {
    const { state, build, run } = setUp();
    state.load = 0.6;
    const [row] = await run({ mine: build(() => 0.6), theirs: build(same) });
    expect(row).toMatchObject({ clock: "cpu", mineMs: expect.closeTo(0.6, 10) });
    expect(row!.ratio).toBeCloseTo(1.2, 10);
  });

  it("marks a case that stays uncertain, and does not judge it", async () => {
    const { build, run } = setUp();
    const next = generator(3);
    const mine = build(same, 1, () => 1.5 + next());
    const rows = await run({ mine, theirs: build(same) });
    expect(rows[0]!.error).toBeGreaterThan(0.02);
    expect(rows[0]).toMatchObject({ mark: "noise" });
    expect(formatAgainst(rows)).toContain("no case to judge; 1 of 1 cases not judged");
  });

  it("refuses builds that share a core", async () => {
    const { build, run } = setUp();
    const one = build(same);
    await expect(run({ mine: one, theirs: one })).rejects.toThrow(
      "expected builds with a core each",
    );
  });

  it("names other results and goes on; a case that a build lacks is left out", async () => {
    const { build, run, told } = setUp();
    expect(await run({ mine: build(same), theirs: build(same, 2) })).toHaveLength(1);
    expect(told).toEqual([
      "steps one",
      "  other results: theirs: expected 1 as result 0, got 2: not the same computation",
    ]);
    const lacking: Engine = { version: "0" };
    const failing: Engine = { version: "0", train: () => Promise.reject(new Error("no train")) };
    for (const theirs of [lacking, failing]) {
      expect(await run({ mine: build(same), theirs })).toEqual([]);
    }
    expect(told).toContain("  not in theirs: no train");
  });
});
