import type { Task } from "./alone.ts";
import { measureAlone } from "./main.ts";

/** A fresh process: one contender in one case, as one line on standard output. */
const [peersFolder, pace, task] = process.argv.slice(2);
const time = await measureAlone(JSON.parse(task) as Task, peersFolder, pace === "quick");
process.stdout.write(`\n${JSON.stringify(time ?? null)}`, () => process.exit(0));
