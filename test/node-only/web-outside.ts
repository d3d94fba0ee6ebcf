import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright";

/** What a page loaded from a server that is not its own, and which rules of its policy stood against the rest. */
export interface Outside {
  readonly reached: readonly string[];
  readonly refused: readonly string[];
  /** Did a script run that something had put into the page? */
  readonly ran: boolean;
}

/** The rules that stand against them where nothing is allowed from outside. */
export const RULES = ["connect", "font", "frame", "img", "media", "object"]
  .map((kind) => `${kind}-src`)
  .concat("script-src-elem", "style-src-elem");

/**
 * Has a page, as it is or replaced by one that has nothing, try to load of everything one from outside, and to run
 * a script that is not its own.
 */
export async function tryOutside(page: Page, as?: "bare"): Promise<Outside> {
  const reached = new Set<string>();
  const server = createServer(({ url }, response) => {
    if (url !== "/favicon.ico") reached.add(url!); // the browser's own wish, of pages without one
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (as === "bare") await page.goto(`${origin}/`);
    reached.clear();
    const expected = as === "bare" ? 0 : RULES.length;
    const { refused, ran } = await page.evaluate(attempts, { origin, expected });
    return { reached: [...reached].sort(), refused: refused.sort(), ran };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/**
 * Runs in the page; resolves when each attempt has come to its end and as many rules were named as are expected,
 * as an object's rule is named some time after its error. Two seconds are waited for them.
 */
async function attempts({ origin, expected }: { origin: string; expected: number }) {
  const refused = new Set<string>();
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
    refused.add(effectiveDirective),
  );
  const add = (tag: string, properties: object) =>
    new Promise<void>((resolve) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.onload = element.onerror = () => resolve();
      document.body.append(element);
    });
  document.body.append(
    Object.assign(document.createElement("script"), { textContent: "globalThis.ran = true" }),
  );
  await Promise.all([
    add("img", { src: `${origin}/image` }),
    add("script", { src: `${origin}/script` }),
    add("link", { rel: "stylesheet", href: `${origin}/style` }),
    add("iframe", { src: `${origin}/frame` }),
    add("audio", { src: `${origin}/media`, preload: "auto" }),
    add("object", { data: `${origin}/object` }),
    fetch(`${origin}/fetch`, { mode: "no-cors" }).catch(() => {}),
    new Promise<void>((resolve) => {
      new EventSource(`${origin}/events`).onerror = () => resolve();
    }),
    new FontFace("outside", `url(${origin}/font)`).load().catch(() => {}),
  ]);
  for (let tries = 0; refused.size < expected && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { refused: [...refused], ran: "ran" in globalThis };
}
