// Files that several kinds of consumers have.
import { ANSWER } from "../lib/consumer-pages.mjs";

/** A page with one script. */
export const html = (script) =>
  `<!doctype html><meta charset="utf-8"><title>t</title>\n${script}\n`;

/** The sources of a page that trains itself. */
export const pageSources = ({ program }) => ({
  "program.js": program.esm,
  "answer.js": ANSWER,
  "main.js": `import { train } from "./program.js";
import { answer } from "./answer.js";
answer(train());
`,
});

const WORKER = `import { train } from "./program.js";
train().then((hash) => postMessage({ hash }), (error) => postMessage({ error: String(error.stack) }));
`;

/** The sources of a page that has a worker train, as bundlers see it. */
export const workerSources = ({ program }) => ({
  "program.js": program.esm,
  "answer.js": ANSWER,
  "worker.js": WORKER,
  "main.js": `import { answer } from "./answer.js";
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
answer(new Promise((resolve, reject) => {
  worker.onmessage = ({ data: { hash, error } }) => (hash ? resolve(hash) : reject(new Error(error)));
  worker.onerror = (event) => reject(new Error("worker: " + event.message));
}));
`,
});
