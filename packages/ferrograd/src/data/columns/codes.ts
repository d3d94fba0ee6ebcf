import type { ColumnProfile } from "./profile.ts";

/** Shorter ones are months and hours. */
const SHORTEST = 5;
/** `user_id`, `userId`, `zip code`, but not `paid`. */
const CODE_NAME = /(?:^|[^a-z])(?:ids?|zip|plz|(?:zip|post)?codes?)$/i;
const CODE_ENDING = /[a-z](?:Id|ID|Code)$/;
/** Two are told apart by a number as well. */
const FEW = 2;

/** Why whole numbers that come again are texts: codes, as those of towns and users; undefined where they are numbers. */
export function codesOf(profile: ColumnProfile): string | undefined {
  const { name, values, beyond } = profile;
  const texts = [...profile.unmarked()].map(([text]) => text);
  const kinds = texts.length + beyond;
  if (kinds === values || !texts.every((text) => /^\d+$/.test(text))) return undefined;
  const [{ length } = ""] = texts;
  const zeros = texts.filter((text) => text.startsWith("0")).length;
  const isCode =
    length >= SHORTEST &&
    zeros > 0 &&
    zeros < texts.length &&
    kinds <= values / 2 &&
    texts.every((text) => text.length === length);
  if (isCode) return "numbers that begin with 0 are codes";
  const isNamed = CODE_NAME.test(name) || CODE_ENDING.test(name);
  return isNamed && kinds > FEW
    ? "numbers that come again under the name of an id or a code"
    : undefined;
}
