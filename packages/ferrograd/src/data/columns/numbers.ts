import type { Decimal } from "../table.ts";

/** A text that has one number in it: `$1,234.50`, `12 %`, `3 kg`. */
export interface NumberText {
  /** What stands around it, "" for nothing: `$`, `%`, `kg`. */
  readonly unit: string;
  /** The number if decimals are behind a point; NaN where commas cannot be thousands. */
  readonly point: number;
  /** The number if decimals are behind a comma; NaN where that cannot be. */
  readonly comma: number;
}

/** No two parts of it can take the same characters, so that a long text is refused in one pass. */
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const CURRENCY = "[$€£¥₩₹]";
const UNIT = `[%‰]|${CURRENCY}|°(?: ?[NESW])?|[°µ]?\\p{L}[\\p{L}²³/°]{0,11}`;
const AROUND = new RegExp(
  `^([+-]?)(${CURRENCY}?) ?([+-]?(?:\\d[\\d.,'’\\u00a0\\u202f ]*|[.,]\\d+)(?:e[+-]?\\d+)?) ?(${UNIT})?$`,
  "iu",
);
/** Negative as accountants write it: (1,234), $(12), ($12). */
const IN_BRACKETS = new RegExp(`^(${CURRENCY}?) ?\\(([^()+-]+)\\)$`);
/** Negative as SAP writes it: 1.234,50-. */
const MINUS_BEHIND = /^([\d.,]+) ?-$/;
/** Digits in threes: 1,234,567.8 by each mark that may stand between them. */
const THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?(?:e[+-]?\d+)?$/i;
const SPACED = /^\d{1,3}(?:['’\u00a0\u202f ]\d{3})+(?:[.,]\d*)?$/;
const POINTED = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$/;
const LONGEST = 64;

/** The number if decimals are behind a point, or NaN. */
function withPoint(digits: string): number {
  const plain = THOUSANDS.test(digits) ? digits.replaceAll(",", "") : digits;
  return PLAIN.test(plain) ? Number(plain) : Number.NaN;
}

/** The number if decimals are behind a comma, or NaN. */
function withComma(digits: string): number {
  const plain = POINTED.test(digits) ? digits.replaceAll(".", "") : digits;
  const pointed = plain.replace(",", ".");
  return (plain.includes(",") || !plain.includes(".")) && PLAIN.test(pointed)
    ? Number(pointed)
    : Number.NaN;
}

const ONE_UNIT = new RegExp(`^(?:${UNIT})$`, "iu");

/** May a text be a unit alone? */
export const isUnit = (text: string): boolean => ONE_UNIT.test(text);

/** The number in a text; undefined where there is none. */
export function readNumber(text: string): NumberText | undefined {
  if (PLAIN.test(text)) {
    const point = Number(text);
    const digits = text.replace(/^[+-]/, "");
    const comma = text.includes(".") ? withComma(digits) : Math.abs(point);
    return { unit: "", point, comma: text.startsWith("-") ? -comma : comma };
  }
  if (text.length > LONGEST) return undefined;
  const signed = /[)-]$/.test(text)
    ? text.replace(IN_BRACKETS, "-$1$2").replace(MINUS_BEHIND, "-$1")
    : text;
  const [, outer, currency = "", number = "", after = ""] = AROUND.exec(signed) ?? [];
  if (outer === undefined || (currency !== "" && after !== "")) return undefined;
  const inner = /^[+-]/.test(number);
  if (outer !== "" && inner) return undefined;
  const trimmed = (inner ? number.slice(1) : number).trimEnd();
  const digits = SPACED.test(trimmed) ? trimmed.replaceAll(/['’\u00a0\u202f ]/g, "") : trimmed;
  const sign = outer === "-" || number.startsWith("-") ? -1 : 1;
  const [point, comma] = [withPoint(digits), withComma(digits)];
  if (Number.isNaN(point) && Number.isNaN(comma)) return undefined;
  return { unit: currency || after, point: sign * point, comma: sign * comma };
}

/** The number of a text whose column has this mark and unit; NaN where it is none. */
export function numberIn(text: string, unit: string, decimal: Decimal): number {
  const read = readNumber(text);
  if (read === undefined || read.unit !== unit) return Number.NaN;
  return decimal === "," ? read.comma : read.point;
}

/** What the texts of a column say of its marks. */
export class NumberScan {
  /** Texts with a number in them, by unit. */
  readonly units = new Map<string, number>();
  /** Texts that are numbers with a point only, with a comma only, or other ones with either. */
  points = 0;
  commas = 0;
  either = 0;
  /** Are all numbers whole? */
  whole = true;
  private readonly ranges = { ".": new Range(), ",": new Range() };

  add(text: string): boolean {
    const read = readNumber(text);
    if (read === undefined) return false;
    const { unit, point, comma } = read;
    if (this.units.has(unit) || this.units.size < MOST_UNITS) {
      this.units.set(unit, (this.units.get(unit) ?? 0) + 1);
    }
    if (Number.isNaN(comma)) this.points++;
    else if (Number.isNaN(point)) this.commas++;
    else if (point !== comma) this.either++;
    this.whole &&= Number.isInteger(Number.isNaN(point) ? comma : point);
    this.ranges["."].add(point);
    this.ranges[","].add(comma);
    return true;
  }

  /** Least and largest. */
  range(decimal: Decimal): readonly [number, number] {
    const { least, most } = this.ranges[decimal];
    return [least, most];
  }
}

/** Units that are counted: a column with more has none. */
const MOST_UNITS = 20;

class Range {
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;
  add(value: number): void {
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
  }
}
