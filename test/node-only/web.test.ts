import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { CHROMIUM_ARGS, findChromium } = (await import(
  new URL("../../scripts/lib/chromium.mjs", import.meta.url).href
)) as { CHROMIUM_ARGS: string[]; findChromium(): string | undefined };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = findChromium();

let command: ChildProcess;
let browser: Browser;
const addresses = { http: "", file: "" };

/** `npm run web`, until it has printed both addresses. */
async function startPage(): Promise<void> {
  command = spawn(process.execPath, ["scripts/web.mjs", "--port", "0"], { cwd: root });
  let said = "";
  for await (const chunk of command.stdout!) {
    said += chunk;
    const match = /^(.+\.html) opens.*\n(http:\S+)/.exec(said);
    if (match === null) continue;
    addresses.file = pathToFileURL(match[1]!).href;
    addresses.http = match[2]!;
    return;
  }
}

/** A page with a record of what it must not do. */
async function open(address: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(address);
  const outside = () =>
    requests.filter((url) => url !== address.split("#")[0] && !/^(blob|data):/.test(url));
  const longTasks = () =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  return { context, page, errors, outside, longTasks };
}

/** What a page comes to, however busy the machine is. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 });

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const testAccuracy = async (page: Page) =>
  Number.parseFloat((await page.locator(".chart .test .value").nth(1).textContent()) || "0");
const steps = async (page: Page) =>
  Number(
    (await page.locator(".count").textContent())!
      .replace(/\D.*?([\d,]+).*/, "$1")
      .replaceAll(",", ""),
  );
const hash = async (page: Page) =>
  (await page.locator(".hash").getAttribute("title"))!.replace(/.*: /, "");
const status = (page: Page) => page.getByRole("status");

/** Draws a line through points of the pad, 0..1. */
async function draw(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await page.locator(".sheet").boundingBox())!;
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 3 });
  await page.mouse.up();
}

const circle = Array.from({ length: 25 }, (_, i) => {
  const angle = (i / 24) * 2 * Math.PI;
  return [0.5 + 0.26 * Math.sin(angle), 0.5 - 0.38 * Math.cos(angle)] as const;
});

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ph: string;
  /** Microseconds of the thread's own time. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Tasks of the threads that run pages. */
function mainThreadTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const key = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const threads = events.filter(
    ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
  );
  const wanted = new Set(threads.map(key));
  return events.filter((event) => event.name.endsWith("RunTask") && wanted.has(key(event)));
}

/** What axe finds that keeps somebody out. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}

describe.skipIf(executablePath === undefined)("the page in Chromium", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    await startPage();
    browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    command?.kill();
  });

  it.each(["http", "file"] as const)(
    "%s: trains digits, answers a stroke, gives a link that repeats the run",
    async (kind) => {
      const { context, page, errors, outside } = await open(
        `${addresses[kind]}#data=digits&speed=0`,
      );
      await button(page, "Play").click();
      await eventually(() => testAccuracy(page)).toBeGreaterThanOrEqual(95);
      await draw(page, circle);
      await eventually(() => page.locator(".verdict").textContent()).toContain("reads as 0");
      await button(page, "Pause").click();
      await eventually(() => status(page).textContent()).toContain("Paused at step");

      const [reached, sha256] = [await steps(page), await hash(page)];
      expect(page.url()).toContain(`steps=${reached}&sha256=${sha256}`);
      const reader = await open(page.url());
      await eventually(() => status(reader.page).textContent()).toContain("Same bits");
      expect(await steps(reader.page)).toBe(reached);
      expect(await hash(reader.page)).toBe(sha256);

      for (const seen of [{ errors, outside }, reader]) {
        expect(seen.errors).toEqual([]);
        expect(seen.outside()).toEqual([]);
      }
      await Promise.all([context.close(), reader.context.close()]);
    },
  );

  it("a link with another hash is told apart", async () => {
    const link = `${addresses.file}#data=xor&steps=20&sha256=${"0".repeat(64)}`;
    const { context, page } = await open(link);
    await eventually(() => status(page).textContent()).toContain("Other bits");
    await context.close();
  });

  it("steps one by one, and from the start again to the same bits", async () => {
    const { context, page, errors } = await open(`${addresses.file}#data=spirals&seed=7`);
    const walk = async () => {
      for (const step of [1, 2, 3]) {
        await button(page, "Step").click();
        await eventually(() => steps(page)).toBe(step);
      }
      return hash(page);
    };
    const first = await walk();
    await button(page, "Restart").click();
    await eventually(() => steps(page)).toBe(0);
    expect(await walk()).toBe(first);
    await page.getByLabel("Seed").fill("8");
    await page.getByLabel("Seed").press("Enter");
    await eventually(() => steps(page)).toBe(0);
    expect(page.url()).toContain("seed=8");
    expect(await walk()).not.toBe(first);
    expect(errors).toEqual([]);
    await context.close();
  });

  it.each(["digits", "spirals"])("%s: no task over 50 ms while it trains", async (data) => {
    const { context, page, longTasks } = await open("about:blank");
    await browser.startTracing(page, { categories: ["devtools.timeline", "toplevel"] });
    await page.goto(`${addresses.file}#data=${data}&speed=1000`);
    await button(page, "Play").click();
    await eventually(() => steps(page)).toBeGreaterThan(1500);
    const observed = await longTasks();
    const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
    // Other programs on the machine stretch tasks; only the thread's own time counts.
    const own = mainThreadTasks(trace.traceEvents).map(({ tdur = 0 }) => tdur / 1000);
    expect(own.length).toBeGreaterThan(observed.length);
    expect(own.filter((ms) => ms > 50)).toEqual([]);
    await context.close();
  });

  it("learns a CSV file and says what is wrong with another", async () => {
    const { context, page, errors, outside } = await open(`${addresses.file}#data=csv&speed=0`);
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${i % 12},${i % 7},${i % 12 > 5 ? "big" : "small"}`,
    );
    const file = (text: string) => ({
      name: "sizes.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
    const input = page.getByLabel("Choose a CSV file");
    await input.setInputFiles(file(["a,b,size", ...rows].join("\n")));
    await eventually(() => page.locator(".panel").textContent()).toContain(
      "96 rows to train, 24 to test",
    );
    await button(page, "Play").click();
    await eventually(() => testAccuracy(page)).toBe(100);
    await input.setInputFiles(file("a,b,size\n1,2\n"));
    await eventually(() => status(page).textContent()).toContain(
      "sizes.csv: row 2: expected 3 values",
    );
    expect([errors, outside()]).toEqual([[], []]);
    await context.close();
  });

  it("says that a learning rate is too high", async () => {
    const { context, page, errors } = await open(
      `${addresses.file}#data=digits&activation=linear&optimizer=sgd&learningRate=1000&speed=0`,
    );
    await button(page, "Play").click();
    await eventually(() => status(page).textContent()).toContain("learning rate");
    expect(await button(page, "Play").count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it("works from the keyboard, the pad too", async () => {
    const { context, page } = await open(
      `${addresses.file}#data=digits&speed=0&steps=300&sha256=${"0".repeat(64)}`,
    );
    await eventually(() => status(page).textContent()).toContain("bits");
    await page.locator(".sheet").focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    for (let i = 0; i < 16; i++) await page.keyboard.press("ArrowDown");
    await eventually(() => page.locator(".verdict").textContent()).toContain("reads as 1");
    await button(page, "Step").focus();
    await page.keyboard.press("Enter");
    await eventually(() => steps(page)).toBe(301);
    await context.close();
  });

  it("speaks Korean, and changes language without losing the run", async () => {
    const { context, page } = await open(`${addresses.file}?lang=ko#data=circles&speed=300`);
    expect(await page.locator("html").getAttribute("lang")).toBe("ko");
    await button(page, "한 단계").click();
    await eventually(() => page.locator(".count").textContent()).toContain("1단계");
    const before = await hash(page);
    await page.getByLabel("언어").selectOption("en");
    await eventually(() => page.locator(".count").textContent()).toContain("step 1 ");
    expect(await hash(page)).toBe(before);
    expect(page.url()).not.toContain("lang=ko");
    await context.close();
  });

  it("asks for fewer frames where less motion is wanted", async () => {
    const { context, page } = await open(`${addresses.file}#data=circles&speed=300`, {
      reducedMotion: "reduce",
    });
    await button(page, "Play").click();
    await page.waitForTimeout(500);
    const changes = await page.evaluate(async () => {
      let count = 0;
      const observer = new MutationObserver(() => count++);
      observer.observe(document.querySelector(".count")!, {
        childList: true,
        subtree: true,
        characterData: true,
      });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return count;
    });
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThanOrEqual(4);
    await context.close();
  });

  it.each([
    ["digits, light", "#data=digits", { colorScheme: "light" }],
    ["digits, dark", "#data=digits", { colorScheme: "dark" }],
    ["spirals, dark, Korean", "?lang=ko#data=spirals", { colorScheme: "dark" }],
    ["spirals, phone", "#data=spirals", { viewport: { width: 360, height: 740 } }],
    ["digits, phone", "#data=digits", { viewport: { width: 360, height: 740 } }],
  ] as const)(
    "%s: axe finds nothing serious, and the width is enough",
    async (_name, address, options) => {
      const { context, page } = await open(
        `${addresses.file}${address}`,
        options as BrowserContextOptions,
      );
      for (let i = 0; i < 3; i++) await page.locator(".transport button").nth(1).click();
      await eventually(() => page.locator(".count").textContent()).toContain("3");
      await eventually(() => page.locator(".chart .test .value").nth(1).textContent()).toContain(
        "%",
      );
      expect(await violations(page)).toEqual([]);
      const { scroll, width } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        width: innerWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(width);
      await context.close();
    },
  );
});
