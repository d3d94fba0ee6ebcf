// The reference: a page for each group of names.json, written by TypeDoc from the comments in the sources.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Application,
  Comment,
  CommentTag,
  Converter,
  ReflectionKind,
  ReflectionType,
} from "typedoc";
import { entries } from "./exports.mjs";

const SITE = fileURLToPath(new URL("../", import.meta.url));
/** @type {Record<string, { title: string, about: string, exports: Record<string, Record<string, "type" | "internal" | [string, string]>> }>} */
const GROUPS = JSON.parse(readFileSync(join(SITE, "names.json"), "utf8"));
const FILES = new Map(entries().map(({ from, file }) => [from, file]));

/** Lines for what has no example in its comment; the tests run them. */
const EXAMPLES = JSON.parse(readFileSync(join(SITE, "examples.json"), "utf8"));

/** The file of an entry of the package, or of a namespace that the main one exports. */
const fileOf = (from) => FILES.get(from) ?? join(SITE, `../ferrograd/src/${from}/index.ts`);

/** What has a place in the reference of its own. */
const documented = (names) =>
  Object.keys(names).filter((name) => names[name] !== "internal" && names[name] !== "namespace");

/** A file for each group that exports what is in it: to TypeDoc they are the modules. */
function writeGroups(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [slug, { about, exports }] of Object.entries(GROUPS)) {
    const lines = Object.entries(exports).map(
      ([from, names]) =>
        `export { ${documented(names).join(", ")} } from ${JSON.stringify(fileOf(from))};`,
    );
    const comment = `/**\n * ${about}\n *\n * @module\n */`;
    writeFileSync(join(folder, `${slug}.ts`), `${[comment, ...lines].join("\n")}\n`);
  }
  const config = { extends: "../../../../tsconfig.base.json", include: ["."] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
}

/** What stands above an export's own comment: how it is imported, and what it is called elsewhere. */
function heading(name, from, names) {
  const [what, where] = FILES.has(from) ? [name, from] : [from, "ferrograd"];
  const code = `\`import { ${what} } from "${where}"\``;
  if (names === "type") return `${code.replace("import", "import type")}\n\n`;
  const others = ["Keras", "PyTorch"].map((system, i) =>
    names[i] === "none" ? `${system}: none` : `${system}: \`${names[i]}\``,
  );
  return `${code} · ${others.join(" · ")}\n\n`;
}

/** Says of each export where it comes from, and what Keras and PyTorch call it. */
function addNames(application) {
  const done = new Set();
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      const group = GROUPS[module.name];
      for (const [from, names] of Object.entries(group.exports)) {
        for (const name of documented(names)) {
          const reflection = module.getChildByName([name]);
          if (!reflection) throw new Error(`names.json: ${from} has no ${name}`);
          const text = { kind: "text", text: heading(name, from, names[name]) };
          const own =
            reflection.signatures ??
            (reflection.type instanceof ReflectionType
              ? reflection.type.declaration.signatures
              : undefined);
          for (const target of own ?? [reflection]) {
            if (done.has(target)) continue;
            done.add(target);
            target.comment ??= new Comment();
            target.comment.summary.unshift({ ...text });
            const line = EXAMPLES[FILES.has(from) ? name : `${from}.${name}`];
            if (line === undefined || target.comment.getTag("@example")) continue;
            const code = { kind: "code", text: `\`\`\`ts\n${line}\n\`\`\`` };
            target.comment.blockTags.push(new CommentTag("@example", [code]));
          }
        }
      }
    }
  });
}

const addTitle = (file, title) =>
  writeFileSync(file, `# ${title}\n\n${readFileSync(file, "utf8")}`);

/** Every export on one page, beside its names elsewhere. */
function overview(out) {
  const texts = new Map(
    Object.keys(GROUPS).map((slug) => [slug, readFileSync(join(out, `${slug}.md`), "utf8")]),
  );
  const anchorOf = (slug, name) => {
    const heading = `<a id="([^"]+)"></a>\\s+### (?:\`abstract\` )?${name.replaceAll("_", "\\\\?_")}(?:\\(\\))?$`;
    return new RegExp(heading, "m").exec(texts.get(slug))[1];
  };
  const code = (name) => (name === "none" ? "" : `\`${name}\``);
  const rowOf = (slug, [name, from, keras, torch]) => {
    const [what, where] = FILES.has(from) ? [name, from] : [`${from}.${name}`, "ferrograd"];
    const link = `[\`${what}\`](./${slug}.md#${anchorOf(slug, name)})`;
    const there = where === "ferrograd" ? "" : ` of \`${where}\``;
    return `| ${link}${there} | ${code(keras)} | ${code(torch)} |`;
  };
  const rows = Object.entries(GROUPS).flatMap(([slug, { title, about, exports }]) => {
    const named = Object.entries(exports).flatMap(([from, names]) =>
      Object.entries(names).flatMap(([name, others]) =>
        typeof others === "string" ? [] : [[name, from, ...others]],
      ),
    );
    return [
      `\n## [${title}](./${slug}.md)\n\n${about}\n`,
      ...(named.length > 0 ? ["| here | Keras | PyTorch |", "| --- | --- | --- |"] : []),
      ...named.map((row) => rowOf(slug, row)),
    ];
  });
  return `# Reference\n\nEvery export, by what people look for, with its name in Keras and PyTorch.\n${rows.join("\n")}\n`;
}

/** Writes the pages into this folder. */
export async function writeReference(out) {
  const folder = join(SITE, "dist/groups");
  writeGroups(folder);
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: Object.keys(GROUPS).map((slug) => join(folder, `${slug}.ts`)),
    tsconfig: join(folder, "tsconfig.json"),
    name: "Reference",
    readme: "none",
    router: "module",
    sort: ["source-order"],
    groupOrder: ["Namespaces", "Functions", "Variables", "Classes", "Interfaces", "Type Aliases"],
    entryFileName: "index",
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    hideGenerator: true,
    githubPages: false,
    skipErrorChecking: true,
    logLevel: "Warn",
    useHTMLAnchors: true, // TypeDoc counts equal names otherwise than VitePress
    ...{ hidePageHeader: true, hidePageTitle: true, hideBreadcrumbs: true, useCodeBlocks: true },
    ...{ parametersFormat: "table", interfacePropertiesFormat: "table", expandParameters: false },
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  });
  addNames(application);
  const project = await application.convert();
  if (!project) throw new Error("reference: TypeDoc could not read the sources");
  await application.outputs.writeOutput({ name: "markdown", path: out }, project);
  for (const [slug, { title }] of Object.entries(GROUPS)) addTitle(join(out, `${slug}.md`), title);
  writeFileSync(join(out, "index.md"), overview(out));
}
