import { measure } from "./main.ts";

/** Another runtime's part: on standard output a line of JSON for each that it tells, then what it measured. */
const [peersFolder, ...argv] = process.argv.slice(2);
const say = (message: object, then = () => {}) =>
  process.stdout.write(`${JSON.stringify(message)}\n`, then);
const measured = await measure(argv, peersFolder, (line) => void say({ line }));
// A pipe takes 64 KB at once; what an exit finds beyond that is lost.
say({ measured }, () => process.exit(0));
