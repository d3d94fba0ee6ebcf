import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundledCommand, ENVIRONMENT } from "./cli-command.ts";

const { folder, file, path: command, ferrograd } = bundledCommand();

/** Runs the command until it says something, then sends Ctrl-C; what it said, and how it ended. */
async function stopAt(args: readonly string[], said: RegExp) {
  const child = spawn(process.execPath, [command(), ...args], { cwd: folder, env: ENVIRONMENT });
  let output = "";
  child.stdout.on("data", (text) => {
    const before = output;
    output += text;
    if (said.test(output) && !said.test(before)) child.kill("SIGINT");
  });
  const ended = await new Promise<[status: number | null, signal: string | null]>((done) =>
    child.on("close", (...how) => done(how)),
  );
  return { output, ended };
}

describe.skipIf(!existsSync("/dev/full"))("a full disk", () => {
  it("is said in one sentence, and leaves the old file as it was", () => {
    const { status, stderr } = ferrograd(
      "train --dataset iris --epochs 1 --no-report --json --save /dev/full".split(" "),
    );
    expect(status).toBe(2);
    expect(stderr).toContain(
      'ferrograd: --save: expected a file to write, got "/dev/full": the disk is full\n',
    );
  });
});

describe("stopping", () => {
  it("--early-stopping keeps the weights of the best epoch", () => {
    const options = "--epochs 2000 --early-stopping 5 --learning-rate 0.01 --no-report";
    const args = ["train", "--dataset", "iris", ...options.split(" ")];
    const { stdout } = ferrograd(args);
    expect(stdout).toContain("stopped early: no better val_loss for 5 epochs");
    const [, kept] = /^kept the weights of epoch (\d+), the best by val_loss$/m.exec(stdout)!;
    expect(JSON.parse(ferrograd([...args, "--json"]).stdout).bestEpoch).toBe(Number(kept));
  });

  it("Ctrl-C saves what has been learnt, and says so", async () => {
    const args = "train --dataset digits --epochs 100000 --save cut.model --no-report".split(" ");
    const { output, ended } = await stopAt(args, /^epoch +3\//m);
    expect(ended).toEqual([0, null]);
    expect(output).toContain("stopped: what follows is what it had learnt by then");
    expect(output).toContain("saved what it had learnt by then to cut.model");
    const { training } = JSON.parse(ferrograd(["inspect", "cut.model", "--json"]).stdout);
    expect(training.interrupted).toBe(true);
    expect(training["test accuracy"]).toBeGreaterThan(0.5);
  });

  it.skipIf(process.platform === "win32")("Ctrl-C in a test leaves the model", async () => {
    const rows = Array.from({ length: 600 }, (_, i) => `${i % 7},${(i % 7) % 2 ? "odd" : "even"}`);
    writeFileSync(file("long.csv"), ["a,kind", ...rows].join("\n"));
    // The test takes a hundred times as long as the training.
    const args = "--csv long.csv --target kind --folds 100 --save tested.model".split(" ");
    const { ended } = await stopAt(["train", ...args], /^saved the model to tested.model$/m);
    expect(ended).toEqual([null, "SIGINT"]);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
    const { training } = JSON.parse(ferrograd(["inspect", "tested.model", "--json"]).stdout);
    expect(training.target).toBe("kind");
    expect(training["test accuracy"]).toBeUndefined();
    const asked = "evaluate --model tested.model --csv long.csv --json".split(" ");
    expect(JSON.parse(ferrograd(asked).stdout).accuracy).toBe(1);
  });

  it.skipIf(!existsSync("/dev/full"))("a report that cannot be written leaves the model", () => {
    const args = "train --dataset iris --epochs 1 --save kept.model --report /dev/full".split(" ");
    const { status, stdout, stderr } = ferrograd(args);
    expect(status).toBe(2);
    expect(stdout).toContain("saved the model to kept.model\n");
    expect(stderr).toContain("--report: expected a file to write");
    const { training } = JSON.parse(ferrograd(["inspect", "kept.model", "--json"]).stdout);
    expect(training["test accuracy"]).toBeGreaterThan(0);
  });
});
