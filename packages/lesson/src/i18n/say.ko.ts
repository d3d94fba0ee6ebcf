import { content } from "./content.ko.ts";

/** Names that are counted. */
const COUNTED: readonly (readonly [RegExp, string])[] = [
  [/^layer (\d+)$/, "$1층"],
  [/^epoch (\d+)$/, "$1에포크"],
  [/^all positive, batch (\d+)/, "모두 양수, 배치 $1"],
  [/^centered, batch (\d+)/, "중심 0, 배치 $1"],
];

/** In Korean; names of activations and numbers stay as they are. */
export function say(text: string): string {
  const known = content[text];
  if (known !== undefined) return known;
  const [pattern, korean] = COUNTED.find(([pattern]) => pattern.test(text)) ?? [];
  return pattern ? text.replace(pattern, korean!) : text;
}
