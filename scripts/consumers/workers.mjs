// Workers of every kind, and an extension's.
import { ANSWER } from "../lib/consumer-pages.mjs";
import { html, pageSources } from "./files.mjs";
import { bundle, inBrowsers } from "./pages.mjs";

/** What a worker says when it is asked: to a port, or to whoever sent the message. */
const SHARED = `import { train } from "./program.js";
onconnect = ({ ports: [port] }) => train().then(
  (hash) => port.postMessage({ hash }),
  (error) => port.postMessage({ error: String(error.stack) }),
);
`;
const SERVICE = `import { train } from "./program.js";
onmessage = (event) => event.waitUntil(train().then(
  (hash) => event.source.postMessage({ hash }),
  (error) => event.source.postMessage({ error: String(error.stack) }),
));
`;
const DEDICATED = `import { train } from "./program.js";
train().then((hash) => postMessage({ hash }), (error) => postMessage({ error: String(error.stack) }));
`;

const asked = (start) => `import { answer } from "./answer.js";
answer(new Promise((resolve, reject) => {
  const hear = ({ data: { hash, error } }) => hash ? resolve(hash) : reject(new Error(error));
  const fail = (event) => reject(new Error("worker: " + (event.message ?? event)));
  ${start}
}));
`;

/** A page with a worker that is one file. */
function write(place, worker, format, start) {
  place.write({ ...pageSources(place), "source.js": worker, "page.js": asked(start) });
  place.write({
    "worker.js": bundle(place, "source.js", format),
    "index.html": html('<script type="module" src="/page.js"></script>'),
  });
}

const dedicated = (options) => `const worker = new Worker("/worker.js"${options});
  worker.onmessage = hear;
  worker.onerror = fail;`;

const WORKERS = {
  "classic worker": (place) => write(place, DEDICATED, "iife", dedicated("")),
  "module worker": (place) => write(place, DEDICATED, "esm", dedicated(', { type: "module" }')),
  "blob: worker": (place) =>
    write(
      place,
      DEDICATED,
      "iife",
      `fetch("/worker.js").then((file) => file.blob()).then((blob) => {
    const worker = new Worker(URL.createObjectURL(blob));
    worker.onmessage = hear;
    worker.onerror = fail;
  });`,
    ),
  "shared worker": (place) =>
    write(
      place,
      SHARED,
      "iife",
      `const worker = new SharedWorker("/worker.js");
  worker.onerror = fail;
  worker.port.onmessage = hear;`,
    ),
  "service worker": (place) =>
    write(
      place,
      SERVICE,
      "iife",
      `navigator.serviceWorker.onmessage = hear;
  navigator.serviceWorker.register("/worker.js").catch(fail);
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage("train"));`,
    ),
};

/** A page that waits; the extension answers in its place. */
const BACKGROUND = (origin) => `import { train } from "./program.js";
const say = (found) => fetch("${origin}/answer?" + new URLSearchParams(found), { mode: "no-cors" });
train().then((sha256) => say({ sha256 }), (error) => say({ error: String(error.stack) }));
`;

const extension = {
  name: "Chromium extension (MV3)",
  async run(place) {
    place.write({ ...pageSources(place), "answer.js": ANSWER });
    return place.page("chromium", {
      url: "about:blank",
      prepare(origin) {
        place.write({ "source.js": BACKGROUND(origin) });
        place.write({
          "extension/background.js": bundle(place, "source.js", "esm"),
          "extension/manifest.json": {
            manifest_version: 3,
            name: "t",
            version: "1",
            background: { service_worker: "background.js", type: "module" },
            content_security_policy: {
              extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'",
            },
          },
        });
      },
      args: [
        `--load-extension=${place.path("extension")}`,
        "--disable-features=DisableLoadExtensionCommandLineSwitch",
      ],
    });
  },
};

export const CONSUMERS = [...inBrowsers(WORKERS), extension];
