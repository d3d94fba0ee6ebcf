/** Words of no and yes that belong together. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["no", "yes"],
  ["false", "true"],
  ["n", "y"],
  ["f", "t"],
  ["off", "on"],
];

/** The pair that all texts are words of, in any case; undefined where there is none. */
export function pairOf(texts: Iterable<string>): readonly [string, string] | undefined {
  const words = new Set(Array.from(texts, (text) => text.toLowerCase()));
  return words.size === 2 ? PAIRS.find((pair) => pair.every((word) => words.has(word))) : undefined;
}

/** 1 for a word of yes of any pair, 0 for one of no; undefined for others. */
export const truthOf = (text: string): number | undefined =>
  [...PAIRS, ["0", "1"]].map((pair) => pair.indexOf(text.toLowerCase())).find((at) => at >= 0);

/** Says a text yes where others say nothing? */
export const isTick = (text: string): boolean => /^(?:x|✓|✔|☑|\*|yes|y|true|t|1)$/i.test(text);

const MARKS = new Set([
  ...["none", "nan", "null", "#n/a", "n/a", "na", "nil", "-", "--", "?", ".", ".."],
  ...["#div/0!", "#ref!", "#value!", "#num!", "#name?", "#null!"], // of spreadsheets
]);

/** Stands a text for a missing value where the rest of its column are numbers, dates or yes and no? */
export const isMark = (text: string): boolean => MARKS.has(text.toLowerCase());
