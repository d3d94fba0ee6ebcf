import { describe, expect, it } from "vitest";
import { firstResults } from "../../bench/compare.ts";
import { packArrays, unpackArrays } from "../../bench/packing.ts";
import { plainTs } from "../../bench/peers/plain-ts.ts";
import { OverLimit, remoteEngine, serve } from "../../bench/peers/remote.ts";
import { train, trainSpec } from "../../bench/suites/train.ts";
import type { Engine, LineProcess, Session } from "../../bench/types.ts";

/** What goes between two processes, without them; the clock is moved by the runs. */
function connect(load: () => Promise<Engine | undefined>, now = () => 0): LineProcess {
  let answer: ReturnType<typeof serve> | undefined;
  const sent = (value: unknown) => unpackArrays(packArrays(value));
  return {
    async ask(question) {
      answer ??= serve(load, { now });
      return sent((await answer(sent(question))) ?? null);
    },
    end() {
      answer = undefined;
    },
  };
}

describe("a library in another process", () => {
  const host = { importPackage: async () => undefined };

  it("computes what it computes here", async () => {
    const [item] = train.cases.filter(({ name }) => name === "2-8-2/b16/sgd");
    const [there, here] = [
      await remoteEngine(connect(() => plainTs.load(host))),
      (await plainTs.load(host))!,
    ];
    const [a, b] = [await item!.open(there), await item!.open(here)];
    const first = (session: Session) => firstResults(session, item!.compares, () => 0);
    expect(await first(a!)).toEqual(await first(b!));
    const spec = trainSpec("model", [3, 2], 2);
    expect(unpackArrays(packArrays(spec))).toEqual(spec);
  });

  it("is timed there, by its own clock", async () => {
    let time = 0;
    const train = () => ({
      run() {
        time += 2;
        return 1;
      },
      dispose() {},
    });
    const engine = await remoteEngine(
      connect(
        async () => ({ version: "1", train }),
        () => time,
      ),
    );
    const session = await engine.train!(trainSpec("model", [3, 2], 2));
    expect(engine.version).toBe("1");
    expect(engine).not.toHaveProperty("predict");
    expect(await session!.time!(5)).toEqual({ wallMs: 10 });
    expect(await session!.run()).toBe(1);
  });

  it("is ended where a first call takes too long, and loaded again for the next session", async () => {
    let loaded = 0;
    const load = async (): Promise<Engine> => {
      const run = () => (loaded === 1 ? new Promise<number>(() => {}) : 7); // never ends
      loaded++;
      return { version: "1", train: () => ({ run, dispose() {}, isFresh: true }) };
    };
    const engine = await remoteEngine(connect(load), 1);
    const open = async () => (await engine.train!(trainSpec("model", [3, 2], 2)))!;
    const first = (await open()).run();
    await expect(first).rejects.toThrow(OverLimit);
    await expect(first).rejects.toThrow("left out: over 0.001 s in its first call");
    const session = await open();
    expect([await session.run(), session.isFresh, loaded]).toEqual([7, true, 2]);
  });

  it("says what it cannot do, and why it is absent", async () => {
    const lacking: Engine = { version: "1", train: () => undefined };
    const engine = await remoteEngine(connect(async () => lacking));
    expect(await engine.train!(trainSpec("model", [3, 2], 2))).toBeUndefined();
    const failing: Engine = { version: "1", train: () => Promise.reject(new Error("too old")) };
    const other = await remoteEngine(connect(async () => failing));
    await expect(other.train!(trainSpec("model", [3, 2], 2))).rejects.toThrow("too old");
    await expect(remoteEngine(connect(async () => undefined))).rejects.toThrow("did not start");
    const broken = connect(() => Promise.reject(new Error("no wasm here")));
    await expect(remoteEngine(broken)).rejects.toThrow("no wasm here");
  });
});
