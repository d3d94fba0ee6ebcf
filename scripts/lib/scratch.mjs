import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What ends a process from outside, with the number that its exit status has then. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

const remove = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM"; // it is somebody else's
  }
}

/** Removes folders of this name that processes left which could not do so themselves. */
function removeLeft(name) {
  for (const entry of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${name}-(\\d+)-`).exec(entry)?.[1];
    if (pid !== undefined && !runs(Number(pid))) remove(join(tmpdir(), entry));
  }
}

/**
 * Gives `use` a folder for temporary files, which is gone when it is done, also where a signal ends the process.
 * What cannot be caught leaves it to the next one of its name.
 */
export async function withScratch(name, use, { keep = false } = {}) {
  removeLeft(name);
  const folder = mkdtempSync(join(tmpdir(), `${name}-${process.pid}-`));
  const end = (signal) => {
    remove(folder);
    process.exit(128 + SIGNALS[signal]);
  };
  for (const signal of Object.keys(SIGNALS)) process.once(signal, end);
  try {
    return await use(folder);
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, end);
    if (keep) console.error(`kept: ${folder}`);
    else remove(folder);
  }
}
