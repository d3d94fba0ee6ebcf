/** Files of tables that are known, written in the ways that people's programs write them. */

type Next = () => number;
const pick = <T>(next: Next, items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** How a file is written. */
interface Style {
  readonly delimiter: string;
  readonly decimal: "." | ",";
  readonly thousands: string;
  readonly quoteAll: boolean;
  readonly ends: readonly string[];
  readonly encoding: "utf-8" | "utf-8 with its mark" | "utf-16le" | "utf-16be" | "windows-1252";
  readonly sepLine: boolean;
  readonly trailing: boolean;
}

/** A column as it was made: what it must be read as. */
export interface MadeColumn {
  readonly name: string;
  readonly texts: readonly string[];
  /** What each row means: a number, a time in days or, of hours, in seconds, a text; undefined where it is missing. */
  readonly means: readonly (number | string | undefined)[];
  readonly kind: "number" | "date" | "yes/no" | "text" | "left out";
}

export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly encoding?: string;
  readonly columns: readonly MadeColumn[];
  readonly classes: readonly string[];
  /** The file, for messages. */
  readonly text: string;
}

const MARKS = ["", "NA", "nan", "None", "NULL", "-", "#N/A", "?", "n/a"];

const DELIMITERS = [",", ";", "\t", "|"];

const styleOf = (next: Next, delimiters: readonly string[]): Style => {
  const delimiter = pick(next, delimiters);
  // Who writes 1,5 separates values by semicolons.
  const decimal = delimiter === ";" ? pick(next, [".", ","] as const) : ".";
  return {
    delimiter,
    decimal,
    thousands: next() < 0.3 ? (decimal === "." ? "," : ".") : "",
    quoteAll: next() < 0.2,
    ends: pick(next, [["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"]]),
    encoding: pick(next, [
      ...(["utf-8", "utf-8", "utf-8 with its mark"] as const),
      ...(["utf-16le", "utf-16be", "windows-1252"] as const),
    ]),
    sepLine: next() < 0.1,
    trailing: next() < 0.1,
  };
};

function written(value: number, digits: number, { decimal, thousands }: Style): string {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split(".") as [string, string?];
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, thousands);
  return (value < 0 ? "-" : "") + grouped + (fraction === undefined ? "" : decimal + fraction);
}

/** Some of the texts in another's place: words for missing values. */
function holed(next: Next, column: Omit<MadeColumn, "name">): Omit<MadeColumn, "name"> {
  if (next() < 0.6) return column;
  const gone = column.texts.map(() => next() < 0.15);
  return {
    ...column,
    texts: column.texts.map((text, i) => (gone[i] ? pick(next, MARKS) : text)),
    means: column.means.map((meaning, i) => (gone[i] ? undefined : meaning)),
  };
}

const two = (n: number) => String(n).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "March", "April", "May", "Jun"];

/** How a day of 2026 is written. */
const DAYS: readonly ((day: number, month: number) => string)[] = [
  (d, m) => `2026-${two(m)}-${two(d)}`,
  (d, m) => `2026/${m}/${d}`,
  (d, m) => `${two(d)}.${two(m)}.2026`,
  (d, m) => `${d}/${m}/2026`,
  (d, m) => `${two(m)}/${two(d)}/2026`,
  (d, m) => `${d} ${MONTHS[m - 1]} 2026`,
  (d, m) => `2026-${two(m)}-${two(d)} 00:00:00`,
  (d, m) => `${d}-${MONTHS[m - 1]!.slice(0, 3)}-26`,
  (d, m) => `${two(d)}.${two(m)}.26`,
  (d, m) => `${m}/${d}/26`,
];

/** How a time of a day is written. */
const CLOCKS: readonly ((hour: number, minute: number) => string)[] = [
  (h, m) => `${two(h)}:${two(m)}`,
  (h, m) => `${h}:${two(m)}:00`,
  (h, m) => `${h % 12 || 12}:${two(m)} ${h < 12 ? "am" : "PM"}`,
];

const WORDS = ["red", "blue", "grün", "a, b", 'say "x"', "two\nlines", "semi;colon", "x|y", "t\tb"];

type Make = (next: Next, rows: number, style: Style) => Omit<MadeColumn, "name">;

/** What a column may be, one row each. */
const MAKERS: Readonly<Record<string, Make>> = {
  number(next, rows, style) {
    const digits = Math.floor(next() * 4);
    const size = pick(next, [1, 100, 10_000, 2_000_000]);
    const [before, after] = pick(next, [
      ["", ""],
      ["", ""],
      ["$", ""],
      ["", " kg"],
      ["", "%"],
      ["€", ""],
    ]);
    const means = times(rows, () => Number(((next() - 0.2) * size).toFixed(digits)));
    const texts = means.map((value) => {
      const text = written(Math.abs(value), digits, style);
      return `${value < 0 ? "-" : ""}${before}${text}${after}`;
    });
    return holed(next, { kind: "number", texts, means });
  },
  date(next, rows) {
    const write = pick(next, DAYS);
    const days = times(
      rows,
      () => [1 + Math.floor(next() * 28), 1 + Math.floor(next() * 6)] as const,
    );
    return holed(next, {
      kind: "date",
      texts: days.map(([day, month]) => write(day, month)),
      means: days.map(([day, month]) => Date.UTC(2026, month - 1, day) / 86_400_000),
    });
  },
  clock(next, rows) {
    const write = pick(next, CLOCKS);
    const minutes = times(rows, () => Math.floor(next() * 1440));
    return holed(next, {
      kind: "date",
      texts: minutes.map((all) => write(Math.floor(all / 60), all % 60)),
      means: minutes.map((all) => all * 60),
    });
  },
  yesNo(next, rows) {
    const pair = pick(next, [
      ["no", "yes"],
      ["False", "TRUE"],
      ["N", "Y"],
    ] as const);
    const means = times(rows, (i) => (i < 2 ? i : Number(next() < 0.5)));
    const cased = (text: string) => pick(next, [text, text.toLowerCase(), text.toUpperCase()]);
    return holed(next, { kind: "yes/no", texts: means.map((yes) => cased(pair[yes]!)), means });
  },
  text(next, rows) {
    const words = times(3, () => `${pick(next, WORDS)} ${pick(next, ["one", "two", "three"])}`);
    const means = times(rows, (i) => words[i % 3]!);
    return { kind: "text", texts: means, means };
  },
  counter(next, rows) {
    const from = Math.floor(next() * 2);
    const texts = times(rows, (i) => String(i + from));
    return { kind: "left out", texts, means: texts };
  },
  names(_next, rows) {
    const texts = times(rows, (i) => `person ${i * 7919}`);
    return { kind: "left out", texts, means: texts };
  },
  constant(_next, rows) {
    const texts = times(rows, () => "same");
    return { kind: "left out", texts, means: texts };
  },
};

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A value as the file has it. */
function cell(text: string, { delimiter, quoteAll }: Style): string {
  const isGap = delimiter === " " && (text === "" || text.includes("\t"));
  const needs = isGap || text.includes(delimiter) || /["\r\n]/.test(text) || text.trim() !== text;
  return needs || quoteAll ? quoted(text) : text;
}

function bytesOf(text: string, encoding: Style["encoding"]): Uint8Array {
  if (encoding === "windows-1252")
    return Uint8Array.from(text, (char) => (char === "€" ? 0x80 : char.charCodeAt(0)));
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  if (encoding === "utf-8 with its mark") return new TextEncoder().encode(`\uFEFF${text}`);
  const units = Array.from({ length: text.length + 1 }, (_, i) =>
    i === 0 ? 0xfeff : text.charCodeAt(i - 1),
  );
  const order = (unit: number) =>
    encoding === "utf-16le" ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
  return Uint8Array.from(units.flatMap(order));
}

/** A table of some columns and a target, and the file of it. */
export function madeFile(next: Next, delimiters: readonly string[] = DELIMITERS): MadeFile {
  const style = styleOf(next, delimiters);
  const rows = 12 + Math.floor(next() * 30);
  const kinds = Object.values(MAKERS);
  const count = 1 + Math.floor(next() * 5);
  const columns = [MAKERS.number!, ...times(count, () => pick(next, kinds))].map((make, i) => ({
    name: `c${i}${pick(next, ["", " x", "_é"])}`,
    ...make(next, rows, style),
  }));
  const classes = times(rows, (i) => pick(next, i < 4 ? [["u", "v"][i % 2]!] : ["u", "v"]));
  const lines = [
    [...columns.map(({ name }) => name), "target"],
    ...times(rows, (row) => [...columns.map(({ texts }) => texts[row]!), classes[row]!]),
  ];
  const end = () => pick(next, style.ends);
  const body = lines.map((values) => {
    const cells = values.map((value) => cell(value, style)).join(style.delimiter);
    return cells + (style.trailing ? style.delimiter : "") + end();
  });
  const text = (style.sepLine ? `sep=${style.delimiter}${end()}` : "") + body.join("");
  const isCoded = style.encoding === "windows-1252";
  return {
    bytes: bytesOf(text, style.encoding),
    ...(isCoded && { encoding: style.encoding }),
    columns,
    classes,
    text,
  };
}
