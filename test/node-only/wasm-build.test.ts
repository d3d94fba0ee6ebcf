import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GENERATED } from "../../scripts/lib/paths.mjs";
import { wasmIsCurrent } from "../../scripts/lib/sources.mjs";
import { compareBuilds, readBuild } from "../../scripts/lib/wasm-compare.mjs";
import { hoistConstants } from "../../scripts/lib/wasm-constants.mjs";
import { dropLocations } from "../../scripts/lib/wasm-locations.mjs";
import { pairProducts } from "../../scripts/lib/wasm-pairs.mjs";

/** A copy of the committed build. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrograd-built-"));
  cpSync(GENERATED, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the committed build", () => {
  it.each(["wasm.ts", "fused.ts", "ferrograd_wasm.d.ts"])(
    "is current no more when %s is not what was built",
    (name) => {
      const file = join(folder, name);
      const text = readFileSync(file, "utf8");
      expect(wasmIsCurrent(folder)).toBe(true);
      writeFileSync(file, text.replace(/[A-Z]/, "a"));
      expect(wasmIsCurrent(folder)).toBe(false);
      writeFileSync(file, text.replaceAll("\n", "\r\n")); // as a checkout on Windows may have it
      expect(wasmIsCurrent(folder)).toBe(true);
      writeFileSync(file, text);
    },
  );

  it("compares with itself, and with other bytes as an error unless another toolchain made them", () => {
    const { inflate, ...rest } = readBuild(folder);
    const build = { ...rest, inflate, core: inflate }; // the smaller one is taken apart faster
    const other = { ...build, types: Buffer.from("other") };
    expect(compareBuilds(build, { ...build, core: Buffer.from(inflate) })).toBeUndefined();
    expect(() => compareBuilds(build, other)).toThrow("got others: types");
    expect(compareBuilds(build, { ...other, toolchain: "another" })).toBeUndefined();
  });
});

describe("the passes over the text of the module", () => {
  const zero = "(v128.const i32x4 0x3f800000 0x3f800000 0x3f800000 0x3f800000)";
  const loop = ` (func $0\n  (loop $1\n   (drop\n    ${zero}\n   )\n  )\n )\n`;

  it("count the constants that they move, and move none that is in no loop", () => {
    const { text, count } = hoistConstants(`(module\n${loop})`);
    expect(count).toBe(1);
    expect(text).toContain("(local.set $constant0 (f32x4.splat (f32.const 1)))");
    expect(hoistConstants(`(module\n (func $0\n  (drop\n   ${zero}\n  )\n )\n)`).count).toBe(0);
  });

  it("leave out where a panic would be and its file's name, unless the code has their address", () => {
    // At 1048576 seven bytes of a name and one more, then its record: pointer, length, line 3, column 5; a word behind them.
    const record = `\\00\\00\\10\\00\\06\\00\\00\\00\\03\\00\\00\\00\\05\\00\\00\\00`;
    const data = ` (data $0 (i32.const 1048576) "lib.rs\\n\\"${record}last")\n`;
    const module = (code: string) => `(module\n${data} (func $0\n  ${code}\n )\n)`;
    const dropped = dropLocations(module("(i32.const 1048600)"));
    expect(dropped.count).toBe(1);
    expect(dropped.text.match(/ \(data .*/g)).toEqual([
      ` (data $0 (i32.const 1048582) "\\0a\\22")`,
      ` (data $1 (i32.const 1048600) "\\6c\\61\\73\\74")`,
    ]);
    for (const code of ["(i32.const 1048584)", "(i32.load offset=1048590"]) {
      const kept = dropLocations(module(code));
      expect(kept.count, code).toBe(0);
      expect(kept.text.match(/ \(data /g), code).toHaveLength(1);
    }
  });

  it("count the pairs that they make", () => {
    const product = (i: number, operand: string) =>
      [
        `(local.set $${i}`,
        ` (f32x4.add`,
        `  (f32x4.mul`,
        `   ${operand}`,
        `   (local.get $9)`,
        `  )`,
      ]
        .concat(`  (local.get $${i})`, ` )`, `)`)
        .map((line) => `  ${line}\n`)
        .join("");
    const first = product(0, "(local.tee $5\n      (local.get $6)\n     )");
    const text = (operand: string) => `(module\n (func $0\n${first}${product(1, operand)} )\n)`;
    expect(pairProducts(text("(local.get $5)")).count).toBe(1);
    expect(pairProducts(text("(local.get $7)")).count).toBe(0); // they share no operand
  });
});
