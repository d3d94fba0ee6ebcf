import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { unpackArrays } from "./packing.ts";

/** A fresh process: imports one of peers/programs, predicts, and says how long that took. */
const program = process.argv[2];
const task = unpackArrays(readFileSync(0, "utf8"));
const start = performance.now();
const usage = process.cpuUsage();
const { predict } = await import(pathToFileURL(program).href);
const values = await predict(task, `${dirname(program)}/`);
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(usage);
const cpuMs = (user + system) / 1000;
process.stdout.write(JSON.stringify({ wallMs, cpuMs, values: Array.from(values) }));
process.exit(0);
