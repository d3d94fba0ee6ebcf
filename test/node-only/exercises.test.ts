/** What CONTRIBUTING.md and docs/extending.md add, done in a copy of the checkout; that in Rust in the long run. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  commandsOf,
  copyCheckout,
  EXERCISES,
  filesOf,
  insert,
  inserted,
  placesOf,
  runThere,
} from "../../scripts/lib/exercises.mjs";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { which } from "../../scripts/lib/run.mjs";

describe.each(EXERCISES)("$name", (exercise) => {
  it(`takes at most ${exercise.most} files beside tests, documents and what is generated`, () => {
    const files = filesOf(exercise);
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThanOrEqual(exercise.most);
  });

  it("has places and commands", () => {
    expect(placesOf(exercise).length).toBeGreaterThanOrEqual(3);
    expect(commandsOf(exercise).join("\n")).toContain("vitest");
  });

  it("has places that are in the checkout, each once", () => {
    for (const place of placesOf(exercise).filter(({ line }) => line !== undefined)) {
      const text = readFileSync(join(ROOT, place.file), "utf8");
      expect(inserted(text, place)).toContain(place.body);
    }
  });
});

it("goes where the document says, or says why it can't", () => {
  const place = { file: "a.ts", side: "behind", line: "two", body: "new\n" } as const;
  expect(inserted("one\ntwo\nthree", place)).toBe("one\ntwo\nnew\nthree");
  expect(inserted("one\ntwo\nthree", { ...place, side: "before" })).toBe("one\nnew\ntwo\nthree");
  expect(() => inserted("two\ntwo", place)).toThrow('a.ts: expected "two" once, got it 2 times');
  expect(() => inserted("one", place)).toThrow('a.ts: expected "two" once, got it 0 times');
});

describe("in a copy of the checkout", () => {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-exercises-"));
  beforeAll(() => copyCheckout(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const quick = EXERCISES.filter(({ rust }) => !rust);
  it("those in TypeScript work beside each other", () => {
    for (const exercise of quick) insert(exercise, folder);
    const files = quick.flatMap(placesOf).map(({ file }) => file);
    const tests = files.filter((file) => /^test\/.*\.test\.ts$/.test(file));
    const said = runThere(
      folder,
      `npx vitest run --project=node --no-isolate --maxWorkers=1 ${tests.join(" ")}`,
    );
    expect(said).toMatch(new RegExp(`Test Files.* ${quick.length} passed`));
  });

  // These build the core.
  if (process.env.FERROGRAD_LONG === "1") {
    it.each(EXERCISES.filter(({ rust }) => !rust || which("cargo") !== undefined))(
      "$name works, with all its commands",
      (exercise) => {
        if (exercise.rust) insert(exercise, folder);
        for (const line of commandsOf(exercise)) expect(runThere(folder, line)).not.toBe("");
      },
    );
  }
});
