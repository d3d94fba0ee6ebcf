import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outcomeOf } from "../../packages/lesson/src/experiment.ts";
import { EXPERIMENTS } from "../../packages/lesson/src/experiments/all.ts";
import { shown } from "../../packages/lesson/src/format.ts";
import { en } from "../../packages/lesson/src/i18n/en.ts";
import { ko } from "../../packages/lesson/src/i18n/ko.ts";
import { say } from "../../packages/lesson/src/i18n/say.ko.ts";
import { type LessonData, told } from "../../packages/lesson/src/report.ts";
import { ACTIVATION_NAMES } from "../../packages/shared/src/names.ts";
import { button, eventually, executablePath, open, violations } from "./web-browser.ts";
import { RULES, tryOutside } from "./web-outside.ts";

const scripts = new URL("../../scripts/lib/", import.meta.url).href;
const { buildLesson } = (await import(`${scripts}web-build.mjs`)) as {
  buildLesson(data: LessonData, file: string): Promise<string>;
};
const { serve } = (await import(`${scripts}web-server.mjs`)) as {
  serve(folder: string, port: number): Promise<string>;
};

/** Those that take a second or two, all seeds only of the one that is run again; all ten are in lesson.test.ts. */
const QUICK = EXPERIMENTS.filter(({ id }) => "abdf".includes(id));
const AGAIN = "d";
const data: LessonData = {
  seed: 1,
  experiments: QUICK.map((one) => ({ ...told(one), outcome: outcomeOf(one, 1, one.id !== AGAIN) })),
};
const folder = mkdtempSync(join(tmpdir(), "ferrograd-lesson-"));
const file = join(folder, "lesson.html");
const addresses = { http: "", file: pathToFileURL(file).href };

const outcome = (id: string) => data.experiments.find((one) => one.id === id)!.outcome;
const section = (page: Page, id: string) => page.locator(`#${id}`);
const guess = async (page: Page, id: string, option: number) => {
  await section(page, id).locator(".option").nth(option).click();
  await section(page, id).locator("form.question button").click();
};

describe.skipIf(executablePath === undefined)("the lesson page", () => {
  beforeAll(async () => {
    await buildLesson(data, file);
    addresses.http = `${await serve(folder, 0)}lesson.html`;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["http", "file"] as const)(
    "%s: shows no number before the reader has committed to a guess",
    async (kind) => {
      const { close, page, errors, outside } = await open(addresses[kind]);
      const part = section(page, "d");
      await eventually(() => part.locator("h2").textContent()).toBe("Saturated units stand still");
      expect(await page.locator("svg.plot, table td.number, .verdict-card").count()).toBe(0);
      expect(await part.locator("form.question button").isDisabled()).toBe(true);

      await guess(page, "d", outcome("d").answer);
      await eventually(() => part.locator(".answered .remark").textContent()).toBe(en.right);
      expect(await part.locator(".verdict-card h3").textContent()).toContain(outcome("d").verdict);
      const agree = part.locator(".verdict-card li small");
      expect(await agree.allTextContents()).toEqual(
        outcome("d").checks.map(({ seeds }) => en.holdsIn(...seeds!)),
      );
      expect(await part.locator("svg.plot").count()).toBe(2);
      expect(await part.locator("svg.plot rect").count()).toBe(4);
      const cells = await part.locator("td.number").allTextContents();
      expect(cells).toContain(shown(outcome("d").tables[1]!.rows[0]![1]!));
      expect(await page.evaluate(() => document.activeElement?.className)).toBe("result");

      const other = (outcome("a").answer + 1) % 3;
      await guess(page, "a", other);
      await eventually(() => section(page, "a").locator(".answered").textContent()).toContain(
        en.wrong,
      );
      expect(await page.locator("#summary .score").textContent()).toBe(en.score(1, 2));
      expect(await section(page, "b").locator("svg.plot").count()).toBe(0);
      expect([errors, outside()]).toEqual([[], []]);
      await close();
    },
  );

  it("trains again in the page: the same seed gives the same bits, another seed other numbers", async () => {
    const { close, page, errors, outside } = await open(addresses.file);
    await guess(page, "d", 0);
    const again = section(page, "d").locator(".again");
    const cell = section(page, "d").locator("td.number").nth(3);
    const before = await cell.textContent();
    await again.getByLabel("Seed").fill("1");
    await again.getByRole("button").click();
    await eventually(() => again.getByRole("status").textContent()).toContain(en.sameBits);
    expect(await cell.textContent()).toBe(before);
    await again.getByLabel("Seed").fill("7");
    await again.getByRole("button").click();
    await eventually(() => again.getByRole("status").textContent()).toContain(
      "Seeds 7 to 11, 5 of many",
    );
    expect(await again.getByRole("status").textContent()).not.toContain(en.sameBits);
    expect(await cell.textContent()).not.toBe(before);
    expect([errors, outside()]).toEqual([[], []]);
    await close();
  });

  it("loads nothing from outside, whatever tries to, and runs no script but its own", async () => {
    const { close, page } = await open(addresses.file);
    expect(await tryOutside(page)).toEqual({ reached: [], refused: RULES, ran: false });
    await close();
  });

  it("saves a chart as PNG, twice as large as it is shown", async () => {
    const { close, page, errors, outside } = await open(addresses.file);
    await guess(page, "f", 0);
    const figure = section(page, "f").locator("figure").nth(2);
    await figure.locator("svg").waitFor();
    const width = (await figure.locator("svg").boundingBox())!.width;
    const waiting = page.waitForEvent("download");
    await button(page, en.savePng("Path of the two weights: all positive inputs")).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("lesson-f.png");
    const png = readFileSync(await download.path());
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(2 * Math.floor(width));
    expect([errors, outside()]).toEqual([[], []]);
    await close();
  });

  it("projector: one part at a time, turned, guessed and left by keyboard", async () => {
    const { close, page, errors } = await open(`${addresses.file}?projector`);
    const visible = () => page.locator("main > :not([hidden])").getAttribute("id");
    await eventually(visible).toBe("start");
    await page.keyboard.press("PageDown");
    expect(await visible()).toBe("a");
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await eventually(() => section(page, "a").locator("svg.plot").count()).toBe(1);
    await page.keyboard.press("ArrowRight");
    expect(await visible()).toBe("b");
    expect(page.url()).toMatch(/\?projector#b$/);
    const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    expect(Number.parseFloat(await size())).toBeGreaterThanOrEqual(20);
    await page.keyboard.press("Escape");
    await eventually(() => page.locator("main > :not([hidden])").count()).toBe(6);
    expect(await section(page, "a").locator("svg.plot").count()).toBe(1);
    expect(errors).toEqual([]);
    await close();
  });

  it("Korean: chosen in the page, with the reader's guesses kept", async () => {
    const { close, page, errors } = await open(addresses.file);
    await guess(page, "a", outcome("a").answer);
    await page.getByLabel(en.language).selectOption("ko");
    await eventually(() => page.locator("h1").textContent()).toBe(ko.title);
    expect(page.url()).toContain("?lang=ko");
    expect(await section(page, "a").locator(".remark").first().textContent()).toBe(ko.right);
    await button(page, ko.showAll).click();
    await eventually(() => page.locator("figure svg").count()).toBeGreaterThan(6);
    expect(errors).toEqual([]);
    await close();
  });

  it.each([
    ["light", "", {}],
    ["dark", "", { colorScheme: "dark" }],
    ["Korean", "?lang=ko", {}],
    ["projector", "?projector#d", { viewport: { width: 1920, height: 1080 } }],
    ["projector, dark, Korean", "?lang=ko&projector#d", { colorScheme: "dark" }],
    ["phone", "", { viewport: { width: 360, height: 780 } }],
  ] as const)(
    "%s: axe finds nothing serious, and nothing is wider than the screen",
    async (_, address, options) => {
      const { close, page, errors } = await open(`${addresses.file}${address}`, options);
      await page.locator("#d .option").first().waitFor({ state: "attached" });
      expect(await violations(page)).toEqual([]);
      await page.evaluate(() => document.getElementById("show-all")!.click());
      await eventually(() => page.locator("#d svg.plot").count()).toBe(2);
      for (const one of await page.locator(".live").all()) {
        if (await one.isVisible()) await one.scrollIntoViewIfNeeded();
      }
      expect(await violations(page)).toEqual([]);
      const { scroll, width } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        width: innerWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(width);
      expect(errors).toEqual([]);
      await close();
    },
  );
});

describe("the lesson's texts", () => {
  it("Korean has every text of the page", () => {
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    const sentences = Object.values(ko).filter((text) => typeof text === "string");
    expect(sentences.filter((text) => !/[가-힣]/.test(text))).toEqual([]);
  });

  it("all that the experiments say is there in Korean", () => {
    const words = EXPERIMENTS.flatMap((one) => {
      const { title, claim, prediction, note, question } = told(one);
      return [title, claim, prediction, note ?? "Glorot", question.asks, ...question.options];
    });
    const measured = data.experiments.flatMap(({ outcome }) => [
      ...outcome.checks.map(({ says }) => says),
      ...outcome.tables.flatMap(({ title, columns, rows, charts = [] }) => [
        title,
        ...columns,
        ...rows.flat().filter((cell) => typeof cell === "string"),
        ...charts.flatMap((chart) => [chart.title, chart.x]),
      ]),
    ]);
    const same: readonly string[] = [
      ...ACTIVATION_NAMES,
      "Glorot",
      "He",
      "sigmoid, relu and leakyRelu",
    ];
    const missing = [...words, ...measured].filter(
      (text) => !same.includes(text) && !/[가-힣]/.test(say(text)) && /[a-z]{3}/.test(say(text)),
    );
    expect(missing).toEqual([]);
  });
});
