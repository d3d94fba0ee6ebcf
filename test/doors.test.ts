import manifest from "ferrograd/package.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { ENTRIES } from "./support/doors.ts";
import { doors, functions, knock, reference } from "./support/knock.ts";

describe("every export", () => {
  it("is of an entry that is looked at", () => {
    // Where ferrograd/fused is loaded first, the numbers of all tests are its own: fused.test.ts runs it elsewhere.
    const modules = Object.keys(manifest.exports).filter(
      (name) => !/fused$|\.(wasm|json)$/.test(name),
    );
    expect(Object.keys(ENTRIES).sort()).toEqual(modules.sort());
  });

  it("has a right call here", () => {
    expect([...functions.keys()].filter((name) => !doors.has(name))).toEqual([]);
  });
});

describe("takes what it should and refuses the rest, with a typed error that begins with its name", () => {
  const before = reference();

  it.each([...doors.keys()].map((name, turn) => [name, turn] as const))(
    "%s",
    async (name, turn) => {
      expect(await knock(name, doors.get(name)!)).toEqual([]);
      // What a call leaves behind stays: looked for after every eighth, and after the last.
      if (turn % 8 === 7 || turn === doors.size - 1) expect(reference()).toEqual(before);
    },
  );
});
