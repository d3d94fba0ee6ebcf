import { parseArgs } from "node:util";
import { BenchError } from "./error.ts";

export interface BenchArgs {
  readonly suites: readonly string[];
  readonly peers: boolean;
  readonly quick: boolean;
  readonly json: boolean;
  /** Times the relaxed build (fused multiply-add) beside the default one. */
  readonly relaxed: boolean;
  /** Keeps the results and writes docs/benchmarks.md from them. */
  readonly write: boolean;
  /** Times each contender in a fresh process as well, and compares. */
  readonly alone: boolean;
  /** A build of another checkout, to be timed in turns with this one's; empty: none. */
  readonly against: string;
  /** Only cases with this in their names. */
  readonly case: string;
  /** Only the cases that are measured in every runtime, beside peers that run in it. */
  readonly brief: boolean;
  /** "all" or names separated by commas; empty: only the Node that runs this. */
  readonly runtimes: string;
}

export const USAGE =
  "usage: npm -s run bench -- [SUITE ...] [--runtimes all|NAME,NAME] [--peers] [--relaxed] [--case TEXT] [--alone] [--against DIST] [--brief] [--quick] [--json] [--write]";
/** Of these each is a run of its own: together they would mean nothing. */
const APART = [
  ["against", ["peers", "relaxed", "alone", "runtimes", "write"]],
  ["alone", ["relaxed", "runtimes", "write"]],
  ["write", ["case", "quick"]],
] as const;

const OPTIONS = {
  peers: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  relaxed: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
  alone: { type: "boolean", default: false },
  against: { type: "string", default: "" },
  case: { type: "string", default: "" },
  brief: { type: "boolean", default: false },
  runtimes: { type: "string", default: "" },
} as const;

/** Reads the command line; no suite means all of them. */
export function parseBenchArgs(argv: readonly string[], known: readonly string[]): BenchArgs {
  const { values, positionals } = parse(argv);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BenchError(
      `bench: expected a suite (${known.join(", ")}), got "${unknown}"\n${USAGE}`,
    );
  }
  for (const [option, others] of APART) {
    const other = values[option] ? others.find((name) => values[name]) : undefined;
    if (other !== undefined)
      throw new BenchError(
        `bench: expected --${option} without --${other}, got both; run one after the other\n${USAGE}`,
      );
  }
  return { suites: positionals.length > 0 ? positionals : known, ...values };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new BenchError(`bench: ${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
