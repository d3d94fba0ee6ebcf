// Are the built pages whole? Every link and anchor leads somewhere, and nothing is fetched from outside.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

const LOADED =
  /<(?:script|img|iframe|source)\b[^>]*\bsrc="(https?:)?\/\/|<link\b(?![^>]*rel="canonical")[^>]*href="(https?:)?\/\//;

/** Names of the pages in a built site. */
export const builtPages = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".html") && !name.startsWith("pages/") && name !== "404.html")
    .sort();

/** The pages that train, which are whole files of their own. */
export const pagesOfApps = (folder) =>
  existsSync(join(folder, "pages"))
    ? readdirSync(join(folder, "pages")).map((name) => `pages/${name}`)
    : [];

/** What is wrong with the links of a built site, a line each. */
export function wrongLinks(folder) {
  const pages = new Map(
    builtPages(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  const ids = new Map(
    [...pages].map(([name, html]) => [
      name,
      new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id)),
    ]),
  );
  const wrong = [];
  for (const [name, html] of pages) {
    if (LOADED.test(html)) wrong.push(`${name}: loads something from outside`);
    for (const [, href] of html.matchAll(/<a\b[^>]*\bhref="([^"]+)"/g)) {
      if (/^(?:https?|mailto):/.test(href)) continue;
      const { pathname, hash } = new URL(href, `http://site/${name}`);
      const path = decodeURIComponent(pathname).slice(1);
      const file = path === "" || path.endsWith("/") ? posix.join(path, "index.html") : path;
      const found = [file, `${file}.html`].find(
        (each) => existsSync(join(folder, each)) && statSync(join(folder, each)).isFile(),
      );
      if (!found) wrong.push(`${name}: ${href}: no such page`);
      else if (hash && ids.has(found) && !ids.get(found).has(decodeURIComponent(hash.slice(1)))) {
        wrong.push(`${name}: ${href}: no such place`);
      }
    }
  }
  return wrong;
}
