import { measure } from "./main.ts";

/** Another runtime's part: on standard output a line of JSON for each that it tells, then what it measured. */
const [peersFolder, ...argv] = process.argv.slice(2);
const say = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);
say({ measured: await measure(argv, peersFolder, (line) => say({ line })) });
process.exit(0);
