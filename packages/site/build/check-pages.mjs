// Do the built pages let everybody in? Run by `npm run docs -- --check`: axe on a page of every kind, in light and
// dark and as wide as a phone; nothing from outside; and pages that belong together link to each other. Run alone, with
// parts of names, it looks at those pages of a site that is built.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { CHROMIUM_ARGS, ensureChromium } from "../../../scripts/lib/chromium.mjs";
import { serveFolder } from "../../../scripts/lib/folder-server.mjs";
import { Failure, main } from "../../../scripts/lib/run.mjs";
import { builtPages, pagesOfApps, wrongLinks } from "./check-links.mjs";
import { oneWayLinks } from "./together.mjs";

const SITE = fileURLToPath(new URL("../dist/site", import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: PHONE },
};

/** Of each folder its index and its longest page, and all that stand alone. */
function kindsOf(folder) {
  const longest = new Map();
  const size = (name) => statSync(join(folder, name)).size;
  const alone = [];
  for (const name of builtPages(folder)) {
    const kind = dirname(name);
    if (kind === "." || name.endsWith("/index.html")) alone.push(name);
    else if (!(size(longest.get(kind) ?? name) > size(name))) longest.set(kind, name);
  }
  return [...alone, ...longest.values(), ...pagesOfApps(folder)];
}

/** The pages to look at: those asked for, or of every kind. */
function chosen(folder, words) {
  if (words.length === 0) return kindsOf(folder);
  const all = [...builtPages(folder), ...pagesOfApps(folder)];
  return all.filter((name) => words.some((word) => name.includes(word)));
}

/** What is wrong with a page as it looks, a line each. */
async function wrongOn(context, origin, name) {
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:blob|data):/.test(url)) wrong.push(`asks for ${url}`);
  });
  await page.goto(`${origin}/${name}`);
  await page.waitForLoadState("networkidle");
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wider > 0) wrong.push(`${wider} pixels wider than the screen`);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate("axe.run()");
  for (const { id, nodes } of violations) {
    wrong.push(`axe: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
  }
  await page.close();
  return wrong;
}

await main(async () => {
  const executablePath = ensureChromium();
  if (!executablePath) throw new Failure("docs: expected Chromium, got none; set CHROMIUM_PATH");
  const counts = { passed: 0, failed: 0 };
  const say = (what, wrong) => {
    counts[wrong.length > 0 ? "failed" : "passed"] += 1;
    console.log(`${wrong.length > 0 ? "failed" : "ok"}\t${what}`);
    for (const line of wrong) console.log(`    ${line}`);
  };
  say("links lead somewhere", wrongLinks(SITE));
  say("pages that belong together link to each other", oneWayLinks(SITE));
  const { origin, close } = await serveFolder(SITE);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    for (const [look, options] of Object.entries(LOOKS)) {
      const context = await browser.newContext(/** @type {any} */ (options));
      for (const name of chosen(SITE, process.argv.slice(2))) {
        say(`${look}\t${name}`, await wrongOn(context, origin, name));
      }
      await context.close();
    }
  } finally {
    await browser.close();
    close();
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
});
