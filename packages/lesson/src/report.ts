import type { Experiment, Outcome } from "./experiment.ts";

/** What an experiment says before anything is measured. */
export type Told = Pick<Experiment, "id" | "title" | "claim" | "prediction" | "note"> & {
  readonly question: Pick<Experiment["question"], "asks" | "options">;
};

/** What the lesson page is made from. */
export interface LessonData {
  readonly seed: number;
  readonly experiments: readonly (Told & { readonly outcome: Outcome })[];
}

export function told({ id, title, claim, prediction, note, question }: Experiment): Told {
  const { asks, options } = question;
  return { id, title, claim, prediction, note, question: { asks, options } };
}
