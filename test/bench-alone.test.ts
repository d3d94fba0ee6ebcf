import { describe, expect, it } from "vitest";
import { compareAlone, formatAlone, type Task } from "../bench/alone.ts";
import type { Time, TimeRow } from "../bench/types.ts";

const row = (ours: Time, theirs: Time): TimeRow => ({
  ...{ suite: "train", case: "one", runtime: "node24", build: "simd", api: "op", copies: "none" },
  ours,
  peers: { peer: { version: "1", ...theirs } },
  ratio: { peer: theirs.medianMs / ours.medianMs },
});

describe("alone", () => {
  /** Answers with the times of each try, and keeps what was asked. */
  function setUp(alone: Record<string, number[]>, again: readonly TimeRow[] = []) {
    const asked: string[] = [];
    return {
      asked,
      alone: ({ contender }: Task) => {
        asked.push(contender);
        const medianMs = alone[contender]?.shift();
        return medianMs === undefined ? undefined : { medianMs };
      },
      again: async (tasks: readonly Task[]) => {
        asked.push(`again ${tasks.map(({ contender }) => contender).join()}`);
        return again;
      },
    };
  }

  it("compares each contender's time with that in a process of its own", async () => {
    const { asked, ...options } = setUp({ ferrograd: [1], peer: [2] });
    const rows = await compareAlone([row({ medianMs: 1.05 }, { medianMs: 1.9 })], options);
    const task = { suite: "train", case: "one", clock: "wall", differs: false };
    expect(rows).toEqual([
      { ...task, contender: "ferrograd", companyMs: 1.05, aloneMs: 1, ratio: 1.05 },
      { ...task, contender: "peer", companyMs: 1.9, aloneMs: 2, ratio: 0.95 },
    ]);
    expect(asked).toEqual(["ferrograd", "peer"]);
    expect(formatAlone(rows)).not.toContain("differs");
  });

  it("says that a time differs only after both were taken twice", async () => {
    const company = row({ medianMs: 1 }, { medianMs: 3 });
    const { asked, ...options } = setUp({ ferrograd: [1], peer: [2, 2] }, [company]);
    const rows = await compareAlone([company], options);
    expect(rows.map(({ differs }) => differs)).toEqual([false, true]);
    expect(asked).toEqual(["ferrograd", "peer", "again peer", "peer"]);
    expect(formatAlone(rows)).toMatch(/one +peer .*1\.50 +wall +differs/);
  });

  it.each([
    ["the second try agrees", 2.05],
    ["the second try differs the other way", 1.5],
  ])("says nothing where %s", async (_, second) => {
    const again = [row({ medianMs: 1 }, { medianMs: second })];
    const options = setUp({ ferrograd: [1], peer: [2, 2] }, again);
    const rows = await compareAlone([row({ medianMs: 1 }, { medianMs: 3 })], options);
    expect(rows.map(({ differs }) => differs)).toEqual([false, false]);
  });

  it("compares the processor's time where others took a part, and leaves out who cannot do it", async () => {
    const busy = row({ medianMs: 4, cpuMs: 1 }, { medianMs: 4, cpuMs: 1 });
    const alone = ({ contender }: Task) =>
      contender === "peer" ? undefined : { medianMs: 1.01, cpuMs: 1 };
    const rows = await compareAlone([busy], { alone, again: async () => [] });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ clock: "cpu", ratio: 1, differs: false });
  });
});
