import { createServer } from "node:http";
import { listenLocally, visit } from "./browser-run.mjs";
import { fileAt } from "./folder-server.mjs";
import { Failure } from "./run.mjs";

/** What a page's script ends with: it goes to the address in its fragment, which no policy forbids. */
export const ANSWER = `
export function answer(hash) {
  const go = (found) => {
    const to = decodeURIComponent(location.hash.slice(1));
    location.replace(to + "?" + new URLSearchParams(found));
  };
  hash.then((sha256) => go({ sha256 }), (error) => go({ error: String(error?.stack ?? error) }));
}
`;

/** Serves a folder and waits for the answer of a page in it. */
async function listen(folder, headers) {
  const server = createServer();
  const answer = new Promise((resolve, reject) => {
    server.on("request", (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      if (pathname === "/answer") {
        response.end();
        const hash = searchParams.get("sha256");
        if (hash) resolve(hash);
        else reject(new Failure(searchParams.get("error") ?? "expected a hash, got none"));
        return;
      }
      const found = fileAt(folder, pathname);
      response.writeHead(found ? 200 : 404, { "content-type": found?.type ?? "", ...headers });
      response.end(found?.body);
    });
  });
  answer.catch(() => {}); // it may come before anyone waits
  return { server, answer, origin: `http://127.0.0.1:${await listenLocally(server)}` };
}

/**
 * @typedef {object} PageOptions
 * @property {string} folder
 * @property {any} [url]
 * @property {Record<string, string>} [headers]
 * @property {string[]} [args]
 * @property {(origin: string) => void} [prepare] told the server's address before the browser starts
 * @property {number} [seconds]
 */

/**
 * Opens a page in a browser of its own and gives back the hash that it answers with.
 * `url`: a path below `folder`, or a whole address; or a function of the address for the answer.
 * @param {string} browser
 * @param {PageOptions} options
 */
export async function openPage(
  browser,
  { folder, url = "/", headers = {}, args = [], prepare, seconds = 300 },
) {
  const { server, answer, origin } = await listen(folder, headers);
  try {
    const to = `${origin}/answer`;
    prepare?.(origin);
    const page = typeof url === "function" ? url(to) : new URL(url, origin).href;
    return await visit(browser, `${page}#${encodeURIComponent(to)}`, answer, { seconds, args });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
