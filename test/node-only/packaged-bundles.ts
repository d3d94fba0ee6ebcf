import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { rolldown } from "rolldown";
import { build as buildPage, preview } from "vite";
import { describe, expect, it } from "vitest";
import { unused } from "../../scripts/lib/bundle-unused.mjs";
import { NAMES, type Project, XOR } from "./packaged.ts";
import { executablePath, launch } from "./web-browser.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What bundlers make of the packed tarball that a project has installed. */
export function describeBundles(project: Project): void {
  const { node, write } = project;

  /** One file of what a page needs, as a user's bundler makes it. */
  async function bundle(program: string, options: BuildOptions = {}): Promise<string> {
    const { outputFiles, warnings } = await build({
      stdin: { contents: program, resolveDir: project.folder() },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      ...options,
    });
    expect(warnings).toStrictEqual([]);
    return outputFiles![0]!.text;
  }

  describe("its bundle", () => {
    it.runIf(executablePath)("trains in Chromium, with a quiet console", async () => {
      const program = `import ${NAMES} from "ferrograd";${XOR} globalThis.accuracy = accuracy;`;
      const content = await bundle(program);
      const page = await (await launch()).newPage();
      try {
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        await page.addScriptTag({ type: "module", content });
        const accuracy = await page.waitForFunction("globalThis.accuracy", null, { timeout: 0 });
        expect(await accuracy.jsonValue()).toBe(1);
        expect(said).toStrictEqual([]);
      } finally {
        await page.close();
      }
    });

    it.runIf(executablePath)("trains in a worker of its own, under a page's policy", async () => {
      const root = join(project.folder(), "page");
      mkdirSync(root);
      const script = `import ${NAMES} from "ferrograd"; import { inWorker } from "ferrograd/worker";
        const build = () => sequential([dense(4, { activation: "tanh" }), dense(1)], { inputShape: [2], seed: 1 })
          .compile({ optimizer: adam(), loss: "meanSquaredError" });
        const all = async () => {
          const [model, remote] = [build(), await inWorker(build())];
          for (const one of [model, remote]) await one.fit([[0, 1], [1, 0]], [1, 2], { epochs: 5 });
          return String(await remote.getWeights()) === String(model.getWeights());
        };
        all().then((same) => { document.title = "same: " + same; }, (error) => { document.title = String(error); });`;
      write("page/main.js", script);
      write("page/index.html", '<title>t</title><script type="module" src="./main.js"></script>');
      await buildPage({ root, logLevel: "error" });
      const headers = {
        "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
      };
      const server = await preview({ root, logLevel: "error", preview: { port: 0, headers } });
      const page = await (await launch()).newPage();
      try {
        await page.goto(server.resolvedUrls!.local[0]!);
        const title = await page.waitForFunction(
          () => document.title !== "t" && document.title,
          null,
          { timeout: 0 },
        );
        expect(await title.jsonValue()).toBe("same: true");
      } finally {
        await page.close();
        await server.close();
      }
    });

    it.runIf(executablePath).each([
      ["ferrograd", "await ready()"],
      ["ferrograd", "mul(6, 7).item()"],
      ["ferrograd/slim", "await init(new Uint8Array(8))"],
    ])(
      "of %s says what helps where the policy of a page forbids WebAssembly: %s",
      async (entry, use) => {
        const program = `import * as all from "${entry}"; const { init, mul, ready } = all;
      try { ${use}; } catch (error) { globalThis.said = error.code + ": " + error.message; }`;
        const policy = "default-src 'none'; script-src 'nonce-own'";
        const page = await (await launch()).newPage();
        try {
          await page.setContent(
            `<meta http-equiv="Content-Security-Policy" content="${policy}">
         <script type="module" nonce="own">${(await bundle(program)).replaceAll("</", "<\\/")}</script>`,
          );
          const said = await page.waitForFunction("globalThis.said", null, { timeout: 0 });
          expect(await said.jsonValue()).toMatch(
            /^state: .* could not compile the core; .*'wasm-unsafe-eval'.*"ferrograd\/slim".*init\(module\)/,
          );
        } finally {
          await page.close();
        }
      },
    );

    it.each([
      [
        "the package",
        () => bundle('import { mul } from "ferrograd"; console.log(mul(6, 7).item());'),
      ],
      ["its sources", () => bundleSources()],
    ])("of one op, made from %s, can compute it", async (_, make) => {
      write("small.mjs", await make());
      expect(node("small.mjs")).toBe("42\n");
    });

    it("is empty where nothing that was imported is used", async () => {
      const imports = [
        "",
        "/slim",
        "/datasets",
        "/check",
        "/diagnostics",
        "/unroll",
        "/metrics",
        "/tables",
        "/csv",
        "/data",
        "/worker",
      ]
        .map((entry, i) => `import * as all${i} from "ferrograd${entry}";`)
        .join("\n");
      const program = `import { dense } from "ferrograd"; ${imports}`;
      expect(await bundle(program)).toBe("");
      write("unused.mjs", program);
      const rolled = await rolldown({ input: join(project.folder(), "unused.mjs") });
      const { output } = await rolled.generate();
      expect(
        output.map((chunk) => "code" in chunk && chunk.code.replace(/\/\/.*/g, "").trim()),
      ).toEqual([""]);
    });

    it.each([
      '{ tensor, matmul } from "ferrograd/slim"',
      '{ adam } from "ferrograd"',
      '{ sequential, dense } from "ferrograd"',
      '{ diagnose } from "ferrograd/diagnostics"',
      '{ auc } from "ferrograd/metrics"',
      '{ readCsv } from "ferrograd/csv"',
      '{ fromArrays } from "ferrograd/data"',
    ])(
      "of %s has nothing that only stands there as something is called to make it",
      async (names) => {
        const text = await bundle(`export ${names}`);
        expect(unused(text).map(({ at, end }) => text.slice(at, end))).toEqual([]);
      },
    );

    it("has errors by their names, also where it is minified and where they are someone's own", async () => {
      const program = `import * as all from "ferrograd";
        const errors = Object.entries(all).filter(([name]) => /^[A-Z].*Error$/.test(name) && name !== "FerrogradError");
        console.log(errors.every(([name, Type]) => new Type("x").name === name && Type.name === name), errors.length);
        try { all.dense(-1); } catch (error) { console.log(error.name, String(error).split(":")[0]); }
        const Own = { Own: class extends all.DataError {} }.Own;
        console.log(all.FerrogradError.name, new Own("x").name === Own.name);`;
      write("named.mjs", await bundle(program));
      expect(node("named.mjs")).toBe("true 9\nArgumentError ArgumentError\nFerrogradError true\n");
    });

    it("by Rolldown trains too", async () => {
      write("rolled.mjs", `import ${NAMES} from "ferrograd";${XOR} console.log(accuracy);`);
      const rolled = await rolldown({
        input: join(project.folder(), "rolled.mjs"),
        external: /^node:/,
      });
      await rolled.write({ file: join(project.folder(), "rolled-bundle.mjs"), minify: true });
      expect(node("rolled-bundle.mjs")).toBe("1\n");
    });

    it.each(["workerd", "edge-light"])(
      "for %s trains where nothing may be compiled, with the module that is imported",
      async (condition) => {
        const program = `import ${NAMES} from "ferrograd";
        import { unrollPrograms } from "ferrograd/unroll";
        unrollPrograms({ after: 5 });${XOR} console.log(accuracy);`;
        const compiled: BuildOptions["plugins"] = [
          {
            name: "modules compiled ahead",
            setup({ onLoad, onResolve }) {
              onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => ({
                path: join(resolveDir, path.replace("?module", "")),
              }));
              onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
                contents: `export default globalThis.modules[${JSON.stringify(path)}]`,
              }));
            },
          },
        ];
        const text = await bundle(program, { conditions: [condition], plugins: compiled });
        expect(text).not.toMatch(/"[A-Za-z0-9+/=]{40000,}"/);
        write("worker.mjs", text);
        const wasm = join(project.folder(), "node_modules/ferrograd/dist/ferrograd.wasm");
        // As workerd of an early compatibility date: it has no weak references either.
        write(
          "host.mjs",
          `import { readFileSync } from "node:fs";
         const { Module } = WebAssembly, wasm = ${JSON.stringify(wasm)};
         globalThis.modules = { [wasm]: new Module(readFileSync(wasm)) };
         WebAssembly.Module = function () { throw new WebAssembly.CompileError("disallowed"); };
         WebAssembly.Module.prototype = Module.prototype;
         Object.setPrototypeOf(WebAssembly.Module, Module); // its exports(module) is there
         for (const name of ["FinalizationRegistry", "WeakRef", "MessageChannel", "setImmediate"])
           delete globalThis[name];
         await import("./worker.mjs");`,
        );
        expect(node("host.mjs")).toBe("1\n");
      },
    );

    it("has no wasm where the entry is the slim one", async () => {
      const whole = await bundle('export { sequential } from "ferrograd"');
      const slim = await bundle(
        'export { sequential } from "ferrograd/slim"; export { iris } from "ferrograd/datasets"; export { health } from "ferrograd/diagnostics"',
      );
      const text = /"[A-Za-z0-9+/=]{40000,}"/;
      expect(whole).toMatch(text);
      expect(slim).not.toMatch(text);
    });

    it("has nothing of what unrolls where nobody asks for it", async () => {
      const text = "unrollPrograms()";
      expect(await bundle('export * from "ferrograd"')).not.toContain(text);
      expect(await bundle('export * from "ferrograd/unroll"')).toContain(text);
    });

    it("has nothing of what only loading needs, where nothing is loaded", async () => {
      const texts = ["are given to loadModel(bytes", "preluLayer()", "rescaling()"];
      const found = async (program: string) => {
        const text = await bundle(program);
        return texts.filter((one) => text.includes(one));
      };
      expect(await found('export { sequential, dense } from "ferrograd"')).toEqual([]);
      expect(await found('export { loadModel } from "ferrograd"')).toEqual(texts);
    });

    it("has no data set that was not asked for", async () => {
      const source = readFileSync(
        join(root, "packages/ferrograd/src/datasets/generated/digits.ts"),
        "utf8",
      );
      const text = /"([A-Za-z0-9+/]{200})/.exec(source)![1]!; // where its numbers begin
      expect(await bundle('export { digits } from "ferrograd/datasets"')).toContain(text);
      for (const program of [
        'export * from "ferrograd"',
        'export { iris } from "ferrograd/datasets"',
      ])
        expect((await bundle(program)).includes(text)).toBe(false);
    });
  });
}

/** The same of the sources. */
async function bundleSources() {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { mul } from "ferrograd"; console.log(mul(6, 7).item());',
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["@ferrograd/source"],
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}
