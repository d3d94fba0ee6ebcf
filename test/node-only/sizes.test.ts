import { beforeAll, describe, expect, it } from "vitest";
import { bundleParts, roomOf } from "../../scripts/lib/bundle-parts.mjs";
import { unused } from "../../scripts/lib/bundle-unused.mjs";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { wasmByOp } from "../../scripts/lib/size-ops.mjs";
import { leaveOut, sizesBy, sizeTable } from "../../scripts/lib/size-parts.mjs";
import { gzipped, KB } from "../../scripts/lib/sizes.mjs";

type Bundle = Awaited<ReturnType<typeof bundleParts>>;
type Part = Bundle["parts"][number];
type Sizes = ReturnType<typeof sizesBy>;

const WASM = "engine/generated/wasm.ts";
const TENSORS = "compile copies engine entries graph options platform values";
const MODELS = `${TENSORS} callbacks initializers io layers losses metrics model optimizers schedules training`;
const TABLES = "copies data entries options values";

interface Import {
  readonly names: string;
  readonly from?: string;
  /** Gzipped, beside the wasm. */
  readonly kilobytes: number;
  /** All rooms that something comes from. */
  readonly rooms: string;
  /** Files of these rooms, or what their names begin with, that nothing comes from. */
  readonly without: readonly string[];
}

const IMPORTS: readonly Import[] = [
  {
    names: "{ tensor, matmul }",
    kilobytes: 20.4,
    rooms: TENSORS,
    without: ["compile/differentiate", "compile/jit", "graph/ops/softmax", "values/rows"],
  },
  {
    names: "{ grad }",
    kilobytes: 23.2,
    rooms: TENSORS,
    without: ["compile/jit", "graph/ops/softmax", "graph/ops/random"],
  },
  {
    names: "{ variable, jit }",
    kilobytes: 21.6,
    rooms: TENSORS,
    without: ["compile/differentiate", "graph/ops/softmax", "graph/ops/random"],
  },
  {
    names: "{ adam }",
    kilobytes: 25.1,
    rooms: `${TENSORS} optimizers schedules`,
    without: ["optimizers/by-name", "optimizers/sgd", "optimizers/lion", "compile/jit"],
  },
  {
    names: "{ customLoss }",
    kilobytes: 21,
    rooms: `${TENSORS} losses`,
    without: ["losses/by-name", "losses/crossentropy", "losses/regression"],
  },
  {
    names: "{ sequential, dense }",
    kilobytes: 66.4,
    rooms: MODELS,
    without: [
      "model/load",
      "model/functional",
      "layers/registry",
      "layers/dropout",
      "io/strict-json",
    ],
  },
  {
    names: "{ model, input, dense }",
    kilobytes: 66.5,
    rooms: MODELS,
    without: ["model/load", "model/sequential", "layers/registry", "layers/dropout"],
  },
  {
    names: "{ loadModel }",
    kilobytes: 108.7, // all that files may name
    rooms: `${MODELS} constraints regularizers`,
    without: ["layers/custom", "callbacks/early-stopping", "model/functional"],
  },
  {
    names: "{ diagnose }",
    from: "ferrograd/diagnostics",
    kilobytes: 116.4, // it makes copies as loadModel does
    rooms: `${MODELS} constraints diagnostics regularizers`,
    without: ["diagnostics/health", "diagnostics/why-stuck", "diagnostics/collapse"],
  },
  {
    names: "{ auc }",
    from: "ferrograd/metrics",
    kilobytes: 16.9,
    rooms: "copies engine entries graph losses metrics options platform values",
    without: ["metrics/all", "metrics/accuracy", "metrics/regression", "metrics/of-losses"],
  },
  {
    names: "{ readCsv }",
    from: "ferrograd/csv",
    kilobytes: 10.2,
    rooms: TABLES,
    without: ["data/split", "data/preprocessing"],
  },
  {
    names: "{ fromArrays }",
    from: "ferrograd/data",
    kilobytes: 9.1,
    rooms: TABLES,
    without: ["data/csv", "data/table", "data/pipeline/folds", "data/pipeline/sources/text"],
  },
];

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

describe.each(IMPORTS)("the bundle of $names", ({ names, from, kilobytes, rooms, without }) => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleParts(`export ${names} from "${from ?? "ferrograd"}"`);
  });

  it(`has at most ${kilobytes} KB of JavaScript`, () => {
    const wasm = bundle.parts.filter(({ file }) => file === WASM);
    expect(gzipped(leaveOut(bundle.text, wasm)) / KB).toBeLessThan(kilobytes);
  });

  it("comes from the rooms that it needs, and of them only from what it needs", () => {
    const found = bundle.parts.map(({ file }) => roomOf(file).split("/")[0]!);
    expect(sorted(found)).toEqual(sorted(rooms.split(" ")));
    const files = sorted(bundle.parts.map(({ file }) => file));
    expect(files.filter((file) => without.some((start) => file.startsWith(start)))).toEqual([]);
  });

  it("has nothing that only stands there because a function is called to make it", () => {
    const { text, parts } = bundle;
    const large = unused(text).filter(({ at, end }) => end - at > 100);
    const named = large.map(({ at, end }) => {
      const part = parts.find((one) => one.at <= at && at < one.end);
      return `${part?.file}:${part?.line}: ${text.slice(at, Math.min(end, at + 80))}`;
    });
    expect(named).toEqual([]);
  });
});

describe("sizes", () => {
  it("of rooms and of files are those of the bundle", async () => {
    const bundle = await bundleParts('export { tensor } from "ferrograd/slim"');
    const sum = (rows: Sizes) => rows.reduce((total, { sizes }) => total + sizes[0]!, 0);
    for (const nameOf of [({ file }: Part) => file, ({ file }: Part) => roomOf(file)]) {
      const rows = sizesBy(bundle, nameOf);
      const whole = [bundle.text.length, gzipped(bundle.text)];
      expect(rows.at(-1)).toEqual({ name: "in all", sizes: whole });
      expect(sum(rows.slice(0, -1)) / whole[0]!).toBeCloseTo(1, 2);
    }
    const files = sizesBy(bundle, ({ file }: Part) => file).map(({ name }) => name);
    expect(files).toContain("values/shape.ts");
    expect(files).not.toContain("model/model.ts");
  });

  it("stand beside those of another checkout", async () => {
    const [head, ...rows]: string[] = await sizeTable(
      "rooms",
      'export { memory } from "ferrograd/slim"',
      ROOT,
    );
    expect(head).toMatch(/^ +minified before +minified +gzip before +gzip$/);
    expect(rows.find((row) => row.startsWith("engine "))).toMatch(/^engine +(\d+) +\1 +(\d+) +\2$/);
  });

  it("of ops are there for them alone", async () => {
    const sizes = await wasmByOp(ROOT, ["reduce", "copy"]);
    expect(sizes.get("copy")).toBeGreaterThan(20);
    expect(sizes.get("reduce")).toBeGreaterThan(10 * sizes.get("copy")!);
  });
});
