import { reasonOf, WholeFile } from "./files.ts";

/** Where answers go, piece by piece: a file, or standard output. */
export interface Output {
  readonly isTerminal: boolean;
  /** Does nobody read any longer? */
  readonly isClosed: boolean;
  write(text: string): Promise<void>;
  end(): void;
  /** What was written is not whole. */
  discard(): void;
}

/** The file of `--output`, or standard output. */
export const openOutput = (path: string | undefined): Output =>
  path === undefined ? STANDARD : fileOutput(path);

function fileOutput(path: string): Output {
  const file = new WholeFile("--output", path);
  return {
    isTerminal: false,
    isClosed: false,
    write: async (text) => file.write(text),
    end: () => file.end(),
    discard: () => file.discard(),
  };
}

/** What ends the waiting for a reader that is slow. */
const ENDS_OF_WAITING = ["drain", "close", "error"];

let failed: NodeJS.ErrnoException | undefined;

const STANDARD: Output = {
  get isTerminal() {
    return process.stdout.isTTY === true;
  },
  get isClosed() {
    return failed !== undefined;
  },
  async write(text) {
    if (failed !== undefined || process.stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        for (const event of ENDS_OF_WAITING) process.stdout.off(event, settle);
        resolve();
      };
      for (const event of ENDS_OF_WAITING) process.stdout.once(event, settle);
    });
  },
  end() {},
  discard() {},
};

/**
 * A reader that closes the pipe early, such as `head`, is no failure: what a command does beside printing goes on. Any
 * other reason why standard output takes no more is said once, and is the exit code's.
 */
export function guardOutput(): void {
  const fail = (error: NodeJS.ErrnoException) => {
    if (failed !== undefined) return;
    failed = error;
    if (error.code === "EPIPE") return;
    process.stderr.write(`ferrograd: standard output: ${reasonOf(error)}\n`);
  };
  process.stdout.on("error", fail);
  process.stderr.on("error", () => {});
}

/** Could all be printed that somebody reads? */
export const wasPrinted = (): boolean => failed === undefined || failed.code === "EPIPE";
