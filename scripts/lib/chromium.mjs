import { join } from "node:path";
import { isProgram, which } from "./run.mjs";

export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const WINDOWS_ROOTS = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
const PATHS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ...WINDOWS_ROOTS.filter(Boolean).map((root) => join(root, "Google/Chrome/Application/chrome.exe")),
];

/** A Chromium on this machine: `CHROMIUM_PATH`, else PATH, else the usual places; undefined where there is none. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return NAMES.map((name) => which(name)).find(Boolean) ?? PATHS.find(isProgram);
}
