import type { Dataset, ImageSize } from "../datasets.ts";
import type { Predictions } from "../results.ts";
import { worstRows } from "../scores/worst.ts";
import { drawPicture } from "./picture.ts";
import type { Screen } from "./screen.ts";
import { visible } from "./visible.ts";

/** A row of the data taken for another class. */
export interface Mistake {
  readonly row: number;
  readonly truth: number;
  readonly predicted: number;
  /** What the model gave the true class. */
  readonly truthProbability: number;
  readonly predictedProbability: number;
}

export interface Mistakes {
  /** All that there are. */
  readonly count: number;
  readonly worst: readonly Mistake[];
}

/** How many rows were taken for another class, and the worst of them: those of the least probable true class. */
export function findMistakes(
  truth: ArrayLike<number>,
  { labels, probabilities, truthProbabilities }: Predictions,
  most: number,
): Mistakes {
  const isWrong = (row: number) => labels[row] !== truth[row];
  const badness = (row: number) => (isWrong(row) ? -truthProbabilities[row]! : Number.NaN);
  const worst = worstRows(labels.length, badness, most).map((row) => ({
    row,
    truth: truth[row]!,
    predicted: labels[row]!,
    truthProbability: truthProbabilities[row]!,
    predictedProbability: probabilities[row]!,
  }));
  return { count: labels.reduce((sum, _, row) => sum + Number(isWrong(row)), 0), worst };
}

const GAP = "   ";
const percent = (probability: number): string => `${(probability * 100).toFixed(1)} %`;

/** The length of the longest class name among mistakes. */
const longestName = (mistakes: readonly Mistake[], names: readonly string[]): number =>
  Math.max(
    ...mistakes.flatMap((m) => [m.truth, m.predicted].map((i) => visible(names[i]!).length)),
  );

/** True and predicted class with their probabilities, in two lines. */
function caption(mistake: Mistake, names: readonly string[], width: number): [string, string] {
  const line = (word: string, label: number, probability: number) =>
    `${word} ${visible(names[label]!).padEnd(width)} ${percent(probability).padStart(7)}`;
  return [
    line("true", mistake.truth, mistake.truthProbability),
    line("said", mistake.predicted, mistake.predictedProbability),
  ];
}

/** Mistakes side by side as small pictures, as many to a line as the screen is wide. */
export function formatPictures(
  mistakes: readonly Mistake[],
  data: Dataset,
  names: readonly string[],
  size: ImageSize,
  { columns, hasGrays, colors }: Pick<Screen, "columns" | "hasGrays" | "colors">,
): string {
  const pixels = size.width * size.height * (size.channels ?? 1);
  const longest = longestName(mistakes, names);
  const cards = mistakes.map((mistake) => {
    const image = data.x.data.subarray(mistake.row * pixels, (mistake.row + 1) * pixels);
    const picture = drawPicture(image, size, hasGrays);
    const [truth, said] = caption(mistake, names, longest);
    const width = Math.max(picture.width, truth.length);
    const padding = " ".repeat(width - picture.width);
    return {
      width,
      lines: [
        ...picture.lines.map((line) => line + padding),
        colors.green(truth.padEnd(width)),
        colors.red(said.padEnd(width)),
      ],
    };
  });
  const widest = Math.max(...cards.map(({ width }) => width)) + GAP.length;
  const perLine = Math.max(1, Math.floor((columns + GAP.length) / widest));
  const blocks: string[] = [];
  for (let first = 0; first < cards.length; first += perLine) {
    const shown = cards.slice(first, first + perLine).map(({ lines }) => lines);
    blocks.push(shown[0]!.map((_, i) => shown.map((lines) => lines[i]).join(GAP)).join("\n"));
  }
  return blocks.join("\n\n").replace(/ +$/gm, "");
}

/** Mistakes one to a line, for rows that are no pictures. */
export function formatRows(
  mistakes: readonly Mistake[],
  names: readonly string[],
  numbers?: ArrayLike<number>,
): string {
  const longest = longestName(mistakes, names);
  const rows = mistakes.map(({ row }) => String(numbers?.[row] ?? row));
  const digits = Math.max(...rows.map((row) => row.length));
  return mistakes
    .map(
      (mistake, i) =>
        `row ${rows[i]!.padStart(digits)}   ${caption(mistake, names, longest).join(GAP)}`,
    )
    .join("\n");
}
