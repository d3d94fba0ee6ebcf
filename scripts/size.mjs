// npm run size: what users download, measured on the built package, against the ceilings. What an import is made of, from the
// sources: npm -s run size -- --rooms, --files; --ops, what each op takes; --import '{ tensor }' for another import,
// --entry ferrograd/slim, --against ../other for the sizes of another checkout beside them.
import "./lib/node-version.mjs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ensurePackages } from "./lib/install.mjs";
import { Failure, main } from "./lib/run.mjs";

const KINDS = ["rooms", "files", "ops"];

async function ceilings() {
  const { KB, measureSizes } = await import("./lib/sizes.mjs");
  const sizes = await measureSizes();
  const tooLarge = sizes.filter(({ bytes, kilobytes }) => bytes > kilobytes * KB);
  for (const size of sizes) {
    const verdict = tooLarge.includes(size) ? "too large" : "ok       ";
    console.log(`${verdict} ${(size.bytes / KB).toFixed(1)} of ${size.kilobytes} KB  ${size.name}`);
  }
  if (tooLarge.length > 0) {
    throw new Failure(`size: ${tooLarge.length} of ${sizes.length} above the ceiling`);
  }
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      rooms: { type: "boolean" },
      files: { type: "boolean" },
      ops: { type: "boolean" },
      import: { type: "string" },
      entry: { type: "string" },
      against: { type: "string" },
    },
  });
  ensurePackages({ dev: true });
  const asked = KINDS.filter((kind) => values[kind]);
  const { import: names = "{ sequential, dense }", entry = "ferrograd", against } = values;
  if (asked.length === 0) {
    if (Object.keys(values).length === 0) return ceilings();
    throw new Failure(`size: expected --${KINDS.join(", --")} beside the other options, got none`);
  }
  const { sizeTable } = await import("./lib/size-parts.mjs");
  const program = `export ${names} from "${entry}"`;
  for (const kind of asked) {
    console.log((await sizeTable(kind, program, against && resolve(against))).join("\n"));
  }
});
