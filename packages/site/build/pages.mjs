// The pages that the site has beside its own: the documents of the repository, with their links turned to it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { pagesTogether, withOthers, withWayBack } from "./together.mjs";

const SITE = fileURLToPath(new URL("../", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Documents, and where the site has them. */
export function documentsOfSite() {
  const findings = readdirSync(join(ROOT, "docs/findings")).map((file) => [
    `docs/findings/${file}`,
    `findings/${file === "README.md" ? "index.md" : file}`,
  ]);
  const others = readdirSync(join(ROOT, "docs")).filter((file) => file.endsWith(".md"));
  return new Map([
    ...others.map((file) => [`docs/${file}`, file]),
    ["CHANGELOG.md", "changelog.md"],
    ...findings,
  ]);
}

const OWN = "packages/site/pages/";

/** Where the site has one of its own pages. */
const ownPage = (target) =>
  target.startsWith(OWN) && target.endsWith(".md") ? target.slice(OWN.length) : undefined;

/** A document's text with links to what the site has; what it has not keeps its words alone. */
function linksTurned(name, place, places) {
  const text = readFileSync(join(ROOT, name), "utf8");
  return text.replace(
    /(!?)\[([^\]]*)\]\(([^)#\s]*)(#[^)]*)?\)/g,
    (whole, image, words, path, hash = "") => {
      if (path === "" || path.startsWith("https:")) return whole;
      const target = posix.join(posix.dirname(name), path).replace(/\/$/, "");
      if (image || /\.(?:png|svg)$/.test(target)) return `${image}[${words}](/${target})`;
      const here = places.get(target) ?? places.get(`${target}/README.md`) ?? ownPage(target);
      if (!here) return words;
      const link = posix.relative(posix.dirname(place), here);
      return `[${words}](${link.startsWith(".") ? link : `./${link}`}${hash})`;
    },
  );
}

/** What stands above documents whose tables need the room of the outline. */
const WIDE = new Map([["docs/benchmarks.md", "---\naside: false\n---\n\n"]]);

/** Lays the site's own pages, the documents, their images, and the pages that train into this folder. */
export function layPages(out) {
  cpSync(join(SITE, "pages"), out, { recursive: true });
  const places = documentsOfSite();
  for (const [name, place] of places) {
    const file = join(out, place);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (WIDE.get(name) ?? "") + linksTurned(name, place, places));
  }
  cpSync(join(ROOT, "docs/images"), join(out, "public/docs/images"), { recursive: true });
  layApps(join(ROOT, "dist/web"), join(out, "public/pages"));
}

/** The pages that train. */
function layApps(from, to) {
  mkdirSync(to, { recursive: true });
  const made = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith(".html")) : [];
  for (const name of made) {
    writeFileSync(join(to, name), withWayBack(readFileSync(join(from, name), "utf8")));
  }
}

/** Ends pages of different parts that belong together with links to each other. */
export function joinPages(out) {
  for (const page of pagesTogether()) {
    const file = join(out, page);
    writeFileSync(file, withOthers(page, readFileSync(file, "utf8")));
  }
}
