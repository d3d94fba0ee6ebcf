import { describe, expect, test } from "vitest";
import { caseNames, golden, names, supported, unsupported } from "./support/golden.ts";

const files = Object.keys(golden) as (keyof typeof golden)[];

describe("the list of unsupported golden cases", () => {
  for (const file of files) {
    test(`of ${file} names cases that exist`, () => {
      const missing = Object.keys(unsupported[file]).filter(
        (name) => !caseNames(file).includes(name),
      );
      expect(missing).toEqual([]);
    });

    test(`of ${file} names nothing that the library has learned`, () => {
      const learned = Object.entries(unsupported[file]).filter(([, probe]) => probe());
      expect(learned.map(([name]) => name)).toEqual([]);
    });
  }

  test("leaves cases in every file", () => {
    for (const file of files) expect(supported(file).length, file).toBeGreaterThan(1);
  });

  test("leaves out no loss, no optimizer and one activation", () => {
    const left = (["activations", "losses", "optimizers"] as const).map((file) => {
      const rest = supported(file) as readonly unknown[];
      return golden[file].cases.filter((c) => !rest.includes(c)).map(({ name }) => name);
    });
    expect(left).toEqual([["sparsemax", "sparsemax"], [], []]);
  });

  test("and the table of names together cover every case", () => {
    const ops = new Set(supported("layers").map(({ op }) => op));
    expect([...ops].sort()).toEqual(["linear", ...Object.keys(names.layers)].sort());
    for (const file of ["activations", "losses", "optimizers"] as const) {
      const rest = supported(file).map(({ name }) => name);
      expect([...new Set(rest)].sort(), file).toEqual(Object.keys(names[file]).sort());
    }
  });
});
