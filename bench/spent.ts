/** Where the minutes of a run go: said at its end. */
import { align } from "./table.ts";

/** All that a contender took in a case: to be opened, to be compared, and its blocks. */
export interface Spent {
  readonly suite: string;
  readonly case: string;
  readonly contender: string;
  readonly seconds: number;
}

/** The same of a runtime, with the seconds of its pieces: "gemm NN/64x64x64", or "start". */
export interface RuntimeSpent {
  readonly runtime: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly spent: readonly Spent[];
}

/** So many contenders are named. */
const MOST = 10;

/** A line for each suite, all runtimes together, then the contenders that took most. */
export function formatSpent(runs: readonly RuntimeSpent[]): string {
  const suites = new Map<string, { cases: number; seconds: number }>();
  for (const [label, seconds] of runs.flatMap((run) => Object.entries(run.seconds))) {
    const [suite] = label.split(" ", 1);
    const { cases = 0, seconds: earlier = 0 } = suites.get(suite) ?? {};
    suites.set(suite, { cases: cases + 1, seconds: earlier + seconds });
  }
  const all = [...suites.values()].reduce((sum, { seconds }) => sum + seconds, 0);
  const contenders = runs
    .flatMap(({ runtime, spent }) => spent.map((one) => ({ runtime, ...one })))
    .filter(({ seconds }) => seconds >= 0.05)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, MOST);
  const share = (seconds: number) => `${((100 * seconds) / all).toFixed(1)} %`;
  return [
    `where ${(all / 60).toFixed(1)} min went:`,
    ...align([
      ["", "suite", "times", "seconds", "share"],
      ...[...suites]
        .sort(([, a], [, b]) => b.seconds - a.seconds)
        .map(([suite, { cases, seconds }]) => [
          ...["", suite, String(cases), seconds.toFixed(1), share(seconds)],
        ]),
    ]),
    "the contenders that took most, to open, compare and time:",
    ...align([
      ["", "runtime", "case", "contender", "seconds"],
      ...contenders.map(({ runtime, suite, case: name, contender, seconds }) => [
        ...["", runtime, `${suite} ${name}`, contender, seconds.toFixed(1)],
      ]),
    ]),
  ].join("\n");
}
