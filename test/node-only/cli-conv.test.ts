import { readFileSync } from "node:fs";
import { loadModel } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { describe, expect, it } from "vitest";
import { folderOfTests, runInProcess } from "./cli-command.ts";

const { file } = folderOfTests();

describe("train --model conv", () => {
  it("trains convolutions on images, and shows mistakes and filters as pictures", async () => {
    const [page, saved] = [file("report.html"), file("conv.safetensors")];
    const options = "--dataset digits --model conv --hidden 32 --epochs 3 --batch-size 64";
    const { stdout } = await runInProcess(
      `train ${options} --report ${page} --save ${saved}`.split(" "),
    );
    expect(stdout).toContain("64-16@3x3-32@3x3-32-10: relu, adam");
    const report = readFileSync(page, "utf8");
    expect(report).toContain("Weights of 16 of 16 units");
    expect(report.match(/<img alt="weights of unit/g)).toHaveLength(16);
    expect(report).toContain("<td>64-16@3x3-32@3x3-32-10</td>");
    expect(report.match(/<div class="card"><img/g)!.length).toBeGreaterThan(3);
    using model = loadModel(readFileSync(saved));
    expect(model.layers).toContain("conv2d");
    const { test } = digits();
    expect(model.predict(test.x).shape).toEqual([test.length, 10]);
  });

  it("--json lists convolutions among the levels, and all layers", async () => {
    const options = "--dataset digits --model conv --hidden 8 --epochs 1 --batch-size 512";
    const { stdout } = await runInProcess(`train ${options} --no-report --json`.split(" "));
    const { model, layers } = JSON.parse(stdout);
    expect(model).toEqual([64, "16@3x3", "32@3x3", 8, 10]);
    expect(layers).toEqual(
      "reshape conv2d maxPooling2d conv2d_1 maxPooling2d_1 flatten dense dense_1".split(" "),
    );
  });

  it("is refused for rows that are no images, with what it is for", async () => {
    const { stderr } = await runInProcess(
      "train --dataset iris --model conv --no-report".split(" "),
    );
    expect(stderr).toBe(
      'ferrograd: --model: expected a data set of images for "conv", got "iris"\n',
    );
  });
});
