import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { checkpoint, csvLogger, fileStore, resume } from "ferrograd";
import { afterAll, describe, expect, test } from "vitest";
import { blobs, classifier, failure } from "../support/model.ts";
import { memoryStore, STEPS, survivor } from "../support/stores.ts";

const folder = mkdtempSync(join(tmpdir(), "ferrograd-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("fileStore", () => {
  test("keeps files in a folder that it makes", async () => {
    const store = fileStore(join(folder, "new", "inside"));
    expect(await store.read("a")).toBeUndefined();
    await store.delete("a");
    await store.write("a", bytes(1, 2));
    await store.write("a", bytes(3));
    expect(await store.read("a")).toEqual(Buffer.of(3));
    expect(readdirSync(join(folder, "new", "inside"))).toEqual(["a"]);
    await store.delete("a");
    expect(await store.read("a")).toBeUndefined();
  });

  test("writes of one name that overlap come one after the other", async () => {
    const store = fileStore(folder);
    await Promise.all([1, 2, 3, 4].map((value) => store.write("many", bytes(value))));
    expect(await store.read("many")).toEqual(Buffer.of(4));
    await store.delete("many");
  });

  test("keeps the mode, and a link leads where it led", async () => {
    const target = join(folder, "target");
    mkdirSync(target);
    const [real, link] = [join(target, "real"), join(folder, "link")];
    writeFileSync(real, "old");
    chmodSync(real, 0o640);
    symlinkSync(join("target", "real"), link);
    await fileStore(folder).write("link", bytes(7));
    expect(readlinkSync(link)).toBe(join("target", "real"));
    expect([...readFileSync(real)]).toEqual([7]);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readdirSync(target)).toEqual(["real"]);
  });

  test("removes what killed processes left half-written, and nothing else", async () => {
    const nobody = 2 ** 22 + 1; // above the largest number that Linux gives to a process
    const left = [`b.${nobody}.partial`, `b.${process.pid}.partial`];
    const others = [`b.${process.ppid}.partial`, `c.${nobody}.partial`, "b.x.partial", "b.1"];
    for (const name of [...left, ...others]) writeFileSync(join(folder, name), "half");
    await fileStore(folder).write("b", bytes(1));
    for (const name of left) expect(existsSync(join(folder, name))).toBe(false);
    for (const name of others) expect(existsSync(join(folder, name))).toBe(true);
  });

  test("names that lead out of the folder, and what the system refuses, are typed errors", async () => {
    const store = fileStore(folder);
    for (const name of ["", ".", "..", "a/b", "../a", "a\\b", "a\0", "a.1.partial", 5]) {
      expect(await failure(() => store.write(name as string, bytes(1)))).toMatch(
        /^ArgumentError: fileStore\(\): name: expected/,
      );
    }
    writeFileSync(join(folder, "file"), "");
    const inFile = fileStore(join(folder, "file"));
    const error = await Promise.resolve(inFile.write("a", bytes(1))).catch((e: Error) => e);
    expect(String(error)).toMatch(/^StateError: fileStore\(\): expected a file to write, got/);
    expect((error as Error).cause).toMatchObject({ code: expect.any(String) });
    mkdirSync(join(folder, "a folder"));
    expect(await failure(() => store.write("a folder", bytes(1)))).toMatch(
      /^StateError: fileStore/,
    );
    expect(await failure(() => store.read("a folder"))).toMatch(
      /^StateError: fileStore\(\): expected a file to read/,
    );
    expect(readdirSync(folder).some((name) => name.startsWith("a folder."))).toBe(false);
    expect(() => fileStore(5 as never)).toThrow("fileStore(): folder: expected");
  });
});

/** Trains, says each step, waits for a line after each; the write of the number given hangs half-way. */
const PROGRAM = `
import { checkpoint, csvLogger, fileStore, resume } from "ferrograd";
import { survivor } from "./test/support/stores.ts";
const [folder, hangs] = process.argv.slice(2);
const fs = process.getBuiltinModule("node:fs/promises");
const { open } = fs;
let writes = 0;
fs.open = async (path, flags) => {
  const file = await open(path, flags);
  if (flags === "w" && ++writes === Number(hangs)) {
    file.writeFile = async (bytes) => {
      await file.write(bytes.subarray(0, bytes.length / 2));
      process.stdout.write("writing\\n");
      await new Promise((resolve) => process.stdin.on("data", () => {}));
    };
  }
  return file;
};
let go = () => {};
process.stdin.on("data", () => go());
process.stdin.unref();
const onStep = (step) => {
  process.stdout.write(step + "\\n");
  return new Promise((resolve) => { go = resolve; process.stdin.ref(); });
};
process.stdout.write("=" + await survivor(fileStore(folder), onStep) + "\\n");
process.exit(0);
`;

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = buildSync({
  stdin: { contents: PROGRAM, resolveDir: root },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["@ferrograd/source"],
  absWorkingDir: root,
  logLevel: "error",
}).outputFiles[0]!.text;
const program = join(folder, "survivor.mjs");
writeFileSync(program, built);

/** Trains in a process that is killed when it says this line; what the training came to, if it came to its end. */
function trainedIn(store: string, until: string, hangs = 0): Promise<string | undefined> {
  const child = spawn(process.execPath, [program, store, String(hangs)]);
  let said = "";
  let result: string | undefined;
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  child.stdout.on("data", (text) => {
    said += text;
    const lines = said.split("\n");
    said = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("=")) result = line.slice(1);
      else if (line === until) child.kill("SIGKILL");
      else child.stdin.write("go on\n");
    }
  });
  child.stdin.on("error", () => {}); // it was killed
  return new Promise((resolve, reject) => {
    child.on("close", () => (errors === "" ? resolve(result) : reject(new Error(errors))));
  });
}

describe("a training whose process is killed goes on bit for bit", () => {
  const long = process.env.FERROGRAD_LONG === "1";
  const random = () => 1 + Math.floor(Math.random() * STEPS);
  const steps = Array.from({ length: long ? 20 : 3 }, random).sort((a, b) => a - b);

  test(`at steps ${steps}`, async () => {
    const store = join(folder, "killed");
    const whole = await survivor(memoryStore().store);
    for (const step of new Set(steps)) {
      expect(await trainedIn(store, String(step))).toBeUndefined();
      expect(readdirSync(store)).toEqual(["backup"]);
    }
    expect(await trainedIn(store, "")).toBe(whole);
    expect(readdirSync(store)).toEqual([]);
  });

  test("in the midst of writing a checkpoint, between two epochs too", async () => {
    const store = join(folder, "writing");
    const whole = await survivor(memoryStore().store);
    for (const write of [1, 4, 5]) {
      expect(await trainedIn(store, "writing", write)).toBeUndefined();
      expect(readdirSync(store).some((name) => name.endsWith(".partial"))).toBe(true);
    }
    expect(await trainedIn(store, "")).toBe(whole);
    expect(readdirSync(store)).toEqual([]);
  });
});

test("a log in a file of Node has each epoch once, however often its training is gone on with", async () => {
  const path = join(folder, "log.csv");
  const { x, y } = blobs();
  writeFileSync(path, "of before\n");
  const saved: Uint8Array[] = [];
  const train = async () => {
    using model = classifier();
    if (saved.length > 0) resume(model, saved[0]!);
    const onBatchEnd = (step: number) => step === 5 && void saved.push(checkpoint(model));
    const file = await open(path, "a");
    const callbacks = [{ onBatchEnd }, csvLogger(file)];
    await model.fit(x, y, { epochs: 4, batchSize: 20, callbacks });
    await file.close();
    return readFileSync(path, "utf8");
  };
  const text = await train();
  expect(text.split("\n").map((line) => line.split(",")[0])).toEqual([
    ...["of before", "epoch", "1", "2", "3", "4", ""],
  ]);
  expect(await train()).toBe(text);
});
