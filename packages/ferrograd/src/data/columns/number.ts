import { show } from "../../options/index.ts";
import type { TableRemedy } from "../problems.ts";
import { type Decimal, fits } from "../table.ts";
import { codesOf } from "./codes.ts";
import { type Context, Fault, type Kind, MOSTLY, slip } from "./kind.ts";
import { numberIn, readNumber } from "./numbers.ts";
import type { ColumnProfile } from "./profile.ts";
import { strayOf } from "./stray.ts";
import { conversionOf, sizeOf } from "./units.ts";
import { isMark } from "./words.ts";

/** A column of numbers: one feature. */
export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  /** What a missing value becomes: the median. */
  readonly fill?: number;
  /** What stands around each number: `%`, `$`, `kg`. */
  readonly unit?: string;
  /** What stands before decimals (default: a point). */
  readonly decimal?: Decimal;
  /** What is taken from each number, where float32 could not tell them apart. */
  readonly reference?: number;
  /** Least and largest number in training. */
  readonly range?: readonly [number, number];
}

/** How the numbers of a column are written. */
export type Notation = Pick<NumberColumn, "unit" | "decimal" | "reference">;

/** Beside so many numbers a word or two are no kinds of their own. */
const LEAST_MEASURED = 1 / 4;
/** Words that an error names. */
const MOST_WORDS = 5;
/** A column of numbers, of which each is numbers in a way of its own. */
const FEW = 10;
/** Where the numbers lie this much closer together than they are large, float32 keeps too little of them. */
const CLOSE = 1 / 4096;

/** A point or a comma before decimals, or why that is not known. */
function decimalOf(
  profile: ColumnProfile,
  { decimal, delimiter, evidence }: Context,
): Decimal | Fault {
  const { numbers, name } = profile;
  const problem = (expected: string, isWrong: (text: string) => boolean, remedies = false) => {
    const [text, seen] = [...profile.unmarked()].find(([one]) => isWrong(one)) ?? ["a comma"];
    return new Fault({
      ...(seen && { row: seen.row }),
      column: name,
      expected,
      got: show(text),
      ...(remedies && {
        remedies: [
          { option: "decimal", value: ",", does: "takes commas as decimal marks" },
          { option: "decimal", value: ".", does: "takes them as thousands" },
        ],
      }),
    });
  };
  const hasComma = (text: string) => Number.isNaN(readNumber(text)?.point);
  if (decimal === ".") {
    return numbers.commas > 0 ? problem("a number without commas", hasComma) : ".";
  }
  if (decimal === ",") {
    const hasPoint = (text: string) => Number.isNaN(readNumber(text)?.comma);
    return numbers.points > 0 ? problem("a number with a decimal comma", hasPoint) : ",";
  }
  if (numbers.points > 0 && numbers.commas > 0) return problem("a number without commas", hasComma);
  const mayBeDecimal = delimiter !== undefined && delimiter !== ",";
  if (numbers.commas > 0) {
    return mayBeDecimal ? "," : problem("a number without commas", hasComma, true);
  }
  if (numbers.points > 0 || numbers.either === 0 || !mayBeDecimal) return ".";
  if (evidence !== undefined) return evidence;
  if (delimiter !== ";") return ".";
  const isEither = (text: string) => {
    const read = readNumber(text);
    return read !== undefined && read.point !== read.comma;
  };
  return problem("a number that can be read in one way", isEither, true);
}

/** How the numbers of a column are written, or what is wrong; undefined where they are texts. */
export function notationOf(
  profile: ColumnProfile,
  context: Context,
): (Notation & { readonly range: readonly [number, number] }) | Fault | undefined {
  const { numbers, numeric, values } = profile;
  if (numeric < values) return others(profile, context);
  if (numeric === 0) return undefined;
  const { unit } = numbers;
  if (unit === undefined) return severalUnits(profile, context);
  const decimal = decimalOf(profile, context);
  if (decimal instanceof Fault) return decimal;
  const range = numbers.range(decimal, unit);
  const [least, most] = range;
  if (!fits(String(least)) || !fits(String(most))) {
    const read = (text: string) => numberIn(text, unit, decimal);
    const [text, seen] = [...profile.unmarked()].find(([one]) => !fits(String(read(one)))) ?? ["?"];
    const at = seen && { row: seen.row };
    const expected = "a number within ±3.4e38";
    return new Fault({ ...at, column: profile.name, expected, got: show(text) });
  }
  const close = most - least < CLOSE * Math.max(Math.abs(least), Math.abs(most));
  return {
    ...(unit !== "" && { unit }),
    ...(decimal === "," && { decimal }),
    ...(close && most > least && { reference: least }),
    range,
  };
}

/** Numbers beside other texts: of few texts mistakes, else a column of texts. */
function others(profile: ColumnProfile, { asked }: Context): Fault | undefined {
  const { numeric, values, other, texts, numbers, beyond } = profile;
  if (numeric < values * LEAST_MEASURED && !asked.numeric) return undefined;
  const mostly = numeric >= MOSTLY * values;
  const words = wordsOf(profile);
  const isMeasured =
    words.length <= 2 && numbers.unit !== undefined && sizeOf(numbers.unit).isKnown;
  const many = numeric > FEW && texts.size > FEW && beyond === 0;
  if (!mostly && !(many && isMeasured) && !asked.numeric) return undefined;
  const expected = numeric === 0 ? "a number" : "a number as in the other rows";
  const others = words.length <= MOST_WORDS ? words.filter((text) => text !== other!.text) : [];
  return slip(profile, expected, [other!.text, ...others], other!.row);
}

/** What stands beside the numbers of a column. */
const wordsOf = ({ texts }: ColumnProfile): string[] =>
  [...texts.keys()].filter((text) => !isMark(text) && !readNumber(text));

/** Numbers in units of several kinds: mistakes where one prevails, and more than texts where all are known. */
function severalUnits(profile: ColumnProfile, { asked }: Context): Fault | undefined {
  const units = profile.numbers.byCount;
  const [[unit]] = units as [[string, number]];
  const { kind } = sizeOf(unit);
  const count = (some: typeof units) => some.reduce((sum, [, times]) => sum + times, 0);
  const alike = units.filter(([one]) => sizeOf(one).kind === kind);
  if (count(alike) < MOSTLY * count(units)) {
    if (units.every(([one]) => sizeOf(one).isKnown)) return unlikeUnits(profile.name, units);
    if (!asked.numeric) return undefined;
  }
  const isOther = (one: string) => sizeOf(readNumber(one)?.unit ?? "").kind !== kind;
  const [text, seen] = [...profile.unmarked()].find(([one]) => isOther(one)) ?? ["another unit"];
  const expected =
    unit === "" ? "a number as in the other rows" : `a number in ${unit}, as in the other rows`;
  return slip(profile, expected, [text], seen?.row);
}

/** The fault of units that cannot be converted, such as two currencies. */
function unlikeUnits(name: string, units: readonly (readonly [string, number])[]): Fault {
  const names = units.map(([unit]) => unit || "plain numbers").join(", ");
  return new Fault({
    column: name,
    expected: "numbers in one unit, or in some that can be converted",
    got: names,
    remedies: [
      { option: "ignore", value: [name], does: "leaves the column out" },
      { option: "text", value: [name], does: "keeps its texts" },
    ],
  });
}

/** What helps where a text is a number by the other mark before decimals. */
export function decimalRemedies(
  text: string,
  unit: string,
  decimal: Decimal,
): { readonly remedies?: readonly TableRemedy[] } {
  const value = decimal === "." ? "," : ".";
  const isOtherwise =
    Number.isNaN(numberIn(text, unit, decimal)) && !Number.isNaN(numberIn(text, unit, value));
  if (!isOtherwise) return {};
  return { remedies: [{ option: "decimal", value, does: "takes it as the decimal mark" }] };
}

/** What helps where a text is no number. */
const markRemedies = (text: string): { readonly remedies: readonly TableRemedy[] } => ({
  remedies: [{ option: "missingValues", value: [text], does: "counts it as missing" }],
});

/** What is to be known of a column of numbers. */
export function remarkOf(profile: ColumnProfile): string | undefined {
  const { units, unit = "" } = profile.numbers;
  const all = [conversionOf(units.keys(), unit), strayOf(profile)];
  return all.filter((one) => one !== undefined).join("; ") || undefined;
}

const isText = (value: unknown) => value === undefined || typeof value === "string";
const isOptional = (value: unknown) => value === undefined || Number.isFinite(value);
const isRange = (value: unknown) =>
  value === undefined ||
  (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite));

export const numberKind: Kind<NumberColumn> = {
  reasons: ["unnamed", "counts", "id"],
  hasMarks: true,
  learn(profile, context) {
    const { asked, fills } = context;
    if (asked.text !== undefined || asked.date) return undefined;
    if (!asked.numeric && codesOf(profile) !== undefined) return undefined;
    const notation = notationOf(profile, context);
    if (notation === undefined || notation instanceof Fault) return notation;
    const read = (text: string) => numberIn(text, notation.unit ?? "", notation.decimal ?? ".");
    return {
      name: profile.name,
      type: "number",
      ...(fills && { fill: profile.median(read) }),
      ...notation,
    };
  },
  isColumn: ({ fill, unit, decimal, reference, range }) =>
    isOptional(fill) &&
    isOptional(reference) &&
    isText(unit) &&
    (decimal === undefined || decimal === "," || decimal === ".") &&
    isRange(range),
  features: ({ name }) => [name],
  encoder({ fill, unit = "", decimal: own = ".", reference = 0, range }, decimal = own) {
    const [least, most] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const span = most - least;
    const expected = unit === "" ? "a number" : `a number in ${unit}`;
    return (value, data, at) => {
      const isMissing = value === "" || (fill !== undefined && isMark(value));
      const number = isMissing ? fill : numberIn(value, unit, decimal);
      if (number === undefined || !fits(String(number))) {
        if (value === "") return { kind: "wrong", expected, got: "none" };
        const remedies =
          fill !== undefined && !sizeOf(readNumber(value)?.unit ?? value).isKnown
            ? markRemedies(value)
            : decimalRemedies(value, unit, decimal);
        return { kind: "wrong", expected, got: show(value), ...remedies };
      }
      data[at] = number - reference;
      if (number < least - span || number > most + span) {
        return { kind: "outside", expected: `numbers from ${least} to ${most}`, got: value };
      }
      return undefined;
    };
  },
  remark: remarkOf,
  filled: ({ fill }) => (fill === undefined ? undefined : String(fill)),
  range: ({ range }) => range && [String(range[0]), String(range[1])],
  says: ({ unit, decimal }) =>
    `number${unit ? ` in ${unit}` : ""}${decimal === "," ? " with decimal commas" : ""}`,
};
