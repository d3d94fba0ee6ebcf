import { show } from "../../options/index.ts";
import type { Kind } from "./kind.ts";
import { isMark, pairOf, truthOf } from "./words.ts";

/** A column of yes and no in any case: one feature, 1 for yes. */
export interface YesNoColumn {
  readonly name: string;
  readonly type: "yesNo";
  /** What stands for no, "" for nothing, and for yes, in lower case. */
  readonly words: readonly [string, string];
  /** What a missing value becomes: the more frequent one. */
  readonly fill?: 0 | 1;
}

/** Spellings of two words in any case. */
const MOST_SPELLINGS = 64;

const noOf = ([no]: YesNoColumn["words"]): string => no || "nothing";

export const yesNoKind: Kind<YesNoColumn> = {
  reasons: [],
  hasMarks: true,
  learn(profile, { asked, fills }) {
    const { name, texts, beyond } = profile;
    if (Object.keys(asked).length > 0 || beyond > 0 || texts.size > MOST_SPELLINGS)
      return undefined;
    if (profile.isTicked)
      return { name, type: "yesNo", words: ["", profile.example.toLowerCase()] };
    const words = pairOf([...profile.unmarked()].map(([text]) => text));
    if (words === undefined) return undefined;
    const counts = [0, 0];
    for (const [text, { count }] of profile.unmarked()) {
      counts[Number(text.toLowerCase() === words[1])]! += count;
    }
    const fill = counts[1]! > counts[0]! ? 1 : 0;
    return { name, type: "yesNo", words, ...(fills && { fill }) };
  },
  isColumn: ({ words, fill }) =>
    Array.isArray(words) &&
    words.length === 2 &&
    words.every((word) => typeof word === "string") &&
    (fill === undefined || fill === 0 || fill === 1),
  features: ({ name }) => [name],
  encoder({ words, fill }) {
    return (value, data, at) => {
      const place = words.indexOf(value.toLowerCase());
      const isMissing = value === "" || isMark(value);
      const number = place >= 0 ? place : isMissing ? fill : truthOf(value);
      if (number !== undefined) {
        data[at] = number;
        return undefined;
      }
      const kind = isMissing ? "wrong" : "unseen";
      return {
        kind,
        expected: `${noOf(words)} or ${words[1]}`,
        got: value === "" ? "none" : show(value),
      };
    };
  },
  filled: ({ words, fill }) => (fill === undefined ? undefined : words[fill]),
  says: ({ words }) => `${words[1]}/${noOf(words)}, as 1 and 0`,
};
