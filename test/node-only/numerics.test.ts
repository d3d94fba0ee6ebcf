import { numericsVersion } from "ferrograd";
import { describe, expect, it } from "vitest";
import { readWasm } from "../../scripts/lib/wasm-output.mjs";

describe("the committed core", () => {
  it("has the numerics version that TypeScript says", async () => {
    const nothing = { __wbindgen_init_externref_table() {} };
    const { instance } = await WebAssembly.instantiate(readWasm() as Uint8Array<ArrayBuffer>, {
      "./ferrograd_wasm_bg.js": nothing,
    });
    expect((instance.exports.numericsVersion as () => number)()).toBe(numericsVersion);
  });
});
