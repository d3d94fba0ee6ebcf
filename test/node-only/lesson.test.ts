import { spawn } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { adam } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { beforeAll, describe, expect, it } from "vitest";
import { verdictOf } from "../../packages/lesson/src/experiment.ts";
import { EXPERIMENTS } from "../../packages/lesson/src/experiments/all.ts";
import { say } from "../../packages/lesson/src/i18n/say.ko.ts";
import { PARTS } from "../../packages/lesson/src/live/all.ts";
import { network } from "../../packages/lesson/src/network.ts";
import { probe } from "../../packages/lesson/src/probe.ts";
import { expectAllclose } from "../support/allclose.ts";
import { eventually, executablePath, open, violations } from "./web-browser.ts";

const LONG = process.env.FERROGRAD_LONG === "1";
/** The long run trains from all seeds. */
const WHOLE = ["--json", "--no-times", ...(LONG ? [] : ["--quick"])];
const name = LONG ? "lesson.html" : "lesson-quick.html";
const PAGE = fileURLToPath(new URL(`../../dist/web/${name}`, import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));

function lesson(...args: string[]): Promise<{ status: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, ["scripts/lesson.mjs", ...args], { cwd: root });
  let [out, said] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, out, said })));
}

interface Report {
  readonly experiments: readonly {
    readonly id: string;
    readonly claim: string;
    readonly prediction: string;
    readonly verdict: string;
    readonly checks: readonly { says: string; holds: boolean; seeds?: [number, number] }[];
    readonly tables: readonly {
      title: string;
      columns: string[];
      rows: (string | number | null)[][];
    }[];
  }[];
  readonly times?: Record<string, { seconds: number }>;
}

describe("npm run lesson", () => {
  let first: string;
  let report: Report;
  beforeAll(async () => {
    const { status, out, said } = await lesson(...WHOLE);
    expect([status, said]).toEqual([0, expect.stringContaining("10 of 10")]);
    first = out;
    report = JSON.parse(out) as Report;
  });

  it("gives the same bytes twice, whichever experiments run beside each other", async () => {
    if (LONG) expect((await lesson(...WHOLE)).out).toBe(first);
    const { out } = await lesson(...WHOLE, "d", "b", "f");
    const again = (JSON.parse(out) as Report).experiments;
    expect(again).toEqual(report.experiments.filter(({ id }) => "bdf".includes(id)));
  });

  it("has ten experiments with claim, prediction, numbers and a verdict of the checks", () => {
    expect(report.times).toBeUndefined();
    expect(report.experiments.map(({ id }) => id).join("")).toBe("abcdefghij");
    for (const { claim, prediction, tables, checks, verdict } of report.experiments) {
      expect(Math.min(claim.length, prediction.length)).toBeGreaterThan(20);
      expect(verdict).toBe(verdictOf(checks));
      for (const { columns, rows } of tables) {
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) {
          expect(row).toHaveLength(columns.length);
          expect(row).not.toContain(null); // NaN and infinity, in JSON
        }
      }
    }
  });

  it("names as many seeds in its titles as were trained", () => {
    const titles = report.experiments.flatMap(({ tables }) => tables.map(({ title }) => title));
    const counts = titles.flatMap((title) => title.match(/\b(?:one|five|nine|\d+) seeds?\b/) ?? []);
    expect(counts.length).toBeGreaterThan(5);
    expect(counts.includes("one seed")).toBe(!LONG);
    if (!LONG) expect([...new Set(counts)]).toEqual(["one seed"]);
  });

  it("says how many of the seeds agree with each check", () => {
    const trained = report.experiments.filter(({ id }) => id !== "b");
    for (const { checks } of trained) {
      expect(checks.filter(({ seeds }) => seeds).length).toBeGreaterThan(2);
      for (const { holds, seeds } of checks) {
        if (seeds) expect(2 * seeds[0] > seeds[1]).toBe(holds);
      }
    }
  });

  it("has its tables and checks in Korean too", () => {
    const texts = report.experiments.flatMap(({ checks, tables }) => [
      ...checks.map(({ says }) => says),
      ...tables.flatMap(({ title, columns }) => [title, ...columns]),
    ]);
    const missing = texts.filter((text) => !/[가-힣]/.test(say(text)));
    expect(missing).toEqual([]);
  });

  it("finds what the arithmetic promises", () => {
    const held = (id: string, says: string) =>
      report.experiments.find((e) => e.id === id)!.checks.find((c) => c.says === says)?.holds;
    expect(held("a", "the collapsed models give equal outputs, to 1e-4")).toBe(true);
    expect(held("c", "sigmoid's gradient falls more than 1,000 times over ten layers")).toBe(true);
    expect(held("c", "relu's stays within a factor of 10")).toBe(true);
    expect(held("f", "with positive inputs, single rows give equal signs always")).toBe(true);
    expect(held("g", "no unit of leakyRelu is dead at any rate")).toBe(true);
    expect(held("g", "at 0.2 over 5 % of relu units are dead")).toBe(true);
  });

  it.skipIf(executablePath === undefined)(
    "makes the page: all ten, and live parts that draw when a slider moves or when they train",
    async () => {
      const { close, page, errors, outside } = await open(pathToFileURL(PAGE).href);
      await page.locator("#show-all").click();
      const verdicts = page.locator(".verdict-card h3 span");
      await eventually(() => verdicts.allTextContents()).toEqual(
        report.experiments.map(({ verdict }) => verdict),
      );
      await eventually(() => page.locator(".host:not(:has(svg))").count()).toBe(0);
      expect(await page.locator(".live").count()).toBe(PARTS.length);
      for (const { id } of PARTS) {
        const part = page.locator(`.live-${id}`);
        await part.scrollIntoViewIfNeeded();
        const pictures = part.locator("svg:not(.icon)");
        const drawn = () => pictures.evaluateAll((all) => all.map((svg) => svg.outerHTML).join());
        await eventually(drawn).toContain("<svg");
        const before = await drawn();
        await part.locator("input[type=range]").first().press("ArrowRight");
        const train = part.getByRole("button", { name: "Train" });
        if ((await train.count()) > 0) await train.click();
        await eventually(drawn).not.toBe(before);
        const pause = part.getByRole("button", { name: "Pause" });
        if ((await pause.count()) > 0) await pause.click();
      }
      expect([errors, outside(), await violations(page)]).toEqual([[], [], []]);
      await close();
    },
  );

  it("refuses experiments and options that are not there", async () => {
    expect((await lesson("z")).said).toBe(
      "lesson: expected experiments of a b c d e f g h i j, got z\n",
    );
    expect((await lesson("--fast")).said).toMatch(/^lesson: Unknown option '--fast'/);
  });

  it("refuses a bad seed", async () => {
    const { status, said } = await lesson("--seed", "x");
    expect([status, said]).toEqual([
      1,
      "lesson: --seed: expected a whole number of 0 or more, got x\n",
    ]);
  });
});

describe("the verdict", () => {
  const yes = { says: "", holds: true };
  const no = { says: "", holds: false };
  it.each([
    [[yes, yes], "holds"],
    [[yes, no], "holds partly"],
    [[no], "does not hold here"],
    [[], "cannot be tested here"],
  ])("%#", (checks, verdict) => expect(verdictOf(checks)).toBe(verdict));

  it("every experiment has an id and a claim of its own", () => {
    expect(new Set(EXPERIMENTS.map(({ claim }) => claim)).size).toBe(EXPERIMENTS.length);
  });
});

describe("what the experiments count", () => {
  const { train } = digits();
  const { x, y } = train.take(64);

  it("equals plain arrays: z, a, dead units, saturation", () => {
    const options = { widths: [64, 16, 16, 10], optimizer: adam({ learningRate: 0.1 }), seed: 3 };
    const net = network({ ...options, activation: "relu" });
    net.model.fitSync(train, { epochs: 2 });
    const [first, second] = probe(net, "relu", x, Int32Array.from(y.data));
    const [w, b, w2, b2] = net.model.getWeights() as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    net.dispose();
    const layer = (
      input: ArrayLike<number>,
      width: number,
      kernel: Float32Array,
      bias: Float32Array,
    ) =>
      Array.from({ length: 64 * 16 }, (_, at) => {
        const [row, unit] = [Math.floor(at / 16), at % 16];
        let sum = bias[unit]!;
        for (let i = 0; i < width; i++) sum += input[row * width + i]! * kernel[i * 16 + unit]!;
        return sum;
      });
    const z1 = layer(x.data, 64, w, b);
    const a1 = z1.map((v) => Math.max(v, 0));
    const z2 = layer(a1, 16, w2, b2);
    expectAllclose(first!.z, z1, 1e-5);
    expectAllclose(first!.a, a1, 1e-5);
    expectAllclose(second!.z, z2, 1e-5);
    const dead = (z: number[]) =>
      Array.from({ length: 16 }, (_, unit) => unit).filter((unit) =>
        z.every((v, at) => at % 16 !== unit || v <= 0),
      );
    expect(second!.dead).toEqual(dead(z2));
    expect([...first!.dead, ...second!.dead].length).toBeGreaterThan(0);
    const mean = a1.reduce((s, v) => s + v) / a1.length;
    const deviation = Math.sqrt(a1.reduce((s, v) => s + (v - mean) ** 2, 0) / a1.length);
    expectAllclose([first!.deviation, first!.saturated], [deviation, 0], 1e-5);
  });

  it("a sigmoid is saturated beyond 5", () => {
    const net = network({
      widths: [64, 16, 10],
      activation: "sigmoid",
      optimizer: adam(),
      seed: 3,
    });
    net.model.setWeights(
      net.model.getWeights().map((values, i) => (i === 0 ? values.map((v) => v * 20) : values)),
    );
    const [layer] = probe(net, "sigmoid", x, Int32Array.from(y.data));
    net.dispose();
    const beyond = layer!.z.filter((z) => Math.abs(z) > 5).length / layer!.z.length;
    expect(layer!.saturated).toBeGreaterThan(0.05);
    expect(Math.abs(layer!.saturated - beyond)).toBeLessThan(0.01);
    expect(layer!.oneSigned).toBeCloseTo(1, 6);
  });
});
