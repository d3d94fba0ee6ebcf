import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type Browser,
  type ConsoleMessage,
  chromium,
  type Page,
  type Request,
  type ViewportSize,
} from "playwright";
import { expect } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { CHROMIUM_ARGS, findChromium } = (await import(
  new URL("../../scripts/lib/chromium.mjs", import.meta.url).href
)) as { CHROMIUM_ARGS: string[]; findChromium(): string | undefined };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const executablePath = findChromium();
/** Longer than any test may take, ms. */
const HANGS = 2 ** 31 - 1;

let command: ChildProcess | undefined;
let browser: Browser | undefined;
/** Of the page, served and as a file. */
export const addresses = { http: "", file: "" };

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

/** One browser for all files that a process tests, and its pages: they end with the process. */
export async function launch(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath, args: CHROMIUM_ARGS, timeout: HANGS });
  return browser;
}

export async function start(): Promise<void> {
  await Promise.all([startPage(), launch()]);
}

export function stop(): void {
  command?.kill();
}

/** Milliseconds of its own time that each task of the page's main thread took in the meantime. */
export async function mainThreadTasks(page: Page, work: () => Promise<void>): Promise<number[]> {
  const browser = await launch();
  await browser.startTracing(page, { categories: ["devtools.timeline", "toplevel"] });
  await work();
  const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  return tasksOf(trace.traceEvents, page.url()).map(({ tdur = 0 }) => tdur / 1000);
}

/** What the reader has set, or the size of the screen: else less motion, which is less to draw, and a common size. */
export interface Reader {
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly viewport?: ViewportSize;
  /** What the test does to its page would still be there in the next one's. */
  readonly ofItsOwn?: boolean;
}

/** All that moves, in a page that nothing else is drawn in. */
export const IN_MOTION: Reader = { reducedMotion: "no-preference", ofItsOwn: true };

/** Pages that tests are done with, for those that come after: each new one is a process. */
const left: Page[] = [];

async function made(): Promise<Page> {
  const context = await (await launch()).newContext();
  context.setDefaultTimeout(HANGS);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask", buffered: true });
  });
  return page;
}

/** What a page must not do. */
function record(page: Page) {
  const errors: string[] = [];
  const requests: string[] = [];
  const said = (message: ConsoleMessage) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  };
  const thrown = (error: Error) => errors.push(error.message);
  const asked = (request: Request) => requests.push(request.url());
  page.on("console", said).on("pageerror", thrown).on("request", asked);
  const end = () => page.off("console", said).off("pageerror", thrown).off("request", asked);
  return { errors, requests, end };
}

/** A page with a record of what it must not do; `close` hands it on. */
export async function open(address: string, reader: Reader = {}) {
  const { colorScheme = "light", reducedMotion = "reduce", ofItsOwn = false } = reader;
  const page = (ofItsOwn ? undefined : left.pop()) ?? (await made());
  await page.emulateMedia({ colorScheme, reducedMotion });
  await page.setViewportSize(reader.viewport ?? { width: 1280, height: 720 });
  const { errors, requests, end } = record(page);
  await page.goto(address);
  const outside = () =>
    requests.filter((url) => url !== address.split("#")[0] && !/^(blob|data):/.test(url));
  const longTasks = () =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  const close = async () => {
    end();
    if (ofItsOwn) return page.context().close();
    await page.mouse.move(0, 0);
    await page.goto("about:blank");
    left.push(page);
  };
  return { page, errors, outside, longTasks, close };
}

/**
 * What a page comes to, however busy the machine is: only the limit of the test itself ends the wait. Each look costs
 * the page and the test some milliseconds.
 */
export const eventually = <T>(read: () => Promise<T>) =>
  expect.poll(read, { timeout: HANGS, interval: 100 });

export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
export const testAccuracy = async (page: Page) =>
  Number.parseFloat((await page.locator(".chart .test .value").nth(1).textContent()) || "0");
export const steps = async (page: Page) =>
  Number(
    (await page.locator(".count").textContent())!
      .replace(/\D.*?([\d,]+).*/, "$1")
      .replaceAll(",", ""),
  );
export const hash = async (page: Page) =>
  (await page.locator(".hash").getAttribute("title"))!.replace(/.*: /, "");
export const status = (page: Page) => page.getByRole("status");

/** Draws a line through points of the pad, 0..1. */
export async function draw(
  page: Page,
  points: readonly (readonly [number, number])[],
): Promise<void> {
  const box = (await page.locator(".sheet").boundingBox())!;
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point));
  await page.mouse.up();
}

export const circle = Array.from({ length: 25 }, (_, i) => {
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
  readonly args: { readonly name?: string; readonly data?: { readonly url?: string } };
}

/** Tasks of the thread that runs the page; Chromium has pages of its own beside it. */
function tasksOf(events: readonly TraceEvent[], url: string): TraceEvent[] {
  const key = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const document = url.split("#")[0]!;
  const scripts = events.filter(({ args }) => args.data?.url?.split("#")[0] === document);
  const processes = new Set(scripts.map(({ pid }) => pid));
  const threads = events.filter(
    ({ name, args, pid }) =>
      name === "thread_name" && args.name === "CrRendererMain" && processes.has(pid),
  );
  const wanted = new Set(threads.map(key));
  return events.filter((event) => event.name.endsWith("RunTask") && wanted.has(key(event)));
}

interface Axe {
  /** What its documentation does not name: with the impact of each rule, which all that it finds have. */
  readonly _audit: { readonly rules: readonly { id: string; impact: string }[] };
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe finds that keeps somebody out: rules of less impact are not asked. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const lesser = axe._audit.rules.filter(({ impact }) => /^(?:minor|moderate)$/.test(impact));
    const rules = Object.fromEntries(lesser.map(({ id }) => [id, { enabled: false }]));
    const { violations } = await axe.run({ resultTypes: ["violations"], rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
