// Lays the pages out and has VitePress build them: run by `npm run docs`, which installs what this needs.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";
import { writeActivations } from "./activations.mjs";
import { wrongLinks } from "./check-links.mjs";
import { writeLists } from "./lists.mjs";
import { joinPages, layPages } from "./pages.mjs";
import { writeReference } from "./reference.mjs";

const SITE = fileURLToPath(new URL("../", import.meta.url));
const pages = join(SITE, "dist/pages");

rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
layPages(pages);
writeLists(pages);
await writeActivations(pages);
joinPages(pages);
await writeReference(join(pages, "reference"));
await build(SITE);
const wrong = wrongLinks(join(SITE, "dist/site"));
if (wrong.length > 0) throw new Error(`wrong links:\n${wrong.join("\n")}`);
