import { ArgumentError } from "ferrograd";
import { named } from "ferrograd/tables";

/** Prefix of every message; the option's name follows. */
const WHERE = "ferrograd";

/** The number that a text spells, or the text itself, so that a message can quote it. */
function toNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

/** A parser of numbers; `flag` is what a message names. */
const numeric =
  (expected: string, accepts: (number: number) => boolean) =>
  (flag: string) =>
  (text: string): number => {
    const number = toNumber(text);
    if (typeof number === "number" && accepts(number)) return number + 0; // 0 for −0
    const got = typeof number === "number" ? number : JSON.stringify(text);
    throw new ArgumentError(`${WHERE}: ${flag}: expected ${expected}, got ${got}`);
  };

export const count = numeric("a positive integer", (n) => Number.isSafeInteger(n) && n > 0);
export const natural = numeric("an integer of 0 or more", (n) => Number.isSafeInteger(n) && n >= 0);
export const rate = numeric("a finite number of 0 or more", (n) => Number.isFinite(n) && n >= 0);
export const share = numeric("a number from 0 to below 1", (n) => n >= 0 && n < 1);

/** `128,64` as [128, 64], `none` as []. */
export const widths =
  (flag: string) =>
  (text: string): number[] => {
    const numbers = text === "none" ? [] : text.split(",").map(toNumber);
    if (numbers.every((n): n is number => Number.isSafeInteger(n) && Number(n) > 0)) return numbers;
    throw new ArgumentError(
      `${WHERE}: ${flag}: expected positive integers such as 128,64, or none, got ${JSON.stringify(text)}`,
    );
  };

/** One of some names; an unknown one is answered with the nearest. */
export const oneName =
  <T extends string>(flag: string, names: readonly T[]) =>
  (text: string): T =>
    named(WHERE, flag, text, names);

/** One of names between commas; quotes around it, or its beginning, take what is in them as it is. */
const NAME = /(?:^|,)\s*(?:"((?:[^"]|"")*)"([^,]*)|([^,]*))/g;

/** `id,name` as ["id", "name"], `"size, in m",id` as ["size, in m", "id"], behind those of the same option before. */
export const names = (text: string, before: readonly string[] = []): string[] => {
  const own = Array.from(text.matchAll(NAME), ([, quoted, behind = "", plain = ""]) =>
    (quoted === undefined ? plain : quoted.replaceAll('""', '"') + behind).trim(),
  );
  return [...before, ...own];
};

/** A name as `names` reads it. */
export const nameWord = (name: string): string =>
  /^"|,/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
