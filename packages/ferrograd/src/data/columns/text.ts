import { hint, show } from "../../options/index.ts";
import { codesOf } from "./codes.ts";
import type { Kind } from "./kind.ts";
import type { ColumnProfile } from "./profile.ts";

/** A column of texts: one feature for each, 1 where the text stands and 0 elsewhere. */
export interface TextColumn {
  readonly name: string;
  readonly type: "text";
  readonly categories: readonly string[];
  /** What a missing text becomes: the most frequent one. */
  readonly fill?: string;
  /** Have all other texts a feature too? */
  readonly other?: true;
}

/** Of more texts only the most frequent have features. */
const MOST_CATEGORIES = 100;
const KEPT = 50;
/** So many are named where they are short. */
const FEW = 6;
const SHORT = 48;

/** Says that texts differ in case alone, with the first of them. */
function spellingsOf(profile: ColumnProfile): string | undefined {
  const known = new Map<string, string>();
  for (const [text] of profile.unmarked()) {
    const other = known.get(text.toLowerCase());
    if (other !== undefined) return `some differ in case alone, such as ${other} and ${text}`;
    known.set(text.toLowerCase(), text);
  }
  return undefined;
}

export const textKind: Kind<TextColumn> = {
  reasons: ["hardlyRepeats"],
  hasMarks: false,
  learn(profile, { asked, fills }) {
    const { name, texts, beyond } = profile;
    const most = asked.text ?? MOST_CATEGORIES;
    const other = texts.size > most || beyond > 0;
    const kept = asked.text ?? KEPT;
    const categories = other ? profile.frequent(kept).map(([text]) => text) : [...texts.keys()];
    const [[fill] = [""]] = profile.frequent(1);
    return {
      name,
      type: "text",
      categories: categories.sort(),
      ...(fills && { fill }),
      ...(other && { other }),
    };
  },
  isColumn: ({ categories, fill, other }) =>
    Array.isArray(categories) &&
    categories.every((text) => typeof text === "string") &&
    (fill === undefined || typeof fill === "string") &&
    (other === undefined || other === true),
  features: ({ name, categories, other }) => [
    ...categories.map((category) => `${name}=${category}`),
    ...(other ? [`${name}=(other)`] : []),
  ],
  encoder({ categories, fill = "", other }) {
    const places = new Map(categories.map((text, place) => [text, place]));
    const alike = new Map(categories.map((text, place) => [text.toLowerCase(), place]));
    // Where all texts of training are known, and no two differ in case alone, case tells nothing.
    const anyCase = !other && alike.size === places.size;
    return (value, data, at) => {
      const text = value || fill;
      const known = places.get(text) ?? (anyCase ? alike.get(text.toLowerCase()) : undefined);
      const place = known ?? (other && text !== "" ? categories.length : undefined);
      if (place !== undefined) {
        data[at + place] = 1;
        return undefined;
      }
      const expected = "a text that training saw";
      if (text === "") return { kind: "wrong", expected, got: "none" };
      return { kind: "unseen", expected, got: `${show(text)}; ${hint(text, categories)}` };
    };
  },
  remark: (profile) => codesOf(profile) ?? spellingsOf(profile),
  filled: ({ fill }) => fill,
  says({ categories, other }) {
    if (other) return `text, the ${categories.length} most frequent and others`;
    const names = categories.join(", ");
    return categories.length <= FEW && names.length <= SHORT
      ? `one of ${names}`
      : `text of ${categories.length} kinds`;
  },
};
