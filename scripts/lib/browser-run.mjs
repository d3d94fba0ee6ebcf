import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHROMIUM_ARGS, findChromium } from "./chromium.mjs";
import { endGroup, Failure, GROUPS, isProgram, which } from "./run.mjs";
import { Absent } from "./runtimes.mjs";

/** In a fresh profile: no first-run pages, no updates. */
const FIREFOX_PREFERENCES = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
`;

const firefoxes = ["/Applications/Firefox.app/Contents/MacOS/firefox"];
const miniBrowsers = ["x86_64", "aarch64"].map(
  (cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);

/**
 * The system's browsers: where each is found, and the command that opens a page in it without a
 * window and apart from the user's profile.
 */
const BROWSERS = {
  chromium: {
    find: findChromium,
    command: (program, profile) => [
      ...[program, "--headless", ...CHROMIUM_ARGS],
      `--user-data-dir=${profile}`,
    ],
  },
  firefox: {
    find: () => which("firefox") ?? which("firefox-esr") ?? firefoxes.find(isProgram),
    command(program, profile) {
      writeFileSync(join(profile, "user.js"), FIREFOX_PREFERENCES);
      return [program, "--headless", "--no-remote", "--profile", profile];
    },
  },
  /** WebKitGTK's browser always has a window. */
  webkit: {
    find: () => which("xvfb-run") && miniBrowsers.find(isProgram),
    command: (program) => ["xvfb-run", "-a", program, "--private"],
  },
};

/**
 * Loads a module script into a page on localhost and gives back what `expression` resolves to. The
 * page sends it itself, so that no driver stands between; with `tell(line)` it says what it does before.
 * `files` are served beside it, by path. Throws Absent where the browser is not here.
 */
export async function runInBrowser(
  name,
  code,
  expression,
  { files = {}, tell = console.error, seconds = 1200 } = {},
) {
  const { server, port, answer } = await serve({ ...files, "/code.js": code }, expression, tell);
  try {
    return await visit(name, `http://127.0.0.1:${port}/`, answer, { seconds });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** A browser's program. Throws Absent where it is not here. */
export function browserProgram(name) {
  const variable = `${name.toUpperCase()}_PATH`;
  const found = process.env[variable] ?? BROWSERS[name].find();
  if (!found) throw new Absent(`none found (set ${variable})`);
  if (!isProgram(found)) throw new Absent(`${variable}: expected a program, got ${found}`);
  return found;
}

/** Opens a page, waits for what `answer` resolves to, and ends the browser. */
export async function visit(name, url, answer, { seconds = 1200, args = [] } = {}) {
  const found = browserProgram(name);
  const profile = mkdtempSync(join(tmpdir(), `ferrograd-${name}-`));
  const [program, ...before] = BROWSERS[name].command(found, profile);
  const browser = spawn(program, [...before, ...args, url], { stdio: "ignore", detached: GROUPS });
  const exit = new Promise((_, reject) => {
    browser.on("error", reject);
    browser.on("exit", (code) => reject(new Failure(`${name}: ended with ${code}, no answer`)));
    setTimeout(
      () => reject(new Failure(`${name}: no answer in ${seconds} s`)),
      seconds * 1000,
    ).unref();
  });
  try {
    return await Promise.race([answer, exit]);
  } finally {
    await endGroup(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page that runs the expression and posts `{ value }` or `{ error }` back, and a `{ line }` before. */
const page = (expression) => `<!doctype html><title>ferrograd</title><script type="module">
const post = (answer) => fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
const tell = (line) => void post({ line });
import("/code.js")
  .then(() => ${expression.replaceAll("<", "\\x3c")})
  .then((value) => post({ value }), (error) => post({ error: String(error.stack ?? error) }));
</script>`;

/** Browsers give a page that is isolated a finer clock. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** The server, and what the page posts. */
async function serve(files, expression, tell) {
  let settle;
  const answer = new Promise((resolve, reject) => {
    settle = ({ value, error, line }) => {
      if (line !== undefined) tell(line);
      else if (error === undefined) resolve(value);
      else reject(new Failure(error));
    };
  });
  const server = createServer(async (request, response) => {
    if (request.url === "/answer") {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end();
      settle(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      return;
    }
    const { pathname } = new URL(request.url, "http://localhost");
    const type = TYPES[pathname.slice(pathname.lastIndexOf(".") + 1)] ?? "text/html";
    response.writeHead(200, { "content-type": type, ...ISOLATED });
    response.end(files[pathname] ?? page(expression));
  });
  return { server, port: await listenLocally(server), answer };
}

/** Lets a server listen on a free port of this machine. @returns the port */
export async function listenLocally(server) {
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const address = server.address();
  return typeof address === "object" ? address?.port : undefined;
}
