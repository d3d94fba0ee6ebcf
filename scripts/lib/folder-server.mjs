import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { listenLocally } from "./browser-run.mjs";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** A file below a folder, or undefined. */
export function fileAt(folder, path) {
  const file = join(folder, normalize(decodeURIComponent(path)));
  if (!file.startsWith(folder)) return undefined;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) return fileAt(folder, `${path}/index.html`);
  return found && { type: TYPES[extname(file)] ?? "text/plain", body: readFileSync(file) };
}

/** Serves a folder to this machine. */
export async function serveFolder(folder) {
  const server = createServer(({ url }, response) => {
    const found = fileAt(folder, new URL(url ?? "/", "http://localhost").pathname);
    response.writeHead(found ? 200 : 404, { "content-type": found?.type ?? "" });
    response.end(found?.body);
  });
  const origin = `http://127.0.0.1:${await listenLocally(server)}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin, close };
}
