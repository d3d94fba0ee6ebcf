/** How the dates of a column are written. */
export interface DateFormat {
  /** What people read. */
  readonly says: string;
  /** Is it a time without a day, counted from midnight? */
  readonly daily?: true;
  /** Is it how long something took? */
  readonly lasts?: true;
  /** Is it only a date where the column's name says so? Of digits alone. */
  readonly named?: true;
  /** Milliseconds since 1970 in UTC; undefined where the text is none of these dates. */
  parse(text: string): number | undefined;
}

const DAY = 86_400_000;
/** Names of the months in English, German, French, Spanish, Portuguese, Italian and Dutch, which may be cut off. */
const MONTHS = [
  "january januar januari janvier jänner janeiro enero gennaio",
  "february februar februari février fevrier fevereiro febrero febbraio",
  "march märz mrz mars março marzo maart mrt",
  "april aprile avril abril",
  "may mai mayo maio maggio mei",
  "june juni juin junho junio giugno",
  "july juli juillet julho julio luglio",
  "august août aout agosto",
  "september septembre septiembre setembro settembre",
  "october oktober octobre octubre outubro ottobre",
  "november novembre novembro noviembre",
  "december dezember décembre decembre diciembre dicembre dezembro",
];
const CLOCK = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?([ap]m)?(?: ?(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?))?)?`;
const pattern = (day: string) => new RegExp(`^${day}${CLOCK}$`, "i");

const YEAR_FIRST = pattern(String.raw`(\d{4}|\d\d(?=[-/]\d\d[-/]\d\d))([-/.])(\d{1,2})\2(\d{1,2})`);
const EASTERN = /^(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]/;
const YEAR_MONTH = /^(\d{4})-(\d{2})$/;
const YEAR_LAST = pattern(String.raw`(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})`);
const NAMED_MONTH = pattern(
  String.raw`(\d{1,2})(?:[- ]|\. | de )([a-zà-ÿ]{3,10})\.?,?(?:[- ]| de )(\d{4}|\d{2})`,
);
/** Also a duration, of more than a day. */
const HOURS = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:[.,]\d{1,9})?))?(?: ?([ap])m)?$/i;
const MONTH_ONLY = /^([a-zà-ÿ]{3,10})\.?[- ]((?:19|20)\d{2})$/i;
const MONTH_FIRST = pattern(String.raw`([a-z]{3,9})\.? (\d{1,2}),? (\d{4})`);

/** A year of two digits is one from 1969 to 2068, as in POSIX. */
function yearOf(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year + (year < 69 ? 2000 : 1900);
}

/** Minutes that a zone is ahead of UTC. */
function aheadOf(zone: string | undefined): number {
  const [, sign, hours, minutes = 0] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone ?? "") ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The time of a day that the calendar has, with what CLOCK found. */
function timeOf(year: number, month: number, day: number, clock: readonly (string | undefined)[]) {
  const [hour = "0", minute = "0", second = "0", fraction = "0", half, zone] = clock;
  const twelve =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const midnight = Date.UTC(year, month - 1, day);
  const back = new Date(midnight);
  const exists = back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  if (!exists || twelve > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  const minutes = twelve * 60 + Number(minute) - aheadOf(zone);
  return (
    midnight + (minutes * 60 + Number(second)) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000)
  );
}

const monthOf = (name: string): number =>
  MONTHS.findIndex((names) => ` ${names}`.includes(` ${name.toLowerCase()}`)) + 1;

/** Day, separator, month and year, or with the month first. */
const yearLast = (swap: boolean) => (text: string) => {
  const found = YEAR_LAST.exec(text);
  if (found === null) return undefined;
  const [, first, mark, second, year, ...clock] = found;
  if (swap && mark === ".") return undefined; // 3.4.2026 has the day first wherever it is written
  if (year!.length < 4 && mark !== "/" && `${first}${second}`.length < 4) return undefined; // 1.10.22 is a version
  const [day, month] = swap ? [second, first] : [first, second];
  return timeOf(yearOf(year!), Number(month), Number(day), clock);
};

/** Whole numbers of some milliseconds since 1970, between 1973 and 2100. */
const since1970 = (unit: number) => (text: string) => {
  if (!/^\d{9,13}(?:\.\d{1,6})?$/.test(text)) return undefined;
  const time = Number(text) * unit;
  return time >= 1e11 && time < 4.1e12 ? time : undefined;
};

/** Milliseconds since midnight. */
function clockOf(text: string): number | undefined {
  const [, hours, minutes, seconds = "0", half] = HOURS.exec(text) ?? [];
  if (hours === undefined || (half && !/^(?:0?[1-9]|1[0-2])$/.test(hours))) return undefined;
  const since = half ? (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hours);
  return (since * 60 + Number(minutes)) * 60_000 + Number(seconds.replace(",", ".")) * 1000;
}

/** The formats, one row each, in the order in which they are tried. */
export const DATE_FORMATS = {
  ymd: {
    says: "year-month-day",
    parse: (text) => {
      const [, whole, only] = YEAR_MONTH.exec(text) ?? [];
      if (whole !== undefined) return timeOf(Number(whole), Number(only), 1, []);
      const [, year, , month, day, ...clock] =
        YEAR_FIRST.exec(text.replace(EASTERN, "$1-$2-$3")) ?? [];
      return year === undefined
        ? undefined
        : timeOf(yearOf(year), Number(month), Number(day), clock);
    },
  },
  dmy: { says: "day-month-year", parse: yearLast(false) },
  mdy: { says: "month-day-year", parse: yearLast(true) },
  named: {
    says: "with the month's name",
    parse: (text) => {
      const [, d, m, y, ...clock] = NAMED_MONTH.exec(text) ?? [];
      if (d !== undefined) return timeOf(yearOf(y!), monthOf(m!), Number(d), clock);
      const [, month, day, year, ...rest] = MONTH_FIRST.exec(text) ?? [];
      if (month !== undefined) return timeOf(Number(year), monthOf(month), Number(day), rest);
      const [, only, of] = MONTH_ONLY.exec(text) ?? [];
      return only === undefined ? undefined : timeOf(Number(of), monthOf(only), 1, []);
    },
  },
  digits: {
    says: "yyyymmdd",
    named: true,
    parse: (text) => {
      const [, year, month, day] = /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
      return year === undefined ? undefined : timeOf(Number(year), Number(month), Number(day), []);
    },
  },
  clock: {
    says: "hours:minutes",
    daily: true,
    parse: clockOf,
  },
  minutes: {
    says: "minutes:seconds, hours before them",
    daily: true,
    lasts: true,
    parse: (text) => {
      const time = clockOf(text);
      return time !== undefined && /^\d+:\d+$/.test(text) ? time / 60 : time;
    },
  },
  seconds: { says: "seconds since 1970", named: true, parse: since1970(1000) },
  serial: {
    says: "days since 1900",
    named: true,
    // Spreadsheets count days from 30 December 1899 on; these are from 1954 to 2064.
    parse: (text) => {
      if (!/^[2-5]\d{4}(?:[.,]\d+)?$/.test(text)) return undefined;
      return Math.round((Number(text.replace(",", ".")) - 25_569) * DAY);
    },
  },
  milliseconds: { says: "milliseconds since 1970", named: true, parse: since1970(1) },
} satisfies Record<string, DateFormat>;

export type DateFormatName = keyof typeof DATE_FORMATS;
export const dateFormatNames = Object.keys(DATE_FORMATS) as DateFormatName[];
/** The row of a name. */
export const dateFormat = (name: DateFormatName): DateFormat => DATE_FORMATS[name];

/** The time of a date that is read in one way wherever it stands: 2026-01-31, 31 Jan 2026. */
export const plainTime = (text: string): number | undefined =>
  /^\d{4}\D/.test(text) ? DATE_FORMATS.ymd.parse(text) : DATE_FORMATS.named.parse(text);

/** Says a column's name that it holds times? */
export const namesTime = (name: string): boolean =>
  /time|date|datum|fecha|stamp|epoch|when|(?:^|[^a-z])(?:day|created|updated|at|ts)(?:$|[^a-z])/i.test(
    name,
  );

/** (sine, cosine) of k/n of a turn, from a twenty-fourth and a seventh on. */
const SINES: Readonly<Record<number, readonly number[]>> = {
  24: [0, 0.25881904510252074, 0.5, Math.SQRT1_2, 0.8660254037844386, 0.9659258262890683, 1],
  7: [0, 0.7818314824680298, 0.9749279121818236, 0.4338837391175581],
};
const COSINES_OF_7 = [1, 0.6234898018587336, -0.2225209339563144, -0.9009688679024191];

function circle(k: number, n: 7 | 12 | 24): readonly [number, number] {
  if (n === 7) {
    const near = Math.min(k, 7 - k);
    return [(k === near ? 1 : -1) * SINES[7]![near]!, COSINES_OF_7[near]!];
  }
  const sine = (at: number) => {
    const i = ((at % 24) + 24) % 24;
    const quarter = i % 12 <= 6 ? i % 12 : 12 - (i % 12);
    return (i < 12 ? 1 : -1) * SINES[24]![quarter]!;
  };
  const at = (k * 24) / n;
  return [sine(at), sine(at + 6)];
}

/** What of a time comes round again: (sine, cosine) of its place, one row each. */
export const DATE_PARTS = {
  weekday: (time: number) => circle((((Math.floor(time / DAY) + 4) % 7) + 7) % 7, 7),
  month: (time: number) => circle(new Date(time).getUTCMonth(), 12),
  hour: (time: number) => circle(new Date(time).getUTCHours(), 24),
} satisfies Record<string, (time: number) => readonly [number, number]>;

export type DatePart = keyof typeof DATE_PARTS;
export const dateParts = Object.keys(DATE_PARTS) as DatePart[];

/** Lengths that times are counted in, milliseconds. */
export const TIME_UNITS = { day: DAY, second: 1000, millisecond: 1 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;

/** What the texts of one format have shown. */
interface Seen {
  count: number;
  least: number;
  most: number;
  readonly first: number;
  /** Parts of the time that differ from text to text. */
  readonly varying: Set<DatePart>;
}

const LONGEST = 40;
/** A format that none of so many texts has is not looked for any longer. */
const ENOUGH = 200;

/** What the texts of a column are as dates. */
export class DateScan {
  private readonly seen = new Map<DateFormatName, Seen>();
  private tried = 0;

  add(text: string): void {
    const formats = this.tried++ < ENOUGH ? dateFormatNames : [...this.seen.keys()];
    if (text.length > LONGEST) return;
    for (const name of formats) {
      const time = dateFormat(name).parse(text);
      if (time !== undefined) this.note(name, time);
    }
  }

  private note(name: DateFormatName, time: number): void {
    const seen = this.seen.get(name);
    if (seen === undefined) {
      const varying = new Set<DatePart>();
      this.seen.set(name, { count: 1, least: time, most: time, first: time, varying });
      return;
    }
    seen.count++;
    seen.least = Math.min(seen.least, time);
    seen.most = Math.max(seen.most, time);
    for (const part of dateParts) {
      if (seen.varying.has(part)) continue;
      if (String(DATE_PARTS[part](time)) !== String(DATE_PARTS[part](seen.first))) {
        seen.varying.add(part);
      }
    }
  }

  /** Texts that are dates of a format. */
  count(name: DateFormatName): number {
    return this.seen.get(name)?.count ?? 0;
  }

  /** First and last time of a format's texts. */
  range(name: DateFormatName): readonly [number, number] {
    const { least, most } = this.seen.get(name)!;
    return [least, most];
  }

  /** Parts of the time that differ from text to text. */
  varying(name: DateFormatName): DatePart[] {
    const { varying, most } = this.seen.get(name)!;
    const { daily, lasts } = dateFormat(name);
    const hasHour = most < DAY && !lasts; // a duration has none
    const has = (part: DatePart) => !daily || (part === "hour" && hasHour);
    return dateParts.filter((part) => varying.has(part) && has(part));
  }
}
