import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";

const START = "ferrograd.html";

/** Serves a folder's HTML files to this machine; resolves with its address. A port that is taken gives way to a free one. */
export function serve(folder, port) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(folder, basename(pathname) || START);
    if (!file.endsWith(".html") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(readFileSync(file));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" && port !== 0) resolve(serve(folder, 0));
      else reject(error);
    });
    server.listen(port, "localhost", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve(`http://localhost:${address.port}/`);
    });
  });
}
