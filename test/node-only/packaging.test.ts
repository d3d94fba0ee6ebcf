import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { beforeAll, describe, expect, it } from "vitest";
import { npm } from "../../scripts/lib/run.mjs";
import { installed, NAMES, XOR } from "./packaged.ts";
import { describeBundles } from "./packaged-bundles.ts";
import { describeMaps } from "./packaged-maps.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const project = installed();
const { node, write } = project;

describe("the packed tarball", () => {
  it("trains as an ES module", () => {
    write("esm.mjs", `import ${NAMES} from "ferrograd";${XOR} console.log(accuracy);`);
    expect(node("esm.mjs")).toBe("1\n");
  });

  it("trains as CommonJS", () => {
    write("cjs.cjs", `const ${NAMES} = require("ferrograd");${XOR} console.log(accuracy);`);
    expect(node("cjs.cjs")).toBe("1\n");
  });

  it("has one engine where a program uses both", () => {
    write(
      "both.mjs",
      `import { createRequire } from "node:module";
       import { isTensor, memory, mul, variable, ones, sequential } from "ferrograd";
       const cjs = createRequire(import.meta.url)("ferrograd");
       const before = memory().bytes;
       const theirs = cjs.variable(cjs.ones([16]));
       const seen = memory().bytes - before === 64;
       const product = mul(variable(ones([16])), cjs.variable(cjs.fill([16], 3)));
       const optimizer = cjs.sgd({ learningRate: 1 });
       const trained = sequential([cjs.dense(1)], { inputShape: [1] }).compile({ optimizer, loss: cjs.huber() });
       const { steps } = trained.fitSync([[1]], [1], { epochs: 3 });
       console.log(cjs.variable !== variable, seen, isTensor(theirs), product.data()[15], steps);`,
    );
    expect(node("both.mjs")).toBe("true true true 3 3\n");
  });

  it("has data sets and the gradient check behind entries of their own", () => {
    const program = `
      const { train, test } = iris();
      checkGradients((x) => mean(square(x)), [[1, 2], [3, 4]]);
      console.log(train.x.shape[0] + test.x.shape[0]);`;
    const names = ["{ mean, square }", "{ iris }", "{ checkGradients }"];
    const entries = ["ferrograd", "ferrograd/datasets", "ferrograd/check"];
    const imports = names.map((name, i) => `import ${name} from "${entries[i]}";`);
    const requires = names.map((name, i) => `const ${name} = require("${entries[i]}");`);
    write("entries.mjs", imports.join("\n") + program);
    write("entries.cjs", requires.join("\n") + program);
    expect(node("entries.mjs")).toBe("150\n");
    expect(node("entries.cjs")).toBe("150\n");
  });

  it("unrolls the programs of the package, whichever of the two was loaded first", () => {
    const program = `
      let modules = 0;
      mul(6, 7).item(); // so that the core's own modules are not counted
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module {
        constructor(bytes) { super(bytes); modules++; }
      };
      unrollPrograms({ after: 5 });
      const double = jit((x) => mul(mean(x), 2));
      const results = Array.from({ length: 9 }, () => double([1, 2, 3]).item());
      console.log(new Set(results).size, results[8], modules);`;
    const imports = [
      'import { jit, mean, mul } from "ferrograd";',
      'import { unrollPrograms } from "ferrograd/unroll";',
    ];
    const requires = imports.map((line) =>
      line.replace(/import (.*) from (.*);/, "const $1 = require($2);"),
    );
    for (const [name, lines] of [
      ["mjs", imports],
      ["cjs", requires],
    ] as const) {
      for (const order of [lines, lines.toReversed()]) {
        write(`unroll.${name}`, order.join("\n") + program);
        expect(node(`unroll.${name}`)).toBe("1 4 1\n");
      }
    }
  });

  it("reads files behind entries of their own, and the command runs from any folder", () => {
    write("table.csv", "x,kind\n1,a\n2,a\n8,b\n9,b\n1,a\n2,a\n8,b\n9,b\n1,a\n9,b\n");
    write(
      "readers.mjs",
      `import { readCsv, encodeTable } from "ferrograd/csv";
       import { readIdx } from "ferrograd/idx";
       import { CIFAR10_FILE_NAMES } from "ferrograd/cifar";
       const table = readCsv("x,kind\\n1,a\\n2,b\\n3,a\\n4,b\\n");
       const { data } = encodeTable(table, { target: "kind" });
       const { shape } = readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7));
       console.log(data.classNames.join(""), shape[0], CIFAR10_FILE_NAMES.test);`,
    );
    expect(node("readers.mjs")).toBe("ab 1 test_batch.bin\n");
    const args = ["train", "--csv", "table.csv", "--target", "kind", "--epochs", "1"];
    const stdout = npm(["exec", "--offline", "--", "ferrograd", ...args], {
      cwd: project.folder(),
    });
    expect(stdout).toContain("test accuracy");
  });

  it("trains in a worker of its own, in both forms, and ends with the program", () => {
    const program = `
      const build = () => sequential([dense(4, { activation: "tanh" }), dense(1)], { inputShape: [2], seed: 1 })
        .compile({ optimizer: adam(), loss: "meanSquaredError" });
      const x = [[0, 1], [1, 0]];
      (async () => {
        const remote = await inWorker(build());
        await remote.fit(x, [1, 2], { epochs: 5 });
        const model = build();
        await model.fit(x, [1, 2], { epochs: 5 });
        console.log(String(await remote.getWeights()) === String(model.getWeights()));
        const pool = workerPool({ size: 2 });
        const runs = pool.runs([1, 2], (epochs) => ({ model: build(), data: { x, y: [1, 2] }, fit: { epochs } }));
        for await (const { epochs } of runs) console.log(epochs);
      })();`; // neither is disposed
    const names = ["{ adam, dense, sequential }", "{ inWorker, workerPool }"];
    const entries = ["ferrograd", "ferrograd/worker"];
    write(
      "worker.mjs",
      names.map((name, i) => `import ${name} from "${entries[i]}";`).join("\n") + program,
    );
    write(
      "worker.cjs",
      names.map((name, i) => `const ${name} = require("${entries[i]}");`).join("\n") + program,
    );
    expect(node("worker.mjs")).toBe("true\n1\n2\n");
    expect(node("--expose-gc", "worker.mjs")).toBe("true\n1\n2\n");
    const text = readFileSync(join(project.folder(), "worker.mjs"), "utf8");
    expect(node("--input-type=module", "-e", text)).toBe("true\n1\n2\n");
    expect(node("worker.cjs")).toBe("true\n1\n2\n");
  });

  it("trains without the wasm inside, given the module in any form", () => {
    const program = (wasm: string) => `
      try { mul(6, 7).item(); } catch (error) { console.log(error.message.split(";")[0]); }
      const bytes = readFileSync(${wasm});
      const refused = [bytes.toString(), "ferrograd.wasm", bytes.subarray(8), new Response("", { status: 404 })];
      refused.push(new WebAssembly.Module(bytes.subarray(0, 8)));
      (async () => {
        for (const source of refused) await init(source).catch((error) => console.log(error.name, error.code));
        await init(Promise.resolve(new Response(bytes)));
        await init(bytes);
        await init(new WebAssembly.Module(bytes));
        ${XOR} console.log(accuracy);
      })();`;
    const names = "{ adam, dense, init, mul, sequential }";
    const url = 'new URL(import.meta.resolve("ferrograd/ferrograd.wasm"))';
    write(
      "slim.mjs",
      `import { readFileSync } from "node:fs"; import ${names} from "ferrograd/slim"; ${program(url)}`,
    );
    write(
      "slim.cjs",
      `const { readFileSync } = require("node:fs"); const ${names} = require("ferrograd/slim");
       ${program('require.resolve("ferrograd/ferrograd.wasm")')}`,
    );
    const before = "ferrograd: expected the core to run before anything is computed, got no module";
    const said = [before, ...Array(5).fill("ArgumentError argument"), "1", ""].join("\n");
    expect(node("slim.mjs")).toBe(said);
    expect(node("slim.cjs")).toBe(said);
  });

  it("says what is missing where an entry that computes is alone", () => {
    const calls = {
      metrics: "binaryAccuracy({ fromLogits: false }).of([1, 0], [0.9, 0.2])",
      check: "checkGradients((x) => x, [1])",
    };
    for (const [entry, call] of Object.entries(calls)) {
      const [name] = call.split("(");
      write(
        `${entry}.mjs`,
        `import { ${name} } from "ferrograd/${entry}";
         try { ${call}; } catch (error) { console.log(error.name, error.message.split(";")[1]); }`,
      );
      expect(node(`${entry}.mjs`)).toMatch(/^StateError {2}import "ferrograd", which has it, or /);
    }
  });

  it("has entries that every resolver finds", async () => {
    const pkgDir = join(project.folder(), "node_modules/ferrograd");
    expect((await publint({ pkgDir, pack: false, strict: true })).messages).toStrictEqual([]);
  });

  it("holds the code, its types, the licences and a readme, the sources once, and no tests", () => {
    const folder = join(project.folder(), "node_modules/ferrograd");
    const dist = readdirSync(join(folder, "dist")).sort();
    const entries = [
      "check",
      "cifar",
      "csv",
      "data",
      "datasets",
      "diagnostics",
      "fused",
      "idx",
      "metrics",
      "slim",
      "tables",
      "unroll",
      "worker",
    ];
    const texts = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY"];
    const all = [...texts, "README.md", "dist", "package.json", "src", ...entries];
    expect(readdirSync(folder).sort()).toStrictEqual(all.sort());
    expect(dist).toStrictEqual(["cjs", "cli.js", "esm", "ferrograd.wasm"]);
    for (const entry of entries)
      expect(readdirSync(join(folder, entry))).toStrictEqual(["package.json"]);
  });

  it("is found by resolvers that do not read exports", () => {
    write(
      "old.cjs",
      `const { main, module: esm, types } = require("./node_modules/ferrograd/package.json");
       const { existsSync } = require("node:fs");
       const { iris } = require("./node_modules/ferrograd/datasets");
       const { health } = require("./node_modules/ferrograd/diagnostics");
       console.log([main, esm, types].every((file) => existsSync("node_modules/ferrograd/" + file)));
       for (const entry of ["datasets", "csv", "slim"]) {
         const stub = require("./node_modules/ferrograd/" + entry + "/package.json");
         const files = [stub.main, stub.module, stub.types];
         console.log(files.every((file) => existsSync("node_modules/ferrograd/" + entry + "/" + file)));
       }
       console.log(iris().train.x.shape[1], typeof health);`,
    );
    expect(node("old.cjs")).toBe("true\ntrue\ntrue\ntrue\n4 function\n");
  });
});

/** Uses the types; each @ts-expect-error is an error that they must find. */
const TYPED = `
import { type Tensor, dense, grad, jit, matmul, mean, ones, sequential, sgd, square, variable } from "ferrograd";
import { digits } from "ferrograd/datasets";

const { train, test } = digits();
const model = sequential([dense(10, { activation: "leakyRelu", negativeSlope: 0.2 })], { inputShape: [64] });
// @ts-expect-error fit is there after compile only
model.fitSync;
const compiled = model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const { history } = compiled.fitSync(train, { epochs: 1 });
export const accuracies: number[] = history.accuracy;
export const accuracy: number = compiled.evaluate(test).accuracy;
// @ts-expect-error it was not asked for
export const precision: number = compiled.evaluate(test).precision;
// @ts-expect-error no such activation
dense(10, { activation: "rleu" });
// @ts-expect-error relu has no slope to set
dense(10, { activation: "relu", negativeSlope: 0.2 });

const w = variable(ones([2, 3]));
export const shape: readonly [2, 3] = w.shape;
const optimizer = sgd({ learningRate: 0.1 });
const step = jit((x: Tensor) => {
  const loss = mean(square(matmul(x, w)));
  optimizer.minimize(loss, [w]);
  return loss;
});
export const loss: number = step([[1, 2]]).item();
export const [dw] = grad(mean(square(w)), [w]);
`;

describe("its types", () => {
  const typescript = join(root, "node_modules/typescript/bin/tsc");
  const strict = ["--strict", "--noEmit", "--skipLibCheck", "false", "--target", "es2022"];
  const compile = (files: readonly string[], ...options: string[]) => {
    for (const file of files) write(file, TYPED);
    return node(typescript, ...strict, ...options, ...files);
  };
  const nodeNext = ["--module", "nodenext", "--types", ""];

  it("need those of Node or of pages, not both, in any entry", () => {
    const entries = [
      "",
      "/slim",
      "/fused",
      "/datasets",
      "/check",
      "/diagnostics",
      "/unroll",
      "/metrics",
    ];
    const all = [...entries, "/tables", "/csv", "/data", "/idx", "/cifar", "/worker"];
    const text = all.map((entry, i) => `export * as e${i} from "ferrograd${entry}";`).join("\n");
    write("all.mts", text);
    const roots = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
    const ofNode = ["--lib", "es2022", "--module", "nodenext", ...roots];
    expect(node(typescript, ...strict, ...ofNode, "all.mts")).toBe("");
    expect(node(typescript, ...strict, "--lib", "es2022,dom", ...nodeNext, "all.mts")).toBe("");
  });

  describe("hold", () => {
    let said: string;
    beforeAll(() => {
      said = compile(["typed.mts", "typed.cts"], ...nodeNext);
    });
    const but = (file: string) =>
      said
        .split("\n")
        .filter((line) => !line.startsWith(file))
        .join("\n");

    it("for a strict module", () => expect(but("typed.cts")).toBe(""));

    it("for a strict CommonJS file", () => expect(but("typed.mts")).toBe(""));

    it("where a bundler resolves", () => {
      const options = ["--module", "esnext", "--moduleResolution", "bundler", "--types", ""];
      expect(compile(["typed.ts"], ...options)).toBe("");
    });
  });
});

describeMaps(project);
describeBundles(project);
