// Pages without a bundler, and under the strictest policies, in each browser.
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { html, pageSources } from "./files.mjs";

const DIST = "/node_modules/ferrograd/dist/esm";
const IMPORTS = {
  ferrograd: `${DIST}/inline.js`,
  "ferrograd/datasets": `${DIST}/datasets/index.js`,
};

/** The page's program in one file, made by the esbuild of the project. */
export function bundle(place, entry, format, more = {}) {
  const { outputFiles } = buildSync({
    entryPoints: [place.path(entry)],
    absWorkingDir: place.folder,
    bundle: true,
    write: false,
    format,
    ...more,
  });
  return outputFiles[0].text;
}

/** Modules as they are, with addresses where names stood. */
const addressed = (text) =>
  Object.entries(IMPORTS).reduce(
    (all, [name, address]) => all.replaceAll(`"${name}"`, `"${address}"`),
    text,
  );

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
const BASE64 = (text) => Buffer.from(text).toString("base64");

/** A document within the page, which is of no origin or of the page's: it says the hash to it. */
const INNER = `import { train } from "./program.js";
train().then(
  (hash) => parent.postMessage({ hash }, "*"),
  (error) => parent.postMessage({ error: String(error.stack) }, "*"),
);
`;
const framed = (address) => `import { answer } from "./answer.js";
answer(new Promise((resolve, reject) => {
  addEventListener("message", ({ data: { hash, error } }) => hash ? resolve(hash) : reject(new Error(error)));
  const frame = document.createElement("iframe");
  const address = ${address};
  frame.src = typeof address === "string" ? address : URL.createObjectURL(address);
  document.body.append(frame);
}));
`;

/** Writes a page whose script is its own bundle. */
function writeFramed(place, address) {
  place.write({ ...pageSources(place), "inner.js": INNER });
  const inner = html(
    `<body><script>${bundle(place, "inner.js", "iife").replaceAll("</script", "<\\/script")}</script>`,
  );
  place.write({ "outer.js": framed(address(inner)) });
  place.write({
    "index.html": html(`<body><script type="module" src="./outer.js"></script></body>`),
  });
}

const one = (place, script) => {
  place.write(pageSources(place));
  place.write({ "page.js": bundle(place, "main.js", "iife"), "index.html": html(script) });
};

const PAGES = {
  "page, module": (place) => {
    place.write({ ...pageSources(place), "program.js": addressed(place.program.esm) });
    place.write({ "index.html": html('<script type="module" src="/main.js"></script>') });
  },
  "page, import map": (place) => {
    const map = `<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;
    place.write(pageSources(place));
    place.write({ "index.html": html(`${map}\n<script type="module" src="/main.js"></script>`) });
  },
  "page, IIFE": (place) => one(place, '<script defer src="/page.js"></script>'),
  "page, blob:": (place) =>
    writeFramed(place, (inner) => `new Blob([${JSON.stringify(inner)}], { type: "text/html" })`),
  "page, data:": (place) =>
    writeFramed(place, (inner) => JSON.stringify(`data:text/html;base64,${BASE64(inner)}`)),
  "page, file:": (place) => {
    one(place, '<script defer src="page.js"></script>');
    return { url: () => pathToFileURL(place.path("index.html")).href };
  },
  "policy, bundle": (place) => {
    one(place, '<script defer src="/page.js"></script>');
    return { headers: { "content-security-policy": POLICY } };
  },
  "policy, modules": (place) => {
    PAGES["page, module"](place);
    return { headers: { "content-security-policy": POLICY } };
  },
  "policy, trusted types": (place) => {
    PAGES["page, module"](place);
    const strict = `${POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`;
    return { headers: { "content-security-policy": strict } };
  },
  "two copies in a page": (place) => {
    // Two bundles, and the modules of the package: three copies.
    place.write({ ...pageSources(place), "copy.js": `export { train } from "./program.js";\n` });
    place.write({
      "first.js": bundle(place, "copy.js", "esm"),
      "second.js": bundle(place, "copy.js", "esm", { minify: true }),
      "program.js": addressed(place.program.esm),
      "main.js": `import { answer } from "./answer.js";
import { train as first } from "./first.js";
import { train as second } from "./second.js";
import { train as third } from "./program.js";
const all = async () => {
  const hashes = new Set(await Promise.all([first(), second(), third()]));
  if (hashes.size > 1) throw new Error("expected one hash, got " + [...hashes]);
  return [...hashes][0];
};
answer(all());
`,
      "index.html": html('<script type="module" src="/main.js"></script>'),
    });
  },
};

const BROWSERS = { chromium: "Chromium", firefox: "Firefox" };
const CI_PAGES = ["page, module", "policy, trusted types"];

/** A page in each browser. */
export const inBrowsers = (pages, ci = []) =>
  Object.entries(BROWSERS).flatMap(([browser, title]) =>
    Object.entries(pages).map(([name, write]) => ({
      name: `${title} ${name}`,
      ci: browser === "chromium" && ci.includes(name),
      run: async (place) => place.page(browser, write(place) ?? {}),
    })),
  );

export const CONSUMERS = [
  ...inBrowsers(PAGES, CI_PAGES),
  {
    name: "WebKit page, module",
    async run(place) {
      PAGES["page, module"](place);
      return place.page("webkit");
    },
  },
];
