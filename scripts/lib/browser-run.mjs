import { createServer } from "node:http";
import { findChromium } from "./chromium.mjs";
import { Absent } from "./runtimes.mjs";

/** Loads a module script into a blank page on localhost and gives back what `expression` resolves to. */
export async function runInBrowser(name, code, expression) {
  const server = await serve(code);
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await page.evaluate(`import("/code.js").then(() => ${expression})`);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Chromium of the system; of Firefox the build that Playwright can drive. */
async function launch(name) {
  const playwright = await import("playwright");
  const executablePath = name === "chromium" ? findChromium() : process.env.FIREFOX_PATH;
  const args = name === "chromium" ? ["--no-sandbox"] : [];
  try {
    return await playwright[name].launch({ ...(executablePath && { executablePath }), args });
  } catch {
    throw new Absent(`did not start (npx playwright install ${name})`);
  }
}

function serve(code) {
  const server = createServer(({ url }, response) => {
    const script = url === "/code.js";
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ? code : "<!doctype html><title>ferrograd</title>");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
