import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { runInProcess } from "./cli-command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function node(file: string, args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined };
  const options = { cwd: root, encoding: "utf8", env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], options);
  return { status, stdout, stderr };
}

/** The script behind `npm start`; it bundles the command to the file that `ferrograd` runs. */
const start = (...args: string[]) => node("scripts/start.mjs", args);
const ferrograd = (...args: string[]) => node("packages/cli/dist/main.js", args);
const train = (...args: string[]) => ferrograd("train", "--dataset", "iris", ...args);

describe("npm start -- --json", () => {
  let first: ReturnType<typeof start>;
  beforeAll(() => {
    first = start("--json", "--seed", "1", "--epochs", "10");
  });

  it("prints one JSON object of the fields that programs read, and nothing else", () => {
    expect(first.status).toBe(0);
    expect(first.stdout.trim().split("\n")).toHaveLength(1);
    const number = expect.any(Number);
    const epoch = { loss: number, accuracy: number, val_loss: number, val_accuracy: number };
    expect(JSON.parse(first.stdout)).toStrictEqual({
      dataset: "digits",
      model: [64, 128, 10],
      layers: ["dense", "dense_1"],
      seed: 1,
      epochs: Array.from({ length: 10 }, () => epoch),
      testAccuracy: number,
      testAccuracyInterval: [number, number],
      testBalancedAccuracy: number,
      testMostFrequentClass: { name: expect.any(String), share: number },
      testClasses: Array.from({ length: 10 }, (_, i) => ({
        ...{ name: String(i), precision: number, recall: number, f1: number, count: number },
      })),
      testLoss: number,
      msPerStep: number,
      msTotal: number,
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("learns the digits", () => {
    const { epochs, testAccuracy, msPerStep, msTotal } = JSON.parse(first.stdout);
    expect(testAccuracy).toBeGreaterThanOrEqual(0.95);
    expect(epochs[9].loss).toBeLessThan(epochs[0].loss);
    const steps = 10 * Math.ceil(1294 / 32);
    expect(msPerStep * steps).toBeCloseTo(msTotal, 6);
  });

  it("says the rest on standard error: a line an epoch, accuracy, matrix, mistakes", () => {
    const lines = first.stderr.split("\n");
    expect(lines.filter((line) => /^epoch +\d+\/10 {2}loss \d/.test(line))).toHaveLength(10);
    expect(first.stderr).toContain("test accuracy 0.9");
    expect(first.stderr).toContain("true \\ predicted");
    expect(first.stderr).toMatch(/^true \d +\d+\.\d %/m);
    expect(first.stderr).toMatch(/^said \d +\d+\.\d %/m);
    expect(first.stderr).not.toContain("\x1b");
  });

  it("gives the same weights for the same seed, others for another", () => {
    const digits = ["train", "--dataset", "digits"];
    const hash = (seed: string) =>
      JSON.parse(ferrograd(...digits, "--json", "--seed", seed, "--epochs", "10").stdout)
        .weightsSha256;

    const { weightsSha256 } = JSON.parse(first.stdout);
    expect(hash("1")).toBe(weightsSha256);
    expect(hash("2")).not.toBe(weightsSha256);
  });
});

describe("npm start -- COMMAND", () => {
  it("runs any command", () => {
    const { status, stderr } = start("inspect", "nothing.model");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'ferrograd: <file>: expected a file to read, got "nothing.model": no such file or folder\n',
    });
  });
});

describe("ferrograd train", () => {
  it("trains other data sets, networks and optimizers", () => {
    const options = ["--hidden", "16,8", "--activation", "tanh", "--optimizer", "momentum"];
    const { status, stdout } = train("--json", ...options, "--learning-rate", "0.02");
    expect(status).toBe(0);
    const { dataset, model, testAccuracy } = JSON.parse(stdout);
    expect({ dataset, model }).toEqual({ dataset: "iris", model: [4, 16, 8, 3] });
    expect(testAccuracy).toBeGreaterThan(0.9);
  });

  it("trains without a hidden layer", async () => {
    const args = "train --dataset iris --hidden none --no-report --json".split(" ");
    const { stdout } = await runInProcess(args);
    const { model, testAccuracy } = JSON.parse(stdout);
    expect(model).toEqual([4, 3]);
    expect(testAccuracy).toBeGreaterThan(0.8);
  });

  it("reports on standard output without --json", () => {
    const { status, stdout, stderr } = train("--epochs", "2");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^epoch 2\/2/m);
    expect(stdout).toContain("test accuracy");
    expect(stdout).toContain("versicolor");
  });

  it("stops at Ctrl-C and reports what it has learnt", async () => {
    const args = ["packages/cli/dist/main.js", "train", "--dataset", "iris", "--epochs", "1000000"];
    const child = spawn(process.execPath, args, { cwd: root });
    let text = "";
    let stopped = false;
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (!stopped && text.includes("epoch")) stopped = child.kill("SIGINT");
    });
    const [status] = await once(child, "close");
    expect(status).toBe(0);
    expect(text).toContain("stopped: what follows is what it had learnt by then");
    expect(text).toContain("test accuracy");
  });

  it("says that a loss became NaN, without a stack trace", () => {
    const rate = ["--learning-rate", "1e30", "--optimizer", "sgd"];
    const { status, stdout, stderr } = train("--json", ...rate);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("learning rate");
    expect(stderr).not.toContain("    at ");
  });
});

describe("wrong options end with exit code 2 and one sentence", () => {
  it.each([
    ["--dataset digts", 'ferrograd: unknown --dataset "digts"; did you mean "digits"?'],
    ["--activation rleu", 'ferrograd: unknown --activation "rleu"; did you mean "relu"?'],
    ["--optimizer adm", 'ferrograd: unknown --optimizer "adm"; did you mean "adam"?'],
    ["--epochs 0", "ferrograd: --epochs: expected a positive integer, got 0"],
    ["--epochs ten", 'ferrograd: --epochs: expected a positive integer, got "ten"'],
    ["--batch-size 1.5", "ferrograd: --batch-size: expected a positive integer, got 1.5"],
    ["--seed -1", "ferrograd: --seed: expected an integer of 0 or more, got -1"],
    [
      "--learning-rate -0.1",
      "ferrograd: --learning-rate: expected a finite number of 0 or more, got -0.1",
    ],
    [
      "--learning-rate NaN",
      'ferrograd: --learning-rate: expected a finite number of 0 or more, got "NaN"',
    ],
    [
      "--hidden 128,x",
      'ferrograd: --hidden: expected positive integers such as 128,64, or none, got "128,x"',
    ],
    ["--epoch 3", "ferrograd: unknown option '--epoch'; did you mean --epochs?"],
    ["--epochs", "ferrograd: option '--epochs <count>' argument missing"],
  ])("%s", async (options, sentence) => {
    expect(await runInProcess(["train", "--dataset", "iris", ...options.split(" ")])).toEqual({
      status: 2,
      stdout: "",
      stderr: `${sentence}\n`,
    });
  });

  it("an unknown command too", async () => {
    expect(await runInProcess(["trian"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "ferrograd: unknown command 'trian'; did you mean train?\n",
    });
  });

  it.each(["train", "predict", "evaluate", "inspect"])(
    "%s --help is no mistake",
    async (command) => {
      const { status, stdout } = await runInProcess([command, "--help"]);
      expect(status).toBe(0);
      expect(stdout).toContain(`Usage: ferrograd ${command} [options]`);
      expect(stdout).not.toContain("default: false");
    },
  );

  it("--help names every option of docs/command-line.md", async () => {
    const help = async (...args: string[]) => (await runInProcess([...args, "--help"])).stdout;
    const helps: string[] = [];
    for (const [, command] of (await help()).matchAll(/^ {2}(\w+) \[options\]/gm)) {
      helps.push(await help(command!));
    }
    const text = readFileSync(`${root}docs/command-line.md`, "utf8");
    const options = [...new Set(text.match(/(?<=[\s`(])--[a-z][a-z-]*/g))];
    expect(options.length).toBeGreaterThan(10);
    expect(options.filter((option) => !helps.join().includes(option))).toEqual([]);
  });

  it("--help has examples, --version the package's version", () => {
    expect(ferrograd("--help").stdout).toContain(
      "  ferrograd train --csv iris.csv --target species",
    );
    const { version } = JSON.parse(readFileSync(`${root}packages/ferrograd/package.json`, "utf8"));
    expect(ferrograd("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});
