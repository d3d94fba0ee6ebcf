/** How long a run will take: said before it begins, and while it goes on. */

/** A case in a runtime, or what a runtime needs before its first. */
export interface Piece {
  readonly runtime: string;
  readonly label: string;
  readonly seconds: number;
}

/** Seconds that the pieces of earlier runs took. */
export interface Took {
  readonly runtime: string;
  readonly seconds: Readonly<Record<string, number>>;
}

/** The label of what comes before a runtime's first case: it starts, and its peers are loaded. */
export const START = "start";
/** Seconds of a piece that nobody has run yet. */
const UNKNOWN_SECONDS = 6;
const BAR = 24;

/** The pieces of one runtime, each as long as it was there last time, else elsewhere; or a share of that. */
export function planOf(
  runtime: string,
  labels: readonly string[],
  earlier: readonly Took[],
  share = 1,
): Piece[] {
  const there = earlier.filter((took) => took.runtime === runtime);
  return [START, ...labels].map((label) => {
    const found = [...there, ...earlier].find(({ seconds }) => label in seconds);
    return { runtime, label, seconds: share * (found?.seconds[label] ?? UNKNOWN_SECONDS) };
  });
}

const sum = (pieces: readonly Piece[]) => pieces.reduce((all, { seconds }) => all + seconds, 0);
const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

/** The plan as a table: minutes for each runtime, and all together. */
export function formatPlan(pieces: readonly Piece[]): string {
  const runtimes = [...new Set(pieces.map(({ runtime }) => runtime))];
  const lines = runtimes.map((name) => {
    const own = pieces.filter(({ runtime }) => runtime === name);
    const cases = own.filter(({ label }) => label !== START).length;
    return `  ${name.padEnd(10)} ${String(cases).padStart(4)} cases  ${minutes(sum(own)).padStart(9)}`;
  });
  return [`about ${minutes(sum(pieces))}:`, ...lines].join("\n");
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Lines can be written over. */
  readonly isTerminal: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Follows a plan: one line that says how far it is, written over where that is possible. */
export function follow(pieces: readonly Piece[], { write, isTerminal, now }: ProgressOptions) {
  const begun = now();
  const took: Record<string, Record<string, number>> = {};
  let current:
    | { readonly piece: Piece; readonly index: number; readonly start: number }
    | undefined;
  let status = "";

  const end = () => {
    if (current === undefined) return;
    const { runtime, label } = current.piece;
    took[runtime] = { ...took[runtime], [label]: (now() - current.start) / 1000 };
    current = undefined;
  };
  const show = () => {
    const done = sum(pieces.slice(0, current?.index ?? pieces.length));
    const [all, spent] = [sum(pieces), (now() - begun) / 1000];
    const pace = done === 0 ? 1 : spent / done; // what was planned, and what it is
    const share = all === 0 ? 1 : done / all;
    const full = Math.round(BAR * share);
    const bar = `[${"#".repeat(full)}${".".repeat(BAR - full)}] ${Math.round(100 * share)} %`;
    const { runtime, label } = current?.piece ?? { runtime: "done", label: "" };
    status = `${bar}, ${minutes(pace * (all - done))} left: ${runtime} ${label}`;
    write(isTerminal ? `\r\x1b[K${status}` : `${status}\n`);
  };
  return {
    /** A line of a runtime: the label of one of its pieces, which begins, or something to be told. */
    tell(runtime: string, line: string): void {
      const index = pieces.findIndex((piece) => piece.runtime === runtime && piece.label === line);
      if (index < 0) {
        write(isTerminal && status !== "" ? `\r\x1b[K${line}\n${status}` : `${line}\n`);
        return;
      }
      end();
      current = { piece: pieces[index], index, start: now() };
      show();
    },
    /** Ends what is going on; gives the seconds of each of the runtime's pieces. */
    finish(runtime: string): Readonly<Record<string, number>> {
      end();
      if (isTerminal) write("\n");
      status = "";
      return took[runtime] ?? {};
    },
  };
}
