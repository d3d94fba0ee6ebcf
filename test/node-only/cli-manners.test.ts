import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { bundledCommand, ENVIRONMENT } from "./cli-command.ts";

const { folder, file, ferrograd, run, path } = bundledCommand();

const TRAIN = "train --csv points.csv --target kind --networks 1 --epochs 3 --no-report";
const points = Array.from({ length: 60 }, (_, i) => `${i % 11},${(i * 7) % 13},${"ab"[i % 2]}`);

/** A line of a shell, in the folder. */
function shell(line: string) {
  const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(path())}`;
  const options = { cwd: folder, encoding: "utf8", env: ENVIRONMENT } as const;
  return spawnSync("sh", ["-c", line.replaceAll("ferrograd", command)], options);
}

beforeAll(async () => {
  writeFileSync(file("points.csv"), `x,y,kind\n${points.join("\n")}\n`);
  await run(`${TRAIN} --save points.model`);
});

/** What stands behind the header of a file in the safetensors format, whose length its first 8 bytes say. */
function weightsOf(name: string): Buffer {
  const bytes = readFileSync(file(name));
  const weights = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
  expect(weights.length).toBeGreaterThan(0);
  return weights;
}

describe("standard input", () => {
  it("is trained on, predicted and described", () => {
    const input = readFileSync(file("points.csv"), "utf8");
    const options = { cwd: folder, input, encoding: "utf8", env: ENVIRONMENT } as const;
    const piped = (line: string) =>
      spawnSync(process.execPath, [path(), ...line.split(" ")], options);
    const trained = piped(`${TRAIN.replace("points.csv", "-")} --save piped.model`);
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    expect(trained.stdout).toContain("standard input: 48 rows to learn from, 12 for the test");
    expect(weightsOf("piped.model")).toEqual(weightsOf("points.model"));
    expect(piped("predict --model points.model --csv -").stdout.split("\n")).toHaveLength(62);
    expect(piped("describe -").stdout).toContain("standard input: 60 rows, 3 columns");
  });
});

describe.skipIf(process.platform === "win32")("a file on standard input", () => {
  it("is not replaced by the answers", () => {
    writeFileSync(file("input.csv"), readFileSync(file("points.csv")));
    const line = "ferrograd predict --model points.model --csv - --output input.csv < input.csv";
    const { status, stderr } = shell(line);
    expect(status).toBe(2);
    expect(stderr).toContain("--output: expected another file than that of --csv, got");
    expect(readFileSync(file("input.csv"))).toEqual(readFileSync(file("points.csv")));
  });
});

describe.skipIf(process.platform === "win32")("where standard output ends", () => {
  it("early, as by head, the training goes on and saves", () => {
    const { stdout, stderr } = shell(`ferrograd ${TRAIN} --save cut.model | head -1`);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stderr).toBe("");
    expect(existsSync(file("cut.model"))).toBe(true);
  });

  it.skipIf(!existsSync("/dev/full"))("because the disk is full, one sentence says so", () => {
    for (const line of [
      "inspect points.model",
      "predict --model points.model --csv points.csv",
      "describe points.csv",
    ]) {
      const { status, stderr } = shell(`ferrograd ${line} > /dev/full`);
      expect([status, stderr]).toEqual([1, "ferrograd: standard output: the disk is full\n"]);
    }
  });

  it.skipIf(!existsSync("/dev/zero"))("a device is no model, and no table", () => {
    expect(ferrograd(["inspect", "/dev/zero"])).toMatchObject({
      status: 2,
      stderr: 'ferrograd: <file>: expected a file to read, got "/dev/zero": it is a device\n',
    });
    const { status, stderr } = ferrograd(["describe", "/dev/zero"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^zero: row 1: expected text in UTF-8, got the byte 0x00/);
  });
});

describe("files that a command writes", () => {
  it.each([
    [`${TRAIN.replace("--no-report", "--report same")} --save same`, "--report", "--save"],
    [`${TRAIN} --save points.csv`, "--save", "--csv"],
    ["predict --model points.model --csv points.csv --output points.csv", "--output", "--csv"],
    [
      "predict --model points.model --csv points.csv --output ./points.model",
      "--output",
      "--model",
    ],
  ])("%s: an output is no other file of the command", async (line, flag, other) => {
    const before = readFileSync(file("points.csv"), "utf8");
    const { status, stderr } = await run(line);
    expect(status).toBe(2);
    expect(stderr).toContain(
      `ferrograd: ${flag}: expected another file than that of ${other}, got`,
    );
    expect(readFileSync(file("points.csv"), "utf8")).toBe(before);
  });

  it.skipIf(!existsSync("/dev/stdout"))("may be pipes, which have no name", () => {
    const line =
      "ferrograd predict --model points.model --csv points.csv --output /dev/stdout | cat";
    const { stdout, stderr } = shell(line);
    expect(stderr).toBe("");
    expect(stdout.split("\n")).toHaveLength(62);
    expect(stdout).toMatch(/^row,/);
  });

  it.skipIf(process.platform === "win32")(
    "keep their mode and their links, and nothing beside them",
    async () => {
      writeFileSync(file("kept.csv"), "old");
      chmodSync(file("kept.csv"), 0o640);
      symlinkSync("kept.csv", file("link.csv"));
      await run("predict --model points.model --csv points.csv --output link.csv");
      expect(lstatSync(file("link.csv")).isSymbolicLink()).toBe(true);
      expect(statSync(file("kept.csv")).mode & 0o777).toBe(0o640);
      symlinkSync("later.csv", file("early.csv"));
      await run("predict --model points.model --csv points.csv --output early.csv");
      expect(lstatSync(file("early.csv")).isSymbolicLink()).toBe(true);
      expect(readFileSync(file("later.csv"), "utf8")).toMatch(/^row,/);
      linkSync(file("kept.csv"), file("twin.csv"));
      await run("predict --model points.model --csv points.csv --json --output kept.csv");
      expect(readFileSync(file("twin.csv"), "utf8")).toMatch(/^\[\{"row":2,/);
      writeFileSync(file("wrong.csv"), "x,y\n1,2\nu,v\n");
      const before = readFileSync(file("kept.csv"), "utf8");
      await run("predict --model points.model --csv wrong.csv --output link.csv");
      expect(readFileSync(file("kept.csv"), "utf8")).toBe(before);
      expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
    },
  );
});

describe("control characters of files", () => {
  it("are spelled out wherever they are shown", async () => {
    const bad = "e\x1b[31mvil";
    const rows = points.map((row) => row.replace(/a$/, `a\x1b]0;x\x07`));
    writeFileSync(file("evil.csv"), `${bad},y,kind\n${rows.join("\n")}\n`);
    const outputs = [
      await run(
        "train --csv evil.csv --target kind --networks 1 --epochs 3 --no-report --save evil.model",
      ),
      await run("evaluate --model evil.model --csv evil.csv"),
      await run("inspect evil.model"),
      await run("describe evil.csv"),
      await run("train --csv evil.csv --target nothing"),
      await run("predict --model evil.model --csv points.csv"),
    ];
    for (const { stdout, stderr } of outputs) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(`${stdout}${stderr}`).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
    expect(outputs[0]!.stdout).toContain("e\\u{1b}[31mvil");
    expect(outputs[2]!.stdout).toContain("a\\u{1b}]0;x\\u{07}");
  });
});

describe("large files", () => {
  it("are described, learnt from and predicted in little memory", () => {
    const line = "12.5,-3.25,100,0.5,17,2026-01-05,red,7.75,8.5,a\n";
    const head = "c0,c1,c2,c3,c4,day,color,c7,c8,kind\n";
    const some = Array.from({ length: 100 }, (_, i) =>
      line
        .replace("12.5", String(i % 17))
        .replace("-3.25", `${i % 5}.5`)
        .replace("100", `${i % 7}`)
        .replace("red", ["red", "blue"][i % 2]!)
        .replace(/a\n/, `${"ab"[i % 2]}\n`),
    );
    writeFileSync(file("few.csv"), head + some.join(""));
    ferrograd(
      "train --csv few.csv --target kind --networks 1 --epochs 2 --no-report --save few.model".split(
        " ",
      ),
    );
    writeFileSync(file("large.csv"), head + some.join("").repeat(1000)); // 5 MB
    const measured = (args: string[]) => {
      // The most that the process itself had: maxRSS begins, in Linux, with what the one that started it had.
      const own = "readFileSync('/proc/self/status','utf8').match(/VmHWM:\\s*(\\d+)/)[1]";
      const most = process.platform === "linux" ? own : "process.resourceUsage().maxRSS";
      const watch = `data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>process.stderr.write('KB '+${most}))`;
      const all = ["--import", watch, path(), ...args];
      const { status, stderr } = spawnSync(process.execPath, all, {
        cwd: folder,
        encoding: "utf8",
        env: ENVIRONMENT,
        maxBuffer: 1e8,
      });
      expect(status).toBe(0);
      return Number(/KB (\d+)/.exec(stderr)![1]) / 1000;
    };
    expect(measured(["describe", "large.csv"])).toBeLessThan(300);
    const training =
      "train large.csv --target kind --hidden none --epochs 1 --batch-size 5000 --no-report";
    // 100,000 rows of 4 features and a class, as float32.
    expect(measured(training.split(" "))).toBeLessThan(200 + 1.5 * 2);
    const answers = [
      "predict",
      "--model",
      "few.model",
      "--csv",
      "large.csv",
      "--output",
      "answers.csv",
    ];
    expect(measured(answers)).toBeLessThan(300);
    expect(statSync(file("answers.csv")).size).toBeGreaterThan(1_000_000);
  });
});
