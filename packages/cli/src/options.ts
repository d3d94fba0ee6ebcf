import { ArgumentError } from "ferrograd";
import {
  fraction,
  nonNegativeInteger,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
} from "./library.ts";

/** Prefix of every message; the option's name follows. */
const WHERE = "ferrograd";

/** The number that a text spells, or the text itself, so that a message can quote it. */
function toNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

/** A parser that validates a number as the library does; `flag` is what a message names. */
const numeric =
  (validate: (where: string, name: string, value: unknown) => number) =>
  (flag: string) =>
  (text: string): number =>
    validate(WHERE, flag, toNumber(text));

export const count = numeric(positiveInteger);
export const natural = numeric(nonNegativeInteger);
export const rate = numeric(nonNegativeNumber);
export const share = numeric(fraction);

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
    oneOf(WHERE, flag, text, names);

/** `id,name` as ["id", "name"]. */
export const names = (text: string): string[] => text.split(",").map((name) => name.trim());
