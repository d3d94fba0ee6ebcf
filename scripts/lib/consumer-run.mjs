import { CONSUMERS } from "../consumers/index.mjs";
import { progressBar } from "./bar.mjs";
import { installPacked, makePlace } from "./consumer-place.mjs";
import { CI, Failure } from "./run.mjs";
import { Absent } from "./runtimes.mjs";
import { withScratch } from "./scratch.mjs";

/** All others must agree with it. */
const [REFERENCE] = CONSUMERS;
const BESIDE = 2;

/** Those of a group whose name contains one of the words. */
export function chooseConsumers({ group, only }) {
  if (group !== undefined && group !== "ci") {
    throw new Failure(`--group: expected ci, got "${group}"`);
  }
  const grouped = CONSUMERS.filter(({ ci }) => group === undefined || ci);
  const words = (only ?? "").toLowerCase().split(",");
  const chosen = grouped.filter(({ name }) =>
    words.some((word) => name.toLowerCase().includes(word)),
  );
  if (chosen.length > 0) return chosen;
  const names = grouped.map(({ name }) => name).join("\n  ");
  throw new Failure(`--only: expected parts of names, got "${only}"; there are\n  ${names}`);
}

/** Sets them up and runs them, with a line of a table for each. @returns how many passed and failed */
export async function runConsumers(consumers, { keep = false } = {}) {
  const run = async (folder) => {
    const packed = installPacked(folder);
    const reference = await attempt(REFERENCE, { folder, packed });
    if (reference.error) throw new Failure(`${REFERENCE.name}: ${reference.error}`);
    return runAll(consumers, { folder, packed, expected: reference.hash });
  };
  return withScratch("ferrograd-consumers", run, { keep });
}

async function runAll(consumers, { folder, packed, expected }) {
  const bar = progressBar(consumers.length);
  const width = Math.max(...consumers.map(({ name }) => name.length));
  const counts = { ok: 0, failed: 0, skipped: 0 };
  const waiting = [...consumers];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      bar.show(next.name);
      const { hash, error, absent, seconds } = await attempt(next, { folder, packed });
      const wrong = error ?? (hash === expected ? "" : `expected ${expected}, got ${hash}`);
      // What is quick must not be left out where it is relied on.
      const state = absent && !(CI && next.ci) ? "skipped" : wrong ? "failed" : "ok";
      counts[state] += 1;
      const said = wrong ? wrong.split("\n", 1)[0] : hash.slice(0, 16);
      bar.clear();
      console.log(
        `${state.padEnd(7)}  ${next.name.padEnd(width)}  ${seconds.toFixed(1).padStart(5)} s  ${said}`,
      );
      if (state === "failed") console.log(wrong.replaceAll(/^/gm, "    "));
      bar.advance();
    }
  };
  await Promise.all(Array.from({ length: BESIDE }, lane));
  bar.clear();
  return { passed: counts.ok, failed: counts.failed };
}

/**
 * One consumer in a fresh folder; never throws.
 * @returns {Promise<{ hash?: string, error?: string, absent?: boolean, seconds: number }>}
 */
async function attempt(consumer, { folder, packed }) {
  const start = performance.now();
  const result = await prepareAndRun(consumer, { folder, packed }).catch((error) => {
    const known = error instanceof Failure || error instanceof Absent;
    return {
      error: known ? error.message : String(error.stack ?? error),
      absent: error instanceof Absent,
    };
  });
  return { ...result, seconds: (performance.now() - start) / 1000 };
}

async function prepareAndRun(consumer, { folder, packed }) {
  const place = await makePlace(consumer, folder, packed);
  try {
    return { hash: await consumer.run(place) };
  } finally {
    await place.close();
  }
}
