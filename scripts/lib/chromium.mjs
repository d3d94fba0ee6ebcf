import { join } from "node:path";
import { CI, capture, isProgram, step, which } from "./run.mjs";

/** Of several such switches the last one counts: with those that Playwright has for what pages are shown or ask for. */
const WITHOUT = [
  "AimEnabled",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  // A page of the address bar, which each context would load: two thirds of what a new one takes.
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];

export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${WITHOUT.join(",")}`,
];

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const WINDOWS_ROOTS = [
  process.env.PROGRAMFILES,
  process.env["PROGRAMFILES(X86)"],
  process.env.LOCALAPPDATA,
];
const PATHS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ...WINDOWS_ROOTS.filter(Boolean).map((root) =>
    join(root, "Google/Chrome/Application/chrome.exe"),
  ),
];

/** A Chromium on this machine: `CHROMIUM_PATH`, else PATH, else the usual places; undefined where there is none. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return NAMES.map((name) => which(name)).find(Boolean) ?? PATHS.find(isProgram);
}

/** The same; in CI it is installed from Debian's packages where that is possible. */
export function ensureChromium() {
  const found = findChromium();
  if (found || !CI || !which("apt-get") || process.getuid() !== 0) return found;
  step("Chromium from Debian packages", 60, () => {
    capture("apt-get", ["update", "-q"]);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    capture("apt-get", ["install", "-y", "-q", "chromium"], { env });
  });
  return findChromium();
}
