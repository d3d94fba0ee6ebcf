// npm run exercises [-- layer op …]: adds to a copy of the checkout what CONTRIBUTING.md and docs/extending.md add, runs its
// tests there, and counts the files that are written by hand.
import "./lib/node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  commandsOf,
  copyCheckout,
  EXERCISES,
  filesOf,
  insert,
  runThere,
} from "./lib/exercises.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { Failure, main, which } from "./lib/run.mjs";

function run(exercise, folder) {
  const { name, most } = exercise;
  const files = filesOf(exercise);
  if (files.length > most) {
    throw new Failure(`${name}: expected at most ${most} files, got ${files.join(", ")}`);
  }
  insert(exercise, folder);
  for (const line of commandsOf(exercise)) {
    console.error(`${name}: ${line}`);
    runThere(folder, line);
  }
  console.log(`ok  ${name}: ${files.length} of ${most} files by hand: ${files.join(", ")}`);
}

await main(() => {
  const { positionals } = parseArgs({ allowPositionals: true });
  ensurePackages({ dev: true });
  const asked = EXERCISES.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  if (asked.length === 0) {
    const names = EXERCISES.map(({ name }) => name).join(", ");
    throw new Failure(`exercises: expected some of ${names}, got ${positionals.join(", ")}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-exercises-"));
  try {
    copyCheckout(folder);
    for (const exercise of asked) {
      if (exercise.rust && which("cargo") === undefined)
        console.log(`skipped  ${exercise.name}: no cargo here`);
      else run(exercise, folder);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
