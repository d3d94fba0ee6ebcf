import { ofOneSeed } from "../experiment.ts";
import { content } from "./content.ko.ts";

/** Titles where one seed alone was trained. */
const ofOne = new Map(
  Object.entries(content).map(([english, korean]) => [
    ofOneSeed(english),
    korean.replace(/시드 \d+개/, "시드 1개"),
  ]),
);

/** Names that are counted. */
const COUNTED: readonly (readonly [RegExp, string])[] = [
  [/^layer (\d+)$/, "$1층"],
  [/^epoch (\d+)$/, "$1에포크"],
  [/^all positive, batch (\d+)/, "모두 양수, 배치 $1"],
  [/^centered, batch (\d+)/, "중심 0, 배치 $1"],
];

/** In Korean; names of activations and numbers stay as they are. */
export function say(text: string): string {
  const known = content[text] ?? ofOne.get(text);
  if (known !== undefined) return known;
  const [pattern, korean] = COUNTED.find(([pattern]) => pattern.test(text)) ?? [];
  return pattern ? text.replace(pattern, korean!) : text;
}
