import type { Experiment, Outcome } from "./experiment.ts";

/** What an experiment says before anything is measured. */
export type Told = Pick<Experiment, "id" | "title" | "claim" | "prediction" | "note" | "seeds"> & {
  readonly question: Pick<Experiment["question"], "asks" | "options">;
};

/** What the lesson page is made from. */
export interface LessonData {
  readonly seed: number;
  readonly experiments: readonly (Told & { readonly outcome: Outcome })[];
}

export function told({ id, title, claim, prediction, note, seeds, question }: Experiment): Told {
  const { asks, options } = question;
  return { id, title, claim, prediction, note, seeds, question: { asks, options } };
}
