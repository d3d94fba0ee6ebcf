import type { Decimal } from "../table.ts";
import { durationIn } from "./durations.ts";
import { CURRENCY, convert, isCount, sizeOf } from "./units.ts";

/** A text that has one number in it: `$1,234.50`, `12 %`, `3 kg`. */
export interface NumberText {
  /** What stands around it, "" for nothing: `$`, `%`, `kg`, `$M`. */
  readonly unit: string;
  /** The number if decimals are behind a point; NaN where commas cannot be thousands. */
  readonly point: number;
  /** The number if decimals are behind a comma; NaN where that cannot be. */
  readonly comma: number;
}

/** No two parts of it can take the same characters, so that a long text is refused in one pass. */
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const UNIT = `[%‰]|${CURRENCY}|°(?: ?[NESW])?|[°µ]?\\p{L}[\\p{L}²³/°]{0,11}|/ ?(?:5|10|20|100)`;
const AROUND = new RegExp(
  `^([+-]?)((?:${CURRENCY})?) ?([+-]?(?:\\d[\\d.,'’\\u00a0\\u202f ]*|[.,]\\d+)(?:e[+-]?\\d+)?) ?(${UNIT})?$`,
  "iu",
);
/** Negative as accountants write it: (1,234), $(12), ($12). */
const IN_BRACKETS = new RegExp(`^((?:${CURRENCY})?) ?\\(([^()+-]+)\\)$`);
/** Negative as SAP writes it: 1.234,50-. */
const MINUS_BEHIND = /^([\d.,]+) ?-$/;
/** Digits in threes: 1,234,567.8 by each mark that may stand between them, and 12,34,567 as in India. */
const THOUSANDS = /^[1-9](?:\d{0,2}(?:,\d{3})+|\d?(?:,\d\d)+,\d{3})(?:\.\d*)?(?:e[+-]?\d+)?$/i;
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
  const duration = durationIn(text);
  if (duration !== undefined) {
    const { minutes, unit } = duration;
    return { unit, point: minutes, comma: minutes };
  }
  const dashed = text.replace("\u2212", "-"); // the minus of typesetters
  const signed = /[)-]$/.test(dashed)
    ? dashed.replace(IN_BRACKETS, "-$1$2").replace(MINUS_BEHIND, "-$1")
    : dashed;
  const [, outer, currency = "", number = "", after = ""] = AROUND.exec(signed) ?? [];
  if (outer === undefined || (currency !== "" && !isCount(after))) return undefined;
  const inner = /^[+-]/.test(number);
  if (outer !== "" && inner) return undefined;
  const trimmed = (inner ? number.slice(1) : number).trimEnd();
  const digits = SPACED.test(trimmed) ? trimmed.replaceAll(/['’\u00a0\u202f ]/g, "") : trimmed;
  const sign = outer === "-" || number.startsWith("-") ? -1 : 1;
  const [point, comma] = [withPoint(digits), withComma(digits)];
  if (Number.isNaN(point) && Number.isNaN(comma)) return undefined;
  return { unit: currency + after, point: sign * point, comma: sign * comma };
}

/** The number of a text whose column has this mark and a unit, into which others of its kind are converted; NaN where it is none. */
export function numberIn(text: string, unit: string, decimal: Decimal): number {
  const read = readNumber(text);
  if (read === undefined) return Number.NaN;
  return convert(decimal === "," ? read.comma : read.point, read.unit, unit);
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
  private readonly ranges = new Map<string, Readonly<Record<Decimal, Range>>>();

  add(text: string): boolean {
    const read = readNumber(text);
    if (read === undefined) return false;
    const { unit, point, comma } = read;
    if (!this.units.has(unit) && this.units.size < MOST_UNITS) {
      this.ranges.set(unit, { ".": new Range(), ",": new Range() });
    }
    const ranges = this.ranges.get(unit);
    if (ranges !== undefined) this.units.set(unit, (this.units.get(unit) ?? 0) + 1);
    if (Number.isNaN(comma)) this.points++;
    else if (Number.isNaN(point)) this.commas++;
    else if (point !== comma) this.either++;
    this.whole &&= Number.isInteger(Number.isNaN(point) ? comma : point);
    ranges?.["."].add(point);
    ranges?.[","].add(comma);
    return true;
  }

  /** Units and how often each stands, the most frequent one first. */
  get byCount(): [unit: string, count: number][] {
    return [...this.units].sort((a, b) => b[1] - a[1]);
  }

  /** The most frequent unit, where all are of its kind. */
  get unit(): string | undefined {
    const [[unit] = [""]] = this.byCount;
    const { kind } = sizeOf(unit);
    return [...this.units.keys()].every((one) => sizeOf(one).kind === kind) ? unit : undefined;
  }

  /** Least and largest, in a unit. */
  range(decimal: Decimal, unit: string): readonly [number, number] {
    const all = new Range();
    for (const [from, { [decimal]: range }] of this.ranges) {
      if (range.least > range.most) continue;
      all.add(convert(range.least, from, unit));
      all.add(convert(range.most, from, unit));
    }
    return [all.least, all.most];
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
