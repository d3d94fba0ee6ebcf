import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** Serves one HTML file to this machine; resolves with its address. A port that is taken gives way to a free one. */
export function serve(file, port) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname !== "/") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(readFileSync(file));
  });
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" && port !== 0) resolve(serve(file, 0));
      else reject(error);
    });
    server.listen(port, "localhost", () => {
      const address = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve(`http://localhost:${address.port}/`);
    });
  });
}
