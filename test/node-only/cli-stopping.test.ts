import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundledCommand, ENVIRONMENT } from "./cli-command.ts";

const { folder, path: command, ferrograd } = bundledCommand();

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
    const child = spawn(process.execPath, [command(), ...args], { cwd: folder, env: ENVIRONMENT });
    let output = "";
    child.stdout.on("data", (text) => {
      const before = output;
      output += text;
      const third = /^epoch +3\//m;
      if (third.test(output) && !third.test(before)) child.kill("SIGINT");
    });
    const status = await new Promise((done) => child.on("close", done));
    expect(status).toBe(0);
    expect(output).toContain("stopped: what follows is what it had learnt by then");
    expect(output).toContain("saved what it had learnt by then to cut.model");
    const { training } = JSON.parse(ferrograd(["inspect", "cut.model", "--json"]).stdout);
    expect(training.interrupted).toBe(true);
    expect(training["test accuracy"]).toBeGreaterThan(0.5);
  });
});
