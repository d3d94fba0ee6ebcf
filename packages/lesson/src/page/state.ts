import type { Outcome } from "../experiment.ts";
import type { LessonData, Told } from "../report.ts";

/** One experiment and how far the reader is with it. */
export interface Stand {
  readonly told: Told;
  /** As measured when the page was made. */
  readonly first: { readonly seed: number; readonly outcome: Outcome };
  seed: number;
  outcome: Outcome;
  /** How long the last run in the page took. */
  seconds: number | undefined;
  guess: number | undefined;
  shown: boolean;
}

export const standsOf = ({ experiments, seed }: LessonData): readonly Stand[] =>
  experiments.map(({ outcome, ...told }) => ({
    told,
    first: { seed, outcome },
    seed,
    outcome,
    seconds: undefined,
    guess: undefined,
    shown: false,
  }));

/** The verdict as a class of the style sheet; none before it is shown. */
export const verdictClass = ({ shown, outcome }: Stand): string =>
  shown ? `verdict-${outcome.verdict.replaceAll(" ", "-")}` : "";

export function scoreOf(stands: readonly Stand[]) {
  const guessed = stands.filter(({ shown, guess }) => shown && guess !== undefined);
  const right = guessed.filter(({ guess, outcome }) => guess === outcome.answer);
  return { guesses: guessed.length, right: right.length };
}
