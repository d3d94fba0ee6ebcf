import { measure } from "./main.ts";

/** Another runtime's part: rows as one line on standard output. */
const [peersFolder, ...argv] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(argv, peersFolder)));
process.exit(0);
