import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXPERIMENTS } from "../../packages/lesson/src/experiments/all.ts";
import { PARTS } from "../../packages/lesson/src/live/all.ts";
import type { LivePart } from "../../packages/lesson/src/live/part.ts";
import { type LessonData, told } from "../../packages/lesson/src/report.ts";
import {
  eventually,
  executablePath,
  IN_MOTION,
  mainThreadTasks,
  open,
  type Reader,
  violations,
} from "./web-browser.ts";

const { buildLesson } = (await import(
  new URL("../../scripts/lib/web-build.mjs", import.meta.url).href
)) as { buildLesson(data: LessonData, file: string): Promise<string> };

/** The page with nothing measured: the live parts need none of it. */
const UNMEASURED: LessonData = {
  seed: 1,
  experiments: EXPERIMENTS.map((one) => ({
    ...told(one),
    outcome: { tables: [], checks: [], verdict: "cannot be tested here", answer: 0, seeds: 1 },
  })),
};

let folder: string;
let address: string;

type Id = LivePart["id"];
const part = (page: Page, id: Id): Locator => page.locator(`.live-${id}`);
const slider = (root: Locator, name: string): Locator => root.getByRole("slider", { name });
const press = (root: Locator, name: string): Promise<void> =>
  root.getByRole("button", { name, exact: true }).click();

/** Everything that is drawn. */
const drawn = (root: Locator): Promise<string> =>
  root.evaluate((element) =>
    Array.from(element.querySelectorAll("svg, .night"), ({ outerHTML }) => outerHTML).join(""),
  );

/** The page with every live part within reach, and one of them in sight. */
async function show(id: Id, search = "", reader: Reader = {}) {
  const opened = await open(`${address}${search}`, reader);
  await opened.page.locator("#show-all").click();
  const root = part(opened.page, id);
  await root.scrollIntoViewIfNeeded();
  await eventually(() => root.locator("svg.live-plot line").count()).toBeGreaterThan(0);
  return { ...opened, root };
}

type Shown = Awaited<ReturnType<typeof show>>;

async function leave({ close, errors, outside }: Shown): Promise<void> {
  expect([errors, outside()]).toEqual([[], []]);
  await close();
}

/** Does something, and waits until the pictures are others. */
async function changes(root: Locator, what: () => Promise<unknown>): Promise<void> {
  const before = await drawn(root);
  await what();
  await eventually(() => drawn(root)).not.toBe(before);
}

const reading = (root: Locator, name: string | RegExp): Promise<string | null> =>
  root.locator("dl > div").filter({ hasText: name }).locator("dd").first().textContent();

/** Cells of the table below the pictures. */
const cells = (root: Locator): Promise<string[]> => root.locator("tbody td").allTextContents();

const deadUnits = async (root: Locator): Promise<number[]> =>
  (await root.locator(".field .count").allTextContents()).map((text) =>
    Number(/(\d+) of 64/.exec(text)?.[1]),
  );

describe.skipIf(executablePath === undefined)("live parts", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lesson-"));
    address = pathToFileURL(await buildLesson(UNMEASURED, join(folder, "lesson.html"))).href;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("curve: the point moves by slider, key and pointer; what is left follows", async () => {
    const shown = await show("curve");
    const { root, page } = shown;
    await eventually(() => reading(root, "f(x)")).toBe("0.881"); // 1 / (1 + e^-2)
    await changes(root, () => slider(root, "Input x").press("Home"));
    expect(await reading(root, "Here the unit")).toBe("is saturated");
    await changes(root, () => slider(root, "Layers").press("End"));
    expect(await root.locator("figcaption").last().textContent()).toContain("20 layers: 3.2·10⁻⁷⁰");
    await root.getByLabel("Activation").selectOption("relu");
    await eventually(() => reading(root, "Here the unit")).toContain("off");
    const { x, y, width, height } = (await root.locator("svg.value").boundingBox())!;
    await changes(root, async () => {
      await page.mouse.move(x + width / 4, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + (3 * width) / 4, y + height / 2, { steps: 3 });
      await page.mouse.up();
    });
    expect(await reading(root, "Here the unit")).toBe("learns");
    expect(await slider(root, "Input x").getAttribute("aria-valuetext")).toMatch(/^[3-5]/);
    await leave(shown);
  });

  it("layers: the slider takes ten layers from silence to saturation", async () => {
    const shown = await show("layers");
    const { root } = shown;
    const verdict = root.getByRole("status");
    await eventually(() => verdict.textContent()).toContain("Sound");
    const size = slider(root, "Standard deviation");
    await changes(root, () => size.press("Home"));
    await eventually(() => verdict.textContent()).toContain("dies out");
    await changes(root, () => size.press("End"));
    await eventually(() => verdict.textContent()).toContain("saturate");
    await changes(root, () => press(root, "He 0.177"));
    expect(await size.getAttribute("aria-valuetext")).toBe("He 0.177");
    await changes(root, () => root.getByLabel("Activation").selectOption("sigmoid"));
    await eventually(() => verdict.textContent()).toContain("vanishes");
    await root.locator("summary").click();
    expect(await root.locator("tbody tr").count()).toBe(10);
    await leave(shown);
  });

  it("paths: batch size and rate change both walks", async () => {
    const shown = await show("paths", "", { reducedMotion: "no-preference" });
    const { root } = shown;
    const signs = () => reading(root, "equal signs");
    await eventually(signs).toBe("92.0\u00a0%");
    await changes(root, () => slider(root, "Batch size").press("Home"));
    await eventually(signs).toBe("100.0\u00a0%");
    await changes(root, () => slider(root, "Learning rate").press("Home"));
    await eventually(() => root.locator(".map .walk").count()).toBe(2);
    await changes(root, () => press(root, "Walk again"));
    await leave(shown);
  });

  it("graveyard: relu's units go dark, leakyRelu's do not; the slider starts again", async () => {
    const shown = await show("graveyard", "", { ofItsOwn: true });
    const { root, page } = shown;
    await eventually(() => deadUnits(root)).toEqual([0, 0]);
    // The page's frames come when they are asked for, so that the run cannot end before it is paused.
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1000);
    await press(root, "Train");
    await eventually(async () => {
      await page.clock.runFor(40);
      return (await deadUnits(root))[0];
    }).toBeGreaterThan(24);
    expect((await deadUnits(root))[1]).toBe(0);
    expect(await root.locator(".night").first().locator(".dead").count()).toBeGreaterThan(24);
    await press(root, "Pause");
    const rested = await drawn(root);
    for (let frame = 0; frame < 10; frame++) await page.clock.runFor(20);
    expect(await drawn(root)).toBe(rested);
    await page.clock.resume();
    await changes(root, () => slider(root, "Learning rate").press("Home"));
    await press(root, "Train");
    await eventually(async () => (await cells(root)).length).toBeGreaterThanOrEqual(8);
    expect((await deadUnits(root))[0]).toBeLessThan(10);
    await leave(shown);
  });

  it("duel: two curves to the end, and again with other settings", async () => {
    const shown = await show("duel");
    const { root } = shown;
    await press(root, "Train");
    await eventually(async () => (await cells(root)).length).toBe(12 * 4);
    await eventually(() => root.getByRole("button", { name: "Train" }).count()).toBe(1);
    const [worse, better] = (await root.locator("dl").allTextContents()).map((text) =>
      Number(/([\d.]+)\s%/.exec(text)?.[1]),
    );
    expect(better).toBeGreaterThan(90);
    expect(better).toBeGreaterThan(worse!);
    expect(await reading(root, "time per step")).toMatch(/^[\d,]+ µs$/);
    await changes(root, () => slider(root, "Hidden layers").press("Home"));
    await changes(root, () => press(root, "Train"));
    await changes(root, () => root.getByLabel("Activation A").selectOption("tanh"));
    await eventually(() => root.locator("h4").first().textContent()).toBe("A · tanh");
    await changes(root, () => slider(root, "Learning rate").press("End"));
    await leave(shown);
  });

  it("no task over 50 ms while sliders move and networks train", { retry: 2 }, async () => {
    const { close, page, root } = await show("layers", "", IN_MOTION);
    for (const id of ["graveyard", "duel"] as const) {
      await part(page, id).scrollIntoViewIfNeeded();
      await part(page, id).getByRole("button", { name: "Train" }).waitFor();
    }
    const size = slider(root, "Standard deviation");
    const graveyard = part(page, "graveyard");
    const duel = part(page, "duel");
    const own = await mainThreadTasks(page, async () => {
      for (let i = 0; i < 20; i++) await size.press("ArrowRight");
      await press(graveyard, "Train");
      await eventually(async () => (await cells(graveyard)).length).toBeGreaterThan(8);
      await press(duel, "Train");
      await eventually(async () => (await cells(duel)).length).toBeGreaterThan(8);
    });
    expect(own.length).toBeGreaterThan(100);
    expect(own.filter((ms) => ms > 50)).toEqual([]);
    await close();
  });

  it("draws a walk at once where less motion is wanted", async () => {
    const shown = await show("paths");
    const { root } = shown;
    const steps = () => root.locator(".map").first().locator(".step").count();
    await eventually(steps).toBe(24); // of 25: the last is the disc
    await leave(shown);
  });

  it.each([
    ["light", "", { colorScheme: "light" }],
    [
      "Korean, dark, phone",
      "?lang=ko",
      { colorScheme: "dark", viewport: { width: 360, height: 740 } },
    ],
    ["phone", "", { viewport: { width: 360, height: 740 } }],
  ] as const)(
    "%s: axe finds nothing serious, and the width is enough",
    async (_name, search, options) => {
      const shown = await show("curve", search, options);
      const { page } = shown;
      for (const { id } of PARTS) {
        await part(page, id).scrollIntoViewIfNeeded();
        await eventually(() => part(page, id).locator("svg.live-plot").count()).toBeGreaterThan(0);
      }
      await page.locator(".live details").evaluateAll((all) => {
        for (const folded of all) (folded as HTMLDetailsElement).open = true;
      });
      expect(await violations(page)).toEqual([]);
      for (const live of await page.locator(".live").all()) {
        expect(await live.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
        const { x, width } = (await live.boundingBox())!;
        expect(x + width).toBeLessThanOrEqual(page.viewportSize()!.width);
      }
      await leave(shown);
    },
  );
});
