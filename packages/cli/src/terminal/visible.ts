/** What moves a cursor, changes colors or turns text around, and line ends. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text from a file as a terminal may show it: what would act on the terminal is spelled out. */
export const visible = (text: string): string =>
  text.replace(
    UNSEEN,
    (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)!.toString(16).padStart(2, "0")}}`,
  );

/** `1 row`, `3 rows`. */
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;

/** The same for text of several lines. */
export const visibleLines = (text: string): string => text.split("\n").map(visible).join("\n");
