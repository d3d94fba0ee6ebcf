// The pages for those who come from elsewhere: every name of a list, with our form or why there is none.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SITE = fileURLToPath(new URL("../", import.meta.url));
const read = (file) => JSON.parse(readFileSync(join(SITE, "lists", file), "utf8"));

/** The lists, by the names of their files, and how their pages begin. */
export const LISTS = {
  keras: { title: "From Keras", prefix: "keras." },
  tensorflowjs: { title: "From TensorFlow.js", prefix: "tf." },
  pytorch: { title: "From PyTorch", prefix: "torch." },
};

/** What the lines speak of without saying. */
export const SCOPE = `const rows = Array.from({ length: 8 }, (_, i) => [i, 1, 2, 3]); // 8 rows of 4 numbers
const x = tensor(rows);
const labels = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1);
const yTrue = oneHot(labels, 3);
const yPred = softmax(randomNormal([8, 3], { seed: 1 }));
const [anchor, positive, negative] = [4, 5, 6].map((seed) => randomNormal([8, 3], { seed }));
const variance = add(square(randomNormal([8, 3], { seed: 7 })), 1);
const [w, b] = [variable(randomNormal([4, 3], { seed: 2 })), variable(zeros([3]))];
const [lines, kept] = [[] as string[], new Map<string, Uint8Array>()];
const store = { read: (name) => kept.get(name), write: (name, bytes) => void kept.set(name, bytes), delete: (name) => void kept.delete(name) };
const model = sequential([dense(3)], { inputShape: [4], seed: 3 })
  .compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });`;

/** Spellings of one name: mean_squared_error is MeanSquaredError. */
const plain = (name) => name.replaceAll("_", "").toLowerCase();
const matches = (pattern, name) =>
  new RegExp(`^${plain(pattern).replaceAll("*", ".*")}$`).test(plain(name));

/** Each group's names with the key that answers for it, the form or \`#reason\` there, and the keys that answer nothing. */
export function answers(list) {
  const { version, names } = read(`${list}.json`);
  const forms = read(`${list}.forms.json`);
  const groups = Object.entries(names).map(([group, all]) => {
    const keys = Object.keys(forms[group] ?? {});
    const keyOf = (name) =>
      keys.find((key) => !key.includes("*") && matches(key, name)) ??
      keys.find((key) => key.includes("*") && matches(key, name));
    const rows = all.map((name) => {
      const key = keyOf(name);
      return { name, key, form: key === undefined ? undefined : forms[group][key] };
    });
    const used = new Set(rows.map(({ key }) => key));
    return { group, rows, unused: keys.filter((key) => !used.has(key)) };
  });
  return { version, groups };
}

/** Why something is not there, by key. */
export const reasons = () => read("reasons.json");

function table(prefix, { group, rows }, why) {
  const together = new Map();
  for (const { name, form } of rows) together.set(form, [...(together.get(form) ?? []), name]);
  const ordered = [...together].sort(([a], [b]) => a.startsWith("#") - b.startsWith("#"));
  const lines = ordered.map(([form, names]) => {
    const theirs = names.map((name) => `\`${name}\``).join(", ");
    const code = form.replaceAll("|", "\\|");
    return `| ${theirs} | ${form.startsWith("#") ? `*${why[form.slice(1)]}*` : `\`${code}\``} |`;
  });
  return [
    `## ${prefix}${group.replaceAll("/", ".")}\n`,
    "| there | here |",
    "| --- | --- |",
    ...lines,
    "",
  ];
}

function page(list) {
  const { title, prefix } = LISTS[list];
  const { version, groups } = answers(list);
  const why = reasons();
  const forms = groups.flatMap(({ rows }) => rows).filter(({ form }) => !form.startsWith("#"));
  const total = groups.reduce((count, { rows }) => count + rows.length, 0);
  return [
    `# ${title}\n`,
    `Every name of ${version} that makes or trains a network: ${total}, of which ${forms.length} have a form here; where`,
    "there is none, the reason. Each line is run by the tests. [Where results differ](/differences) is a page of its own.\n",
    "The lines speak of these:\n",
    '```ts\nimport * as everything from "ferrograd"; // each name below\n',
    `${SCOPE}\n\`\`\`\n`,
    ...groups.filter(({ rows }) => rows.length > 0).flatMap((group) => table(prefix, group, why)),
  ].join("\n");
}

/** Writes the pages into the folder of pages. */
export function writeLists(pages) {
  mkdirSync(join(pages, "from"), { recursive: true });
  for (const list of Object.keys(LISTS)) {
    writeFileSync(join(pages, `from/${list}.md`), page(list));
  }
}
