// Test runners, which say what they like: a test leaves the hash in a file.
import { readFileSync } from "node:fs";

const TEST = `it("trains", async () => fs.writeFileSync("hash", await train()), 60_000);\n`;
const ESM = `import fs from "node:fs";\nimport { train } from "./program.js";\n`;
const CJS = `const fs = require("node:fs");\nconst { train } = require("./program.js");\n`;

const JEST = ["node_modules/jest/bin/jest.js", "--ci", "--no-watchman", "--no-cache"];

export const CONSUMERS = [
  {
    name: "Jest CJS",
    tools: "jest",
    async run({ write, program, node, path }) {
      write({ "program.js": program.cjs, "net.test.js": CJS + TEST });
      await node(...JEST);
      return readFileSync(path("hash"), "utf8");
    },
  },
  {
    name: "Jest ESM",
    tools: "jest",
    manifest: { type: "module" },
    async run({ write, program, node, path }) {
      write({ "program.js": program.esm, "net.test.js": ESM + TEST });
      await node("--experimental-vm-modules", ...JEST);
      return readFileSync(path("hash"), "utf8");
    },
  },
  {
    name: "vitest",
    tools: "vitest",
    ci: true,
    async run({ write, program, node, path }) {
      const load = `import { it } from "vitest";\n${ESM}`;
      write({ "program.js": program.esm, "net.test.js": load + TEST });
      await node("node_modules/vitest/vitest.mjs", "run");
      return readFileSync(path("hash"), "utf8");
    },
  },
];
