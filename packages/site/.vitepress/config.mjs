import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const SITE = fileURLToPath(new URL("../", import.meta.url));
const groups = JSON.parse(readFileSync(join(SITE, "names.json"), "utf8"));

/** The pages of a folder, by their first headings, in the order of their `order`, else of their names. */
function pagesOf(folder) {
  const files = readdirSync(join(SITE, "dist/pages", folder)).filter((file) =>
    file.endsWith(".md"),
  );
  const pages = files.map((file) => {
    const text = readFileSync(join(SITE, "dist/pages", folder, file), "utf8");
    const order = Number(/^order: (\d+)$/m.exec(text)?.[1] ?? 100);
    const link = `/${folder}/${file.replace(/(?:index)?\.md$/, "")}`;
    return {
      text: /^# (.+)$/m.exec(text)?.[1] ?? file,
      link,
      order: file === "index.md" ? 0 : order,
    };
  });
  return pages.sort((a, b) => a.order - b.order || a.text.localeCompare(b.text));
}

const reference = [
  { text: "All exports", link: "/reference/" },
  ...Object.entries(groups).map(([slug, { title }]) => ({
    text: title,
    link: `/reference/${slug}`,
  })),
];

export default defineConfig({
  title: "ferrograd",
  description:
    "Neural networks for TypeScript that train as well as predict: Rust kernels in SIMD WebAssembly",
  srcDir: "dist/pages",
  outDir: "dist/site",
  cacheDir: "dist/cache",
  cleanUrls: false,
  ignoreDeadLinks: false,
  head: [
    ["meta", { name: "referrer", content: "no-referrer" }],
    ["link", { rel: "icon", href: "data:," }],
  ],
  // The home page is one landmark too.
  transformHtml: (html) =>
    html.replace('class="VPContent is-home"', 'role="main" class="VPContent is-home"'),
  markdown: { theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } },
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    docFooter: { prev: false, next: false },
    nav: [
      { text: "Start", link: "/start/node" },
      { text: "Guides", link: "/guides/tensors" },
      { text: "Reference", link: "/reference/" },
      { text: "Findings", link: "/findings/" },
      { text: "Benchmarks", link: "/benchmarks" },
    ],
    sidebar: [
      { text: "Start", items: pagesOf("start") },
      { text: "Guides", items: pagesOf("guides") },
      { text: "Recipes", items: pagesOf("recipes") },
      {
        text: "Coming from",
        items: [
          ...pagesOf("from"),
          { text: "Where Keras and PyTorch differ", link: "/differences" },
        ],
      },
      { text: "Reference", items: reference },
      { text: "Findings", items: pagesOf("findings") },
      {
        text: "More",
        items: [
          { text: "The page and the lesson", link: "/live" },
          { text: "The command", link: "/command-line" },
          { text: "Benchmarks", link: "/benchmarks" },
          { text: "The life of a model", link: "/model-life" },
          { text: "Architecture", link: "/architecture" },
          { text: "Changelog", link: "/changelog" },
        ],
      },
    ],
  },
});
