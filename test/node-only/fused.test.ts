import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { loadModel, numericsVersion } from "ferrograd";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { trained, trainedHash } from "../support/determinism.ts";
import { blobs } from "../support/model.ts";
import { addressOf } from "../support/worker-files.ts";

/** What test/support/fused-program.ts prints. */
interface Report {
  readonly numerics: { readonly version: number; readonly fused: boolean };
  readonly numericsVersion: number;
  readonly predicted: number[];
  readonly first: string;
  readonly warnings: string[];
  readonly saved: string;
  readonly sameInWorker: boolean;
  readonly hashes: string;
}

const isNode20 = process.version.startsWith("v20.");
const { x } = blobs(64);

/** In a process of its own: where ferrograd/fused is loaded first, all numbers are its own. */
function run(program: string, thread: string, flags: string[]): Report {
  using model = trained();
  const file = Buffer.from(model.save({ includeOptimizer: true })).toString("base64");
  const args = [...flags, fileURLToPath(program), file, thread];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

let [program, thread] = ["", ""];
beforeAll(async () => {
  program = await addressOf("fused-program.ts");
  thread = await addressOf("fused-worker.ts");
});

describe("ferrograd/fused, where the runtime has the instruction and the processor fuses", () => {
  let fused: Report;
  beforeAll(() => {
    fused = run(program, thread, isNode20 ? ["--experimental-wasm-relaxed-simd"] : []);
  });

  it("has a numerics version and bits of its own, unrolled too", () => {
    expect(fused.numerics).toEqual({ version: 1000 + numericsVersion, fused: true });
    expect(fused.numericsVersion).toBe(1000 + numericsVersion);
    // As in determinism.test.ts: a change of numerics changes it.
    expect(fused.hashes).toBe(
      "75dcda844f2490636012bf52332ade74440226a1e943b63e5e4a521ae8533bb0 " +
        "cc2b1b86754ce0c683d5beb7ac79ea4b2e3142d512cfc38d60a5b0003120146f",
    );
    expect(fused.hashes.startsWith(fused.first)).toBe(true);
  });

  it("predicts from a file of the default entry what that predicts, to rounding", () => {
    using model = trained();
    const expected = model.predict(x).data();
    fused.predicted.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  });

  it("has workers of its numbers, whatever their file starts", () => {
    expect(fused.sameInWorker).toBe(true);
  });

  it("says where training goes on across the two", async () => {
    const said = (here: number, there: number) =>
      `expected to go on from a file of numerics version ${here}, got one of ${there}`;
    expect(fused.warnings).toHaveLength(1);
    expect(fused.warnings[0]).toContain(said(1000 + numericsVersion, numericsVersion));

    using model = loadModel(Buffer.from(fused.saved, "base64"));
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await (model as ReturnType<typeof trained>).fit(x, blobs(64).y, { epochs: 1 });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining(said(numericsVersion, 1000 + numericsVersion)),
    ]);
    warn.mockRestore();
  });
});

describe.runIf(isNode20)("ferrograd/fused, where the runtime lacks the instruction", () => {
  it("has the default's bits, and says so", async () => {
    const {
      numerics,
      numericsVersion: version,
      first,
      warnings,
      sameInWorker,
    } = run(program, thread, []);
    expect(numerics).toEqual({ version: numericsVersion, fused: false });
    expect([version, first]).toEqual([numericsVersion, await trainedHash()]);
    expect([warnings, sameInWorker]).toEqual([[], true]);
  });
});
