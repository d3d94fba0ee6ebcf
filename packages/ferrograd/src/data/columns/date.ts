import { show } from "../../options/index.ts";
import {
  DATE_PARTS,
  type DateFormatName,
  type DatePart,
  dateFormat,
  dateFormatNames,
  dateParts,
  namesTime,
  plainTime,
  TIME_UNITS,
  type TimeUnit,
} from "./dates.ts";
import { hasMinutesFirst, namesDuration } from "./durations.ts";
import { type Context, Fault, type Kind, MOSTLY, slip } from "./kind.ts";
import type { ColumnProfile } from "./profile.ts";
import { isMark } from "./words.ts";

/** A column of dates or times: the time since the first, and where in the week, the year and the day it is. */
export interface DateColumn {
  readonly name: string;
  readonly type: "date";
  readonly format: DateFormatName;
  /** The first time in training, milliseconds since 1970 in UTC. */
  readonly reference: number;
  /** What the time since then is counted in. */
  readonly unit: TimeUnit;
  /** What comes round again and differed in training: each a sine and a cosine. */
  readonly parts: readonly DatePart[];
  /** What a missing date becomes, milliseconds since 1970. */
  readonly fill?: number;
  /** From the first to the last time of training, milliseconds. */
  readonly span?: number;
}

/** What no date has whose year has two digits. */
const LONG_YEAR = /\d{4}|^\d+:/;
const bySize = Object.keys(TIME_UNITS) as TimeUnit[];

/** Formats that a column's texts may have. */
function candidates(profile: ColumnProfile, { asked }: Context): readonly DateFormatName[] {
  if (typeof asked.date === "string") return [asked.date];
  const { name, dates, scanned } = profile;
  const isClock = scanned > 0 && dates.count("minutes") >= MOSTLY * scanned;
  const isLap =
    isClock &&
    hasMinutesFirst(
      name,
      [...profile.unmarked()].map(([text]) => text),
    );
  const out = isLap === undefined ? "" : isLap ? "clock" : "minutes";
  return dateFormatNames.filter(
    (format) => format !== out && (asked.date || !dateFormat(format).named || namesTime(name)),
  );
}

/** The format that all texts have; a fault where they have two, or most of them one. */
function formatOf(profile: ColumnProfile, context: Context): DateFormatName | Fault | undefined {
  const { scanned, dates, name } = profile;
  const formats = candidates(profile, context);
  const [best] = [...formats].sort((a, b) => dates.count(b) - dates.count(a));
  if (best === undefined || scanned === 0) return undefined;
  const count = dates.count(best);
  if (count === 0 || (count < MOSTLY * scanned && !context.asked.date)) {
    return context.asked.date ? noDate(profile, best) : undefined;
  }
  if (count < scanned) return noDate(profile, best);
  const others = formats.filter((format) => format !== best && dates.count(format) === count);
  if (!others.some((format) => differ(profile, best, format))) return best;
  const [first] = [...profile.unmarked()];
  return new Fault({
    row: first![1].row,
    column: name,
    expected: "dates that can be read in one way",
    got: show(first![0]),
    remedies: [best, ...others].map((format) => ({
      option: "date",
      value: { [name]: format },
      does: `takes them as ${dateFormat(format).says}`,
    })),
  });
}

/** Are the same texts different times in two formats? */
function differ(profile: ColumnProfile, a: DateFormatName, b: DateFormatName): boolean {
  const [one, other] = [dateFormat(a), dateFormat(b)];
  return [...profile.unmarked()].some(([text]) => one.parse(text) !== other.parse(text));
}

function noDate(profile: ColumnProfile, format: DateFormatName): Fault {
  const { parse, says } = dateFormat(format);
  const found = [...profile.unmarked()].find(([text]) => parse(text) === undefined);
  return slip(profile, `a date (${says})`, [found?.[0] ?? profile.example], found?.[1].row);
}

export const dateKind: Kind<DateColumn> = {
  reasons: [],
  hasMarks: true,
  learn(profile, context) {
    const { asked, fills } = context;
    if (asked.text !== undefined || asked.numeric) return undefined;
    const format = formatOf(profile, context);
    if (format === undefined || format instanceof Fault) return format;
    const [first, last] = profile.dates.range(format);
    const { parse } = dateFormat(format);
    const { name } = profile;
    const span = last - first;
    return {
      name,
      type: "date",
      format,
      reference: first,
      unit: bySize.find((unit) => span >= 2 * TIME_UNITS[unit]) ?? "millisecond",
      parts: dateFormat(format).daily && namesDuration(name) ? [] : profile.dates.varying(format),
      ...(fills && { fill: profile.median((text) => parse(text) ?? Number.NaN) }),
      span,
    };
  },
  isColumn: ({ format, reference, unit, parts, fill, span }) =>
    dateFormatNames.includes(format as DateFormatName) &&
    Number.isFinite(reference) &&
    bySize.includes(unit as TimeUnit) &&
    Array.isArray(parts) &&
    parts.every((part) => dateParts.includes(part)) &&
    (fill === undefined || Number.isFinite(fill)) &&
    (span === undefined || Number.isFinite(span)),
  features: ({ name, parts }) => [
    name,
    ...parts.flatMap((part) => [`${name} ${part} sine`, `${name} ${part} cosine`]),
  ],
  encoder({ format, reference, unit, parts, fill, span = Number.POSITIVE_INFINITY }) {
    const { parse, says, daily } = dateFormat(format);
    const timeOf = (text: string) => parse(text) ?? (daily ? undefined : plainTime(text));
    return (value, data, at) => {
      const isMissing = value === "" || (fill !== undefined && isMark(value));
      const time = isMissing ? fill : timeOf(value);
      if (time === undefined) {
        const got = value === "" ? "none" : show(value);
        return { kind: "wrong", expected: `a date (${says})`, got };
      }
      data[at] = (time - reference) / TIME_UNITS[unit];
      parts.forEach((part, i) => data.set(DATE_PARTS[part](time), at + 1 + 2 * i));
      const since = time - reference;
      if (since < -span || since > 2 * span) {
        return { kind: "outside", expected: "a time near those of training", got: value };
      }
      return undefined;
    };
  },
  remark: (profile) =>
    [...profile.unmarked()].some(([text]) => LONG_YEAR.test(text))
      ? undefined
      : "years of two digits are taken as 1969 to 2068",
  filled: ({ fill, format }) => (fill === undefined ? undefined : written(fill, format)),
  range: ({ reference, span = 0, format }) => [
    written(reference, format),
    written(reference + span, format),
  ],
  says({ format, parts, unit }) {
    const { says, daily } = dateFormat(format);
    return `${daily ? "time" : "date"}, ${says}: ${[`${unit}s since the first`, ...parts].join(", ")}`;
  },
};

/** A time as people write it: 9:30:00 of a format of hours. */
const written = (time: number, format: DateFormatName): string =>
  dateFormat(format).daily
    ? `${Math.floor(time / 3_600_000)}${new Date(time).toISOString().slice(13, 19)}`
    : dayOf(time);

/** A time as people write it: 2026-01-31, or with its clock where it is not midnight. */
function dayOf(time: number): string {
  const iso = new Date(time).toISOString();
  return iso.endsWith("T00:00:00.000Z")
    ? iso.slice(0, 10)
    : iso.replace("T", " ").replace(/(\.000)?Z$/, "");
}
