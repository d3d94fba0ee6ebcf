import { describe, expect, it } from "vitest";
import { choosePeers, chooseSuites, paceOf } from "../bench/choice.ts";
import { FULL, LONG_CALL_MS, measure, QUICK } from "../bench/harness.ts";
import { peers } from "../bench/peers/index.ts";
import { follow, formatPlan, planOf, START, type Took } from "../bench/plan.ts";
import { formatSpent } from "../bench/spent.ts";
import { suites } from "../bench/suites/index.ts";

const args = {
  ...{ suites: suites.map(({ name }) => name), peers: true, quick: false, json: false },
  ...{ relaxed: false, write: false, alone: false, against: "", case: "", runtimes: "" },
};

describe("the plan", () => {
  const earlier: Took[] = [
    { runtime: "node24", seconds: { start: 4, "gemm a": 8, "gemm b": 20 } },
    { runtime: "deno", seconds: { "gemm a": 5 } },
  ];

  it("knows from earlier runs how long each case takes, there or elsewhere", () => {
    const seconds = planOf("deno", ["gemm a", "gemm b", "new"], earlier).map((p) => p.seconds);
    expect(seconds).toEqual([4, 5, 20, 6]);
    expect(planOf("bun", ["gemm b"], earlier, 0.25).map((p) => p.seconds)).toEqual([1, 5]);
  });

  it("is said in minutes for each runtime, and all together", () => {
    const pieces = ["node24", "deno"].flatMap((name) => planOf(name, ["gemm b"], earlier));
    expect(formatPlan(pieces)).toBe(
      [
        "about 0.8 min:",
        "  node24        1 cases    0.4 min",
        "  deno          1 cases    0.4 min",
      ].join("\n"),
    );
  });

  /** A run of two runtimes that takes twice as long as planned. */
  function run(isTerminal: boolean) {
    let time = 0;
    const written: string[] = [];
    const pieces = ["node24", "deno"].flatMap((name) => planOf(name, ["gemm b"], earlier));
    const options = { write: (text: string) => void written.push(text), isTerminal };
    const progress = follow(pieces, { ...options, now: () => time });
    for (const runtime of ["node24", "deno"]) {
      progress.tell(runtime, START);
      time += 8_000;
      progress.tell(runtime, "absent here: one");
      progress.tell(runtime, "gemm b");
      time += 40_000;
      expect(progress.finish(runtime)).toEqual({ start: 8, "gemm b": 40 });
    }
    return written;
  }

  it("is followed by a bar with the time that is left, at the pace that is found", () => {
    expect(run(false)).toEqual([
      "[........................] 0 %, 0.8 min left: node24 start\n",
      "absent here: one\n",
      "[##......................] 8 %, 1.5 min left: node24 gemm b\n",
      "[############............] 50 %, 0.8 min left: deno start\n",
      "absent here: one\n",
      "[##############..........] 58 %, 0.7 min left: deno gemm b\n",
    ]);
  });

  it("is written over on a terminal, below what is told", () => {
    const [first, told, second] = run(true);
    expect(first).toMatch(/^\r.*start$/);
    expect(told).toBe(`\r\x1b[Kabsent here: one\n${first!.slice(4)}`);
    expect(second).toMatch(/^\r.*gemm b$/);
  });
});

describe("where the minutes went", () => {
  it("is a line for each suite, then the contenders that took most", () => {
    const spent = Array.from({ length: 12 }, (_, i) => ({
      ...{ suite: "gemm", case: `${i}`, contender: "ours", seconds: i },
    }));
    const slow = { suite: "conv", case: "vgg", contender: "jax-js", seconds: 60 };
    const text = formatSpent([
      { runtime: "node24", seconds: { start: 3, "gemm a": 30, "conv vgg": 62 }, spent: [slow] },
      { runtime: "deno", seconds: { start: 2, "gemm a": 23 }, spent },
    ]);
    const lines = text.split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, "|"));
    expect(lines.slice(0, 5)).toEqual([
      "where 2.0 min went:",
      "suite|times|seconds|share",
      "conv|1|62.0|51.7 %",
      "gemm|2|53.0|44.2 %",
      "start|2|5.0|4.2 %",
    ]);
    expect(lines.slice(6, 9)).toEqual([
      "runtime|case|contender|seconds",
      "node24|conv vgg|jax-js|60.0",
      "deno|gemm 11|ours|11.0",
    ]);
    expect(lines).toHaveLength(7 + 10);
  });
});

describe("what a runtime measures", () => {
  const namesOf = (chosen: typeof suites) =>
    chosen.flatMap(({ name, cases }) => cases.map((item) => `${name} ${item.name}`));

  it("in brief: the cases of every runtime, without suites that have none", () => {
    const chosen = chooseSuites(suites, { ...args, brief: true });
    const expected = suites.flatMap(({ name, everywhere = [] }) =>
      everywhere.map((item) => `${name} ${item}`),
    );
    expect(namesOf(chosen).sort()).toEqual(expected.sort());
    expect(chosen.some(({ rows }) => rows !== undefined)).toBe(false);
  });

  it("else all of them, but in browsers what needs processes", () => {
    expect(namesOf(chooseSuites(suites, { ...args, brief: false }))).toEqual(namesOf(suites));
    const inBrowser = chooseSuites(suites, { ...args, brief: false }, true);
    expect(inBrowser.map(({ name }) => name)).not.toContain("init");
  });

  it("by a part of their names", () => {
    const chosen = chooseSuites(suites, { ...args, brief: false, case: "b32/sgd" });
    expect(namesOf(chosen)).toEqual(["train 784-128-10/b32/sgd"]);
  });

  it("in brief beside peers that depend on the runtime, in calls of at most a second", () => {
    const names = (brief: boolean) =>
      choosePeers(peers, { peers: true, brief }).map(({ name }) => name);
    const native = names(false).filter((name) => !names(true).includes(name));
    expect(native).toEqual(["onnxruntime-node", "pytorch", "numpy"]);
    const without = choosePeers(peers, { peers: false, brief: true }).map(({ name }) => name);
    expect(without).toEqual(["plain-ts", "object-loop"]);
    expect(paceOf({ quick: false, brief: false })).toBe(FULL);
    expect(paceOf({ quick: true, brief: true })).toEqual({ ...QUICK, longestMs: LONG_CALL_MS });
  });

  it("leaves out who is longer, but for the first; of long calls two rounds are enough", async () => {
    let time = 0;
    const contender = (name: string, ms: number) => ({
      name,
      run() {
        time += ms;
        return 1;
      },
    });
    const all = [contender("ours", 1200), contender("long", 1300), contender("short", 20)];
    const clock = { now: () => time };
    const brief = await measure(all, { ...FULL, longestMs: LONG_CALL_MS }, clock);
    expect(brief.map(({ name }) => name)).toEqual(["ours", "short"]);
    const whole = await measure(all, FULL, clock);
    expect(whole.map(({ blocksMs }) => blocksMs.length)).toEqual([2, 2, 3]);
  });
});
