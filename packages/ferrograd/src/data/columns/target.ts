import { hint, show } from "../../options/index.ts";
import { type Decimal, fits } from "../table.ts";
import { type Context, Fault, type Flaw } from "./kind.ts";
import { decimalRemedies, type Notation, notationOf } from "./number.ts";
import { numberIn, readNumber } from "./numbers.ts";
import type { ColumnProfile } from "./profile.ts";
import { isMark, pairOf } from "./words.ts";

export type TableTask = "classification" | "regression";

/** What a table's target column holds: names of classes, or numbers. */
export type TableTarget = ClassTarget | NumberTarget;

/** A target of classes. */
export interface ClassTarget {
  readonly name: string;
  readonly task: "classification";
  readonly classNames: readonly string[];
  /** What different texts of one class have in common (default: they are equal). */
  readonly spelling?: SpellingName;
}

/** A target of numbers. */
export interface NumberTarget {
  readonly name: string;
  readonly task: "regression";
  readonly unit?: string;
  readonly decimal?: Decimal;
  /** What is taken from each number before it becomes float32, and must be added to what a model says. */
  readonly reference?: number;
}

/** How texts of one class are told, one row each. */
const SPELLINGS = {
  exact: (text: string) => text,
  /** `1` and `1.0` are one class. */
  number: (text: string) => {
    const read = readNumber(text);
    return read === undefined || read.unit !== "" ? text : String(read.point);
  },
  /** `Yes` and `yes` are one class. */
  anyCase: (text: string) => text.toLowerCase(),
} satisfies Record<string, (text: string) => string>;

export type SpellingName = keyof typeof SPELLINGS;

/** More different whole numbers are amounts. */
const MOST_CLASSES = 20;

/** Is it a target of a schema? */
export function isTarget(value: unknown): value is TableTarget {
  if (typeof value !== "object" || value === null) return false;
  const { name, task, classNames, spelling, unit, decimal, reference } = value as Record<
    string,
    unknown
  >;
  if (typeof name !== "string") return false;
  if (task === "classification") {
    return (
      Array.isArray(classNames) &&
      classNames.every((text: unknown) => typeof text === "string") &&
      (spelling === undefined || Object.hasOwn(SPELLINGS, spelling as string))
    );
  }
  return (
    task === "regression" &&
    (unit === undefined || typeof unit === "string") &&
    (decimal === undefined || decimal === "." || decimal === ",") &&
    (reference === undefined || Number.isFinite(reference))
  );
}

/** What the values of a profile are to be learnt as; a fault where they cannot be. */
export function learnTarget(
  profile: ColumnProfile,
  context: Context,
  task: TableTask | undefined,
): TableTarget | Fault {
  const { name, values, numeric } = profile;
  const fault = (expected: string, got: string) => new Fault({ column: name, expected, got });
  if (profile.rows === profile.empty) return fault("values to learn", "none");
  const notation = task === "classification" ? undefined : notationOf(profile, context);
  if (notation instanceof Fault) return withoutColumn(notation);
  const isNumeric = values > 0 && numeric === values;
  const classes = classesOf(profile, isNumeric);
  const few =
    classes.classNames.length <= Math.min(MOST_CLASSES, values / 2) &&
    profile.numbers.whole &&
    profile.numbers.units.has("");
  const kind = task ?? (isNumeric && !few ? "regression" : "classification");
  if (kind === "regression") {
    if (notation === undefined) {
      const { text, row } = profile.other ?? { text: profile.example, row: undefined };
      const at = row === undefined ? {} : { row };
      return new Fault({ ...at, column: name, expected: "a number", got: show(text) });
    }
    const { range, ...kept } = notation;
    if (range[0] === range[1]) {
      return fault("different numbers to learn", `${range[0]} in every row`);
    }
    return { name, task: kind, ...(kept satisfies Notation) };
  }
  const rows = values + (isNumeric ? 0 : profile.marked);
  if (profile.beyond > 0) return fault(`at most ${profile.texts.size} classes`, "more");
  if (classes.classNames.length < 2 || classes.classNames.length > rows / 2) {
    const got = `${classes.classNames.length} in ${rows} rows`;
    const expected = "between 2 classes and one for every two rows";
    return fault(expected, profile.isTicked ? `${got}; fill in the empty ones` : got);
  }
  return { name, task: kind, ...classes };
}

/** What is wrong with a target is not mended by what else a column may be. */
function withoutColumn({ problem: { remedies, ...problem } }: Fault): Fault {
  const kept = remedies?.filter(({ option }) => option !== "ignore" && option !== "text");
  return new Fault({ ...problem, ...(kept && kept.length > 0 && { remedies: kept }) });
}

/** The classes, in the order of the alphabet or of the numbers. */
function classesOf(
  profile: ColumnProfile,
  isNumeric: boolean,
): Pick<ClassTarget, "classNames" | "spelling"> {
  const texts = isNumeric
    ? [...profile.unmarked()].map(([text]) => text)
    : [...profile.texts.keys()];
  const distinct = (spelling: SpellingName) => [...new Set(texts.map(SPELLINGS[spelling]))];
  if (isNumeric && profile.numbers.units.has("")) {
    const classNames = distinct("number").sort((a, b) => Number(a) - Number(b));
    return { classNames, spelling: "number" };
  }
  if (texts.length > 2 && pairOf(texts) !== undefined) {
    return { classNames: distinct("anyCase").sort(), spelling: "anyCase" };
  }
  const merged = spelledAlike(profile, texts);
  if (merged !== undefined) return { classNames: merged.sort(), spelling: "anyCase" };
  return { classNames: [...texts].sort() };
}

/** Words of three letters and more in small letters, capitals, or with a first one; others, such as AA and Aa, may be different things. */
const WORD = /^(?:\p{Lu}?\p{Ll}{2,}|\p{Lu}{3,})(?:[ _-]?(?:\p{Lu}?\p{Ll}+|\p{Lu}+))*$/u;

/** The most frequent spelling of each class, where some differ in case alone and are words; undefined where none are. */
function spelledAlike({ texts: counts }: ColumnProfile, texts: readonly string[]) {
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const key = SPELLINGS.anyCase(text);
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  const all = [...groups.values()];
  const alike = all.filter(({ length }) => length > 1);
  if (alike.length === 0 || !alike.flat().every((text) => WORD.test(text))) return undefined;
  const count = (text: string) => counts.get(text)!.count;
  return all.map((group) => group.reduce((a, b) => (count(b) > count(a) ? b : a)));
}

/** Texts of the target that were taken for one class with others. */
export function mergedSpellings(profile: ColumnProfile, target: TableTarget): string | undefined {
  if (target.task === "regression" || target.spelling === undefined) return undefined;
  const byClass = new Map<string, string[]>();
  for (const [text] of profile.unmarked()) {
    const name = SPELLINGS[target.spelling](text);
    byClass.set(name, [...(byClass.get(name) ?? []), text]);
  }
  const merged = [...byClass.values()].filter((texts) => texts.length > 1);
  if (merged.length === 0) return undefined;
  return merged.map((texts) => `${texts.join(" and ")} are one class`).join(", ");
}

/** What makes labels of the texts of a target. */
export interface TargetReader {
  /** A class's number, or a number; NaN where the text is missing. Throws nothing. */
  read(text: string): number | Pick<Flaw, "expected" | "got" | "remedies">;
}

/** Labels of texts: numbers of classes, or numbers; `said` is what stands before decimals in the table. */
export function targetReader(target: TableTarget, said?: Decimal): TargetReader["read"] {
  if (target.task === "regression") {
    const { unit = "", reference = 0 } = target;
    const decimal = said ?? target.decimal ?? ".";
    const expected = unit === "" ? "a number" : `a number in ${unit}`;
    return (text) => {
      const number = text === "" ? Number.NaN : numberIn(text, unit, decimal);
      if (fits(String(number))) return number - reference;
      if (isMissing(text)) return Number.NaN;
      return { expected, got: show(text), ...decimalRemedies(text, unit, decimal) };
    };
  }
  const { classNames, spelling = "exact" } = target;
  const places = new Map(classNames.map((name, place) => [SPELLINGS[spelling](name), place]));
  return (text) => {
    const place = places.get(SPELLINGS[spelling](text));
    if (place !== undefined) return place;
    // Words for missing values are classes where they stand among texts.
    if (text === "" || (spelling !== "exact" && isMark(text))) return Number.NaN;
    return {
      expected: "a class that training saw",
      got: `${show(text)}; ${hint(text, classNames)}`,
    };
  };
}

const isMissing = (text: string): boolean => text === "" || isMark(text);
