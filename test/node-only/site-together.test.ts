import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  oneWayLinks,
  pagesTogether,
  withOthers,
  withWayBack,
} from "../../packages/site/build/together.mjs";

const folder = mkdtempSync(join(tmpdir(), "ferrograd-together-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A site of the pages that belong together, with what the builder makes of their links. */
function build(change: (page: string, html: string) => string) {
  const lay = (name: string, html: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), change(name, html));
  };
  for (const page of pagesTogether()) {
    const own = page === "live.md" ? "[p](/pages/ferrograd.html) [l](/pages/lesson.html)" : "";
    const linked = withOthers(page, own).replace(/\]\((\/[^)]*)\)/g, (_: string, to: string) => {
      const file = to.endsWith("/") || to.endsWith(".html") ? to : `${to}.html`;
      return `]<a href="${file}">x</a>`;
    });
    lay(
      page.replace(/md$/, "html"),
      `<nav><a href="/everything.html"></a></nav><main class="vp-doc">${linked}`,
    );
  }
  for (const app of ["ferrograd", "lesson"]) lay(`pages/${app}.html`, withWayBack("<body></body>"));
}

describe("pages of different parts that belong together", () => {
  it("link to each other, as they are built", () => {
    build((_, html) => html);
    expect(oneWayLinks(folder)).toEqual([]);
  });

  it("are found where one does not, also where a menu does", () => {
    build((page, html) =>
      page === "benchmarks.html"
        ? html.replace(/(<main.*)/s, "").concat('<main class="vp-doc">')
        : html,
    );
    expect(oneWayLinks(folder)).toEqual([
      "benchmarks.html: no link to live.html",
      "benchmarks.html: no link to guides/small.html",
      "benchmarks.html: no link to guides/elsewhere.html",
    ]);
    build((page, html) => (page === "pages/lesson.html" ? "<body></body>" : html));
    expect(oneWayLinks(folder)).toEqual(["pages/lesson.html: no link to live.html"]);
  });

  it("name no page twice", () => {
    const text = "See [the findings](/findings/) and more.";
    expect(withOthers("guides/training.md", text)).toBe(
      `${text}\n\nSee also [the page and the lesson](/live).\n`,
    );
    expect(withOthers("guides/tensors.md", text)).toBe(text);
  });
});
