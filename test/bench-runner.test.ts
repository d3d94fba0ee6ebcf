import { describe, expect, it } from "vitest";
import { QUICK } from "../bench/harness.ts";
import { OverLimit } from "../bench/peers/remote.ts";
import { runSuites } from "../bench/runner.ts";
import { formatTables } from "../bench/table.ts";
import type { Engine, Peer, Session, Suite, TimeRow } from "../bench/types.ts";

describe("runSuites", () => {
  /** A clock that only the sessions move: the times are exact. */
  let time = 0;
  const session = (value: number, ms: number): Session => ({
    run() {
      time += ms;
      return value;
    },
    dispose() {},
  });
  const peer = (name: string, value: number, ms = 20): Peer => ({
    name,
    installed: false,
    load: async (): Promise<Engine> => ({ version: "1.2.3", train: () => session(value, ms) }),
  });
  const suite: Suite = {
    name: "constant",
    notes: ["a note"],
    cases: [
      {
        name: "one",
        api: "op",
        copies: "none",
        tolerance: 1e-3,
        open: (engine) => engine.train?.(undefined as never),
        compares: 1,
      },
    ],
  };
  const options = {
    ours: peer("ours", 1),
    pace: { ...QUICK, blocks: 1 },
    clock: { now: () => time },
    runtime: "node24",
    host: { importPackage: async () => undefined },
    progress: () => {},
  };

  it("gives one row a case and prints it as a table", async () => {
    const found = await runSuites([suite], { ...options, peers: [peer("same", 1.0001, 30)] });
    const rows = found.rows as TimeRow[];
    const [row] = rows;
    expect(row).toEqual({
      suite: "constant",
      case: "one",
      runtime: "node24",
      build: "simd",
      api: "op",
      copies: "none",
      ours: { medianMs: 20 },
      peers: { same: { version: "1.2.3", medianMs: 30 } },
      ratio: { same: 1.5 },
    });
    const table = formatTables([suite], rows);
    expect(table).toContain("same 1.2.3");
    expect(table).toContain("* a note");
  });

  it("gives another build a row of its own, beside the default one", async () => {
    const relaxed = peer("relaxed", 1.0001, 16);
    const peers = [peer("same", 1)];
    const rows = (await runSuites([suite], { ...options, relaxed, peers })).rows as TimeRow[];
    const [row, other] = rows;
    expect(rows).toHaveLength(2);
    expect([row!.build, Object.keys(row!.peers)]).toEqual(["simd", ["same"]]);
    expect(other).toMatchObject({
      ...{ case: "one", build: "relaxed" },
      peers: { simd: { version: "1.2.3", ...row!.ours } },
      ratio: { simd: 1.25 },
    });
    expect(formatTables([suite], rows)).toMatch(/^one .* relaxed /m);
  });

  it("names another build that this engine lacks", async () => {
    const relaxed = { ...peer("relaxed", 1), load: () => Promise.reject(new Error("too old")) };
    const told: string[] = [];
    const progress = (line: string) => void told.push(line);
    const { rows } = await runSuites([suite], { ...options, relaxed, peers: [], progress });
    expect(rows.map(({ build }) => build)).toEqual(["simd"]);
    expect(told).toContain("absent here: relaxed: too old");
  });

  it("gives what is added to a baseline that is timed in turns with it", async () => {
    const [item] = suite.cases;
    const watched = { ...item!, open: () => session(1, 15), baseline: () => session(1, 10) };
    const suites = [{ ...suite, cases: [watched] }];
    const [row] = (await runSuites(suites, { ...options, peers: [] })).rows;
    expect((row as TimeRow).overhead).toBe(0.5);
    expect(row!.peers).toEqual({});
  });

  it("compares with the baseline in the turns that both had", async () => {
    const [item] = suite.cases;
    const long = { ...item!, open: () => session(1, 1000), baseline: () => session(1, 999) };
    const paced = { ...options, pace: { ...QUICK, budgetMs: 10_000 }, peers: [] };
    const { rows } = await runSuites([{ ...suite, cases: [long] }], paced);
    expect((rows[0] as TimeRow).overhead).toBeCloseTo(1 / 999);
  });

  it("names a peer whose first call was ended, with the seconds, and says what everyone took", async () => {
    const endless: Peer = {
      ...peer("endless", 1),
      load: async () => ({
        version: "1",
        train: () => ({ run: () => Promise.reject(new OverLimit(12_000)), dispose() {} }),
      }),
    };
    const other = { ...suite.cases[0]!, name: "other", open: () => session(1, 20) };
    const suites = [{ ...suite, cases: [...suite.cases, other] }];
    const { rows, spent } = await runSuites(suites, { ...options, peers: [endless] });
    expect(rows.map((row) => (row as TimeRow).over)).toEqual([{ endless: 12 }, undefined]);
    expect(rows[0]!.peers).toEqual({});
    expect(formatTables(suites, rows)).toMatch(/^one .* over 12 s$/m);
    const [ours, theirs] = spent;
    expect(ours).toMatchObject({ case: "one", contender: "ours" });
    expect(theirs).toEqual({ suite: "constant", case: "one", contender: "endless", seconds: 0 });
    // one to compare, three to warm up and two to time
    expect(ours!.seconds).toBe((20 * (1 + 3 + 2)) / 1000);
  });

  it("compares as many of the first losses as the peer's session says", async () => {
    const falling = (name: string, next: number, compared?: number): Peer => ({
      ...peer(name, 1),
      async load(): Promise<Engine> {
        const values = [1, next, next];
        const run = () => {
          time += 20;
          return values.shift() ?? next;
        };
        return {
          version: "1",
          train: () => ({ run, dispose() {}, ...(compared && { compared }) }),
        };
      },
    });
    const [item] = suite.cases;
    const suites = [{ ...suite, cases: [{ ...item!, compares: 3 }] }];
    const ours = falling("ours", 0.5);
    const peers = [falling("sgd", 0.7, 1)];
    const [row] = (await runSuites(suites, { ...options, ours, peers })).rows;
    expect(row!.ratio).toEqual({ sgd: 1 });
    await expect(
      runSuites(suites, { ...options, ours, peers: [falling("other", 0.7)] }),
    ).rejects.toThrow("other: expected 0.5 as result 1, got 0.7");
  });

  it("fails where a peer computes something else", async () => {
    const peers = [peer("other", 2)];
    await expect(runSuites([suite], { ...options, peers })).rejects.toThrow(
      "constant one: other: expected 1 as result 0, got 2",
    );
  });
});
