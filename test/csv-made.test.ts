import { FerrogradError } from "ferrograd";
import { type EncodedTable, encodeTable, readCsv } from "ferrograd/csv";
import { expect, test } from "vitest";
import { type MadeColumn, type MadeFile, madeFile } from "./support/made-csv.ts";
import { sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

const LONG = import.meta.env.FERROGRAD_LONG;

async function read({ bytes, encoding }: MadeFile): Promise<EncodedTable | string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 97) yield bytes.slice(at, at + 97);
  }
  try {
    const table = await readCsv(pieces(), { file: "m.csv", ...(encoding && { encoding }) });
    return encodeTable(table, { target: "target", missing: "fill" });
  } catch (error) {
    if (error instanceof FerrogradError) return error.message;
    throw error;
  }
}

/** The features that a column's rows have, each as a list; undefined where a value was missing. */
function featuresOf({ data, schema }: EncodedTable, name: string): number[][] | undefined {
  let from = 0;
  for (const column of schema.describe()) {
    const width = column.features.length;
    if (column.name === name) {
      const all = data.x.data.length / data.length;
      return Array.from({ length: data.length }, (_, row) =>
        Array.from(data.x.data.slice(row * all + from, row * all + from + width)),
      );
    }
    from += width;
  }
  return undefined;
}

const TITLES = [["Report"], ["Report on 5 things", "", "as of 2024"], ["Umsatz", ""]] as const;

/** Below a title, as spreadsheets export it, a file is the same table; without one no line is taken for a title. */
function checkTitles({ text }: MadeFile, seed: number): boolean {
  const read = (source: string) => {
    try {
      return readCsv(source);
    } catch (error) {
      if (error instanceof FerrogradError) return undefined;
      throw error;
    }
  };
  const plain = read(text);
  expect(plain?.skippedLines, text).toBe(undefined);
  const lines = TITLES[seed % TITLES.length]!;
  const delimiter = plain?.delimiter ?? "";
  const padding = seed % 2 === 0 ? "" : delimiter.repeat((plain?.columns.length ?? 1) - 1);
  const below = lines.map((line) => `${line}${padding}\n`).join("") + text;
  const titled = text.startsWith("sep=") ? undefined : read(below);
  if (titled === undefined) return false;
  expect([titled.skippedLines, titled.columns], below).toEqual([lines.length, plain!.columns]);
  return true;
}

/** Is a column read as what it was made of? */
function isRight(encoded: EncodedTable, made: MadeColumn): boolean {
  const features = featuresOf(encoded, made.name);
  const present = made.means.filter((meaning) => meaning !== undefined);
  const isConstant = new Set(present).size < 2;
  if (features === undefined) return made.kind === "left out" || isConstant;
  if (made.kind === "left out") return false;
  return features.every(([first, ...rest], row) => {
    const meaning = made.means[row];
    if (meaning === undefined) return true;
    if (typeof meaning === "number" && made.kind === "date") {
      return first === meaning - Math.min(...(present as number[]));
    }
    if (typeof meaning === "number") return first === Math.fround(meaning) && rest.length === 0;
    const column = encoded.schema.columns.find(({ name }) => name === made.name);
    const place = [first, ...rest].indexOf(1);
    return column?.type === "text" && column.categories[place] === meaning;
  });
}

/** All rows with their classes, and each column read as what it was made of. */
function checkRight(made: MadeFile, encoded: EncodedTable, seed: number): void {
  const { data } = encoded;
  const labels = Array.from(data.y.data, (label) => data.classNames![label]);
  expect(labels, made.text).toEqual(made.classes);
  const wrong = made.columns.filter((column) => !isRight(encoded, column));
  expect(
    wrong.map(({ name, kind }) => `seed ${seed}: ${name} of ${kind}`),
    `${made.text}\n${JSON.stringify(encoded.columns, null, 1)}`,
  ).toEqual([]);
}

test("made files are read back to their tables, or refused with row and column", async () => {
  const count = LONG ? 5000 : 300;
  const refused: string[] = [];
  const seeds = ours(Array.from({ length: count }, (_, i) => i + 1));
  let titled = 0;
  for (const seed of seeds) {
    const made = madeFile(sequence(seed));
    const outcome = await read(made);
    if (checkTitles(made, seed)) titled++;
    if (typeof outcome === "string") {
      expect(outcome, made.text).toMatch(/row \d+, column "/);
      refused.push(outcome);
      continue;
    }
    checkRight(made, outcome, seed);
  }
  expect(titled).toBeGreaterThan(seeds.length * 0.8);
  // 3/4/2026, and 1,234 between semicolons, need a word.
  expect(refused.length).toBeLessThan(seeds.length / 10);
  expect(refused.length).toBeGreaterThan(0);
});

test("made files with blanks between their values are read back to their tables", async () => {
  for (const seed of ours(Array.from({ length: LONG ? 1000 : 30 }, (_, i) => i + 1))) {
    const made = madeFile(sequence(seed), [" "]);
    const outcome = await read(made);
    if (typeof outcome === "string") expect.fail(`seed ${seed}: ${outcome}\n${made.text}`);
    checkRight(made, outcome, seed);
  }
});
