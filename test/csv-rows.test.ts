import { ArgumentError, FerrogradError } from "ferrograd";
import { encodeTable, readCsv, type Table } from "ferrograd/csv";
import { describe, expect, test } from "vitest";
import { sequence } from "./support/numbers.ts";
import { isOurs } from "./support/shares.ts";

type Next = () => number;
const pick = <T>(next: Next, items: readonly T[]): T => items[Math.floor(next() * items.length)]!;

const ENDS = ["\n", "\r\n", "\r"];
const PARTS = ["a", "7", "é", "😀", " ", '"', "\n", "\r\n", "\r", ",", ";", "\t", "|", ".5"];

/** A value that trimming leaves as it is, not empty, and with a letter, so that it is no missing one. */
const randomValue = (next: Next): string =>
  `x${Array.from({ length: Math.floor(next() * 5) }, () => pick(next, PARTS)).join("")}y`;

/** The value as a file may hold it: in quotes where it must be, or where chance says so. */
function written(next: Next, value: string, delimiter: string): string {
  const quoted = `"${value.replaceAll('"', '""')}"`;
  if (/["\r\n]/.test(value) || value.includes(delimiter)) return quoted;
  return next() < 0.3 ? `${pick(next, ["", " "])}${quoted}`.trimStart() : value;
}

/** A table of texts, and a file of it: any delimiter, each line with an end of its own. */
function randomTable(next: Next) {
  const delimiter = pick(next, [",", ";", "\t", "|"]);
  const width = 2 + Math.floor(next() * 4);
  const names = Array.from({ length: width }, (_, i) => `n${i}${randomValue(next)}`);
  const rows = Array.from({ length: 1 + Math.floor(next() * 6) }, () =>
    names.map(() => randomValue(next)),
  );
  const plainNames = names.map((name) => name.replaceAll(/[,;|\t]/g, ""));
  const ends = next() < 0.5 ? [pick(next, ENDS)] : ENDS;
  const lines = [plainNames, ...rows].map((row) =>
    row.map((value) => written(next, value, delimiter)).join(delimiter),
  );
  const text = lines.map((line) => line + pick(next, ends)).join("");
  const body = next() < 0.5 ? text : text.replace(/[\r\n]+$/, "");
  return { names: plainNames, rows, text: (next() < 0.3 ? "\uFEFF" : "") + body };
}

const LONG = import.meta.env.FERROGRAD_LONG;

/** What reading gives: the table, or the error's words. */
async function outcome(source: string | AsyncIterable<string | Uint8Array>) {
  try {
    return (await readCsv(source as never, { file: "a.csv" })) as Table;
  } catch (error) {
    if (error instanceof FerrogradError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

async function* cut<T extends string | Uint8Array>(whole: T, next: Next) {
  for (let at = 0; at < whole.length; ) {
    const size = 1 + Math.floor(next() * 7);
    yield whole.slice(at, at + size) as T;
    at += size;
  }
}

describe("rows of CSV", () => {
  test("random tables come back as they were written, whole or in pieces", async () => {
    for (let seed = 1; seed <= (LONG ? 20_000 : 200); seed++) {
      if (!isOurs(seed)) continue;
      const next = sequence(seed);
      const { names, rows, text } = randomTable(next);
      const table = readCsv(text);
      expect(
        table.columns.map(({ name }) => name),
        text,
      ).toEqual(names);
      const values = table.rows.map((_, row) => table.columns.map((column) => column.values[row]));
      expect(values, JSON.stringify(text)).toEqual(rows);
      expect(await readCsv(cut(text, next))).toEqual(table);
    }
  });

  test("a file changed at random is read alike, or refused in the same words, whole or in pieces", async () => {
    const utf8 = new TextEncoder();
    let refused = 0;
    for (let seed = 1; seed <= (LONG ? 20_000 : 200); seed++) {
      if (!isOurs(seed)) continue;
      const next = sequence(seed);
      const bytes = utf8.encode(randomTable(next).text);
      for (let change = 0; change < 3; change++) {
        const at = Math.floor(next() * bytes.length);
        bytes[at] = pick(next, [0x22, 0x0a, 0x0d, 0x2c, 0x41, 0x00, 0xff, 0xc3, bytes[at]!]);
      }
      async function* whole() {
        yield bytes;
      }
      const expected = await outcome(whole());
      expect(await outcome(cut(bytes, next)), JSON.stringify([...bytes])).toEqual(expected);
      if (typeof expected === "string") refused++;
    }
    expect(refused).toBeGreaterThan(20);
  });

  test("a quote inside or behind a value, and spaces around quotes", async () => {
    const columns = readCsv('a,b\n5" pipe,x"y"\n "z" ,"q"  \n').columns;
    expect(columns.map(({ values }) => values)).toEqual([
      ['5" pipe', '"z"'],
      ['x"y"', "q"],
    ]);
    for (const text of ['a,b\n"1" "2",3\n', 'a,b\n"1"2,3\n']) {
      expect(await outcome(text)).toMatch(/row 2: expected quotes around a whole value/);
    }
  });

  test("the header is the first line that is not empty, its names may have line breaks", () => {
    const table = readCsv('\n\r\n"a\r\n;b";c\n1;2\n');
    expect(table.columns.map(({ name }) => name)).toEqual(["a\r\n;b", "c"]);
    expect(table.rows).toEqual([4]);
  });

  test.each(["", ",,", '"', "\n", 7, null])("refuses the delimiter %j", (delimiter) => {
    expect(() => readCsv("a,b\n1,2\n", { delimiter: delimiter as never })).toThrow(ArgumentError);
  });
});

// With work that grows with the square of the size, each of these would take minutes or hours.
describe("work and memory grow with the file, no faster", () => {
  const COLUMNS = LONG ? 100_000 : 30_000;

  test("a cell of a million digits and an x", () => {
    const text = `a,b\n${"1".repeat(1_000_000)}x,u\n2,v\n3,u\n4,v\n`;
    const { data } = encodeTable(readCsv(text), { target: "b" });
    expect(data.x.shape).toEqual([4, 4]);
  });

  test.runIf(isOurs(1))("a quoted cell in pieces of one character", async () => {
    async function* characters() {
      yield 'a,b\n"';
      for (let i = 0; i < 300_000; i++) yield "x";
      yield '",1\n';
    }
    const table = await readCsv(characters());
    expect(table.columns[0]!.values[0]).toHaveLength(300_000);
  });

  test.runIf(isOurs(0))(`a header of ${COLUMNS} columns`, () => {
    const names = Array.from({ length: COLUMNS }, (_, i) => `c${i}`);
    const row = (value: number) => names.map((_, i) => (i + value * value) % 7).join(",");
    const text = `${names.join(",")},y\n${row(0)},u\n${row(1)},v\n${row(2)},u\n${row(3)},v\n`;
    const { data, schema } = encodeTable(readCsv(text), { target: "y" });
    expect(data.x.shape).toEqual([4, COLUMNS]);
    expect(() => schema.apply(readCsv(text.replace(names.at(-1)!, "d")))).toThrow(
      `no column "${names.at(-1)}"`,
    );
  });

  test.runIf(isOurs(1))("a target of 100,000 classes", () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i % 9},k${i >> 1}`);
    const { schema } = encodeTable(readCsv(`a,y\n${rows.join("\n")}\n`), { target: "y" });
    expect(schema.targets(readCsv("a,y\n1,k99999\n")).data.length).toBe(1);
    const error = (() => {
      try {
        schema.targets(readCsv("a,y\n1,zzzzzzzzzzzzzzzzzzzzzzzzz\n"));
      } catch (caught) {
        return (caught as Error).message;
      }
      return "";
    })();
    expect(error).toMatch(/and 99960 more$/);
    const more = Array.from({ length: 200_002 }, (_, i) => `${i % 9},k${i >> 1}`);
    expect(() => encodeTable(readCsv(`a,y\n${more.join("\n")}\n`), { target: "y" })).toThrow(
      /column "y": expected at most 100000 classes, got more/,
    );
    expect(error.length).toBeLessThan(1000);
  });
});
