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

/** Has copies in workers of `ferrograd/worker` train; `options` is text. */
export const aside = (options = "") => `import { inWorker } from "ferrograd/worker";
import { train } from "./program.js";
export const trainAside = () => train(async (model, data, options) => {
  const remote = await inWorker(model${options && `, ${options}`});
  await remote.fit(data, options);
  model.setWeights(await remote.getWeights());
  await remote.dispose();
});
`;

/** The sources of a page whose models train in workers of the package. */
export const asideSources =
  (options) =>
  ({ program }) => ({
    "program.js": program.esm,
    "answer.js": ANSWER,
    "aside.js": aside(options),
    "main.js": `import { trainAside } from "./aside.js";
import { answer } from "./answer.js";
answer(trainAside());
`,
  });
