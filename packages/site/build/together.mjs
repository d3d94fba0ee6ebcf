// Pages of different parts that belong together: each says so of the other.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** What a link to a page is called. */
const TITLES = {
  "live.md": "the page and the lesson",
  "benchmarks.md": "benchmarks",
  "findings/index.md": "findings",
  "guides/activations.md": "activations",
  "guides/training.md": "training",
  "guides/small.md": "small and fast",
  "guides/elsewhere.md": "when to use something else",
};

/** Either links to the other. */
const TOGETHER = [
  ["live.md", "findings/index.md"],
  ["live.md", "guides/activations.md"],
  ["live.md", "guides/training.md"],
  ["live.md", "benchmarks.md"],
  ["findings/index.md", "guides/activations.md"],
  ["findings/index.md", "guides/training.md"],
  ["benchmarks.md", "guides/small.md"],
  ["benchmarks.md", "guides/elsewhere.md"],
];

/** The pages that train, which are files of their own, and the page that has them. */
const APPS = ["pages/ferrograd.html", "pages/lesson.html"];
const HOME = "live.html";

/** Every page that belongs to one of another part. */
export const pagesTogether = () => Object.keys(TITLES);

const linkOf = (page) => `/${page.replace(/(?:index)?\.md$/, "")}`;

/** Ends a page's text with links to those that it belongs to and does not name. */
export function withOthers(page, text) {
  const others = TOGETHER.filter((pair) => pair.includes(page))
    .map(([a, b]) => (a === page ? b : a))
    .filter((other) => !text.includes(`(${linkOf(other)})`))
    .map((other) => `[${TITLES[other]}](${linkOf(other)})`);
  return others.length > 0 ? `${text.trimEnd()}\n\nSee also ${others.join(", ")}.\n` : text;
}

/** A page that trains, with a way back to the site. */
export const withWayBack = (html) =>
  html.replace(
    "</body>",
    `<footer style="max-width:72rem;margin:1rem auto;padding:0 16px"><a href="../${HOME}">ferrograd: documentation</a></footer>\n</body>`,
  );

/** The part of a built page that is its own, without what leads everywhere. */
const contentOf = (html) => html.slice(Math.max(html.indexOf('class="vp-doc'), 0));

/** Of a built site the pairs of which one does not link to the other, a line each. */
export function oneWayLinks(folder) {
  const built = (page) => page.replace(/\.md$/, ".html");
  const pairs = [...TOGETHER.map((pair) => pair.map(built)), ...APPS.map((app) => [HOME, app])];
  const linksOf = (name) => {
    const html = contentOf(readFileSync(join(folder, name), "utf8"));
    const hrefs = [...html.matchAll(/<a\b[^>]*\bhref="([^"#]+)/g)].map(([, href]) => href);
    return hrefs.map((href) => {
      const path = new URL(href, `http://site/${name}`).pathname.slice(1);
      return path === "" || path.endsWith("/") ? posix.join(path, "index.html") : path;
    });
  };
  return pairs
    .flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ])
    .filter(([from, to]) => !linksOf(from).includes(to))
    .map(([from, to]) => `${from}: no link to ${to}`);
}
