import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { train } from "../support/crossing.ts";
import { executablePath, launch } from "./web-browser.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { version } = JSON.parse(
  readFileSync(join(root, "packages/ferrograd/package.json"), "utf8"),
) as { version: string };
const OTHER = "99.1.0";
const folder = mkdtempSync(join(tmpdir(), "ferrograd-copies-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

/** The package in one file. */
async function bundle(outfile: string, options: BuildOptions = {}) {
  await build({
    stdin: {
      contents: 'export * from "ferrograd"; export * from "ferrograd/diagnostics";',
      resolveDir: root,
    },
    outfile: join(folder, outfile),
    bundle: true,
    platform: "neutral",
    conditions: ["@ferrograd/source"],
    external: ["node:*"],
    logLevel: "error",
    ...options,
  });
}

/** The same as another version. */
const asOther: BuildOptions["plugins"] = [
  {
    name: "another version",
    setup({ onLoad }) {
      onLoad({ filter: /version\.generated\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replaceAll(version, OTHER),
        loader: "ts",
      }));
    },
  },
];

/** What a module prints as JSON. */
function printed(name: string, text: string): unknown {
  write(name, text);
  const { stdout, stderr } = spawnSync(process.execPath, [name], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const TRAIN = `const train = ${train}; const said = train(one, two);`;
const crossed = (name: string, imports: string) =>
  printed(name, `${imports} ${TRAIN} console.log(JSON.stringify([said, train(two, one)]));`);

let alone: unknown;
beforeAll(async () => {
  await Promise.all([
    bundle("esm.mjs"),
    bundle("minified.mjs", { minify: true, format: "esm" }),
    bundle("cjs.cjs", { format: "cjs" }),
    bundle("first.js", { format: "iife", globalName: "one" }),
    bundle("second.js", { format: "iife", globalName: "two", minify: true }),
    bundle("other.mjs", { plugins: asOther }),
  ]);
  alone = crossed("alone.mjs", `import * as one from "./esm.mjs"; const two = one;`);
});

describe("copies of one version", () => {
  it("alone: train in both runs alike", () => {
    const [first, second] = alone as Record<string, string>[];
    expect(first).toEqual(second);
    expect(Object.keys(first!).length).toBeGreaterThan(25);
    expect(first).toMatchObject({ memory: "true", classes: "true,true,true,false,true" });
    expect(first!.stale).toMatch(/^true true state data\(\): variable "variable" changed/);
  });

  it("import and require in one process: train across, with the same bits", () => {
    const imports = `
      import { createRequire } from "node:module"; import * as one from "./esm.mjs";
      const two = createRequire(import.meta.url)("./cjs.cjs");`;
    expect(crossed("both.mjs", imports)).toEqual(alone);
  });

  it("under another URL: train across, with the same bits", () => {
    copyFileSync(join(folder, "esm.mjs"), join(folder, "copy.mjs"));
    const imports = `import * as one from "./esm.mjs"; import * as two from "./copy.mjs";`;
    expect(crossed("urls.mjs", imports)).toEqual(alone);
    const query = `import * as one from "./esm.mjs"; const two = await import("./esm.mjs?again");`;
    expect(crossed("query.mjs", query)).toEqual(alone);
  });

  it("in two folders of node_modules: train across, with the same bits", () => {
    write("package.json", "{}"); // else the name may be that of a package around this folder
    const manifest = JSON.stringify({ name: "ferrograd", exports: "./index.mjs" });
    for (const [place, file] of [
      [".", "esm.mjs"],
      ["node_modules/library", "minified.mjs"],
    ]) {
      write(`${place}/node_modules/ferrograd/package.json`, manifest);
      write(`${place}/node_modules/ferrograd/index.mjs`, readFileSync(join(folder, file!), "utf8"));
    }
    write("node_modules/library/package.json", JSON.stringify({ exports: "./index.mjs" }));
    write("node_modules/library/index.mjs", 'export * as two from "ferrograd";');
    const imports = `import * as one from "ferrograd"; import { two } from "library";`;
    expect(crossed("twice.mjs", imports)).toEqual(alone);
  });

  it.runIf(executablePath)("two bundles on a page: train across, with the same bits", async () => {
    const page = await (await launch()).newPage();
    try {
      for (const file of ["first.js", "second.js"]) {
        await page.addScriptTag({ path: join(folder, file) });
      }
      expect(await page.evaluate(`${TRAIN} [said, train(two, one)]`)).toEqual(alone);
    } finally {
      await page.close();
    }
  });
});

describe("another version", () => {
  const BOTH = `import * as one from "./esm.mjs"; import * as other from "./other.mjs";`;

  it("trains beside this one, each by itself", () => {
    const program = `${BOTH} const train = ${train};
      const w = one.variable([1, 2]); // each has memory of its own
      const said = [train(other, other), train(one, one)];
      console.log(JSON.stringify([...said, one.memory().owners.variables > other.memory().owners.variables]));`;
    expect(printed("beside.mjs", program)).toEqual([...(alone as unknown[]), true]);
  });

  it("is refused with both versions, whatever is given of it", () => {
    const program = `${BOTH}
      const { adam, dense, sequential } = one;
      const model = () => sequential([dense(2)], { inputShape: [3] });
      const loss = "meanSquaredError";
      const compiled = () => model().compile({ optimizer: "adam", loss });
      const x = [[1, 2, 3]], y = [[1, 2]];
      const theirs = other.sequential([other.dense(2)], { inputShape: [3] }).compile({ optimizer: "adam", loss });
      const tries = {
        tensor: () => one.add(other.tensor([1, 2]), 1),
        variable: () => one.mul(other.variable([1, 2]), 2),
        jit: () => one.jit((v) => one.mul(v, 2))(other.tensor([1])),
        result: () => one.jit((v) => other.mul(v.shape[0], 2))([1]),
        grad: () => one.grad(other.mean(other.tensor([1])), []),
        optimizer: () => model().compile({ optimizer: other.adam(), loss }),
        loss: () => model().compile({ optimizer: adam(), loss: other.meanSquaredError }),
        layer: () => sequential([other.dense(2)], { inputShape: [3] }),
        initializer: () => sequential([dense(2, { kernelInitializer: other.initializers.zeros })], { inputShape: [3] }),
        targets: () => one.grad(one.mean(one.tensor([1])), [other.tensor([1])]),
        minimize: () => adam().minimize(one.mean(one.variable([1])), [other.variable([1])]),
        assign: () => one.variable([1]).assign(other.ones([1])),
        health: () => theirs.fitSync(x, y, { callbacks: one.health() }),
      };
      const said = Object.entries(tries).map(([name, body]) => {
        try { body(); } catch (error) {
          return [name, error instanceof one.FerrogradError, error.message];
        }
        return [name, "no error"];
      });
      const stopping = one.earlyStopping({ monitor: "loss" });
      theirs.fitSync(x, y, { callbacks: stopping });
      console.log(JSON.stringify([...said, one.isTensor(other.tensor([1])), stopping.bestEpoch]));`;
    const said = printed("refused.mjs", program) as [string, boolean, string][];
    expect(said.slice(-2)).toEqual([false, 1]); // callbacks of plain functions cross
    for (const [name, known, message] of said.slice(0, -2)) {
      const named = expect.stringContaining(`of ferrograd ${OTHER}, where this is ${version}`);
      expect([name, known, message]).toEqual([name, true, named]);
    }
    const got = `got a tensor of ferrograd ${OTHER}, where this is ${version}`;
    expect(said[0]![2]).toBe(`add(): expected a tensor of the same version, ${got}`);
  });
});
