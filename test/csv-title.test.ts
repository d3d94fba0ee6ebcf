import { readCsv } from "ferrograd/csv";
import { describe, expect, test } from "vitest";

const ROWS = "name,height,kind\nAnn,1.5,a\nBob,2,b\nCid,1.75,a\n";
const TABLE = readCsv(ROWS);

describe("lines above the header", () => {
  test.each([
    ["a title", `Heights\n${ROWS}`, 1],
    ["a title, an empty line and a date", `Heights of 3 people\n\nas of 2024\n${ROWS}`, 3],
    ["as a spreadsheet pads them", `Heights,,\n,,\nas of 2024,,\n${ROWS}`, 3],
    ["with a comma", `"Heights, in m",,\n${ROWS}`, 1],
    ["between semicolons", `Heights\n\n${ROWS.replaceAll(",", ";")}`, 2],
    ["of a table without numbers", "People\n\nname,city,kind\nAnn,Rome,a\n", 2],
  ])("are left out, and it is said: %s", (_what, text, count) => {
    const { skippedLines, notes, columns, rows } = readCsv(text);
    expect(skippedLines).toBe(count);
    expect(notes).toEqual([
      count === 1 ? "1 line above the header left out" : `${count} lines above the header left out`,
    ]);
    if (text.includes("Bob")) expect(columns).toEqual(TABLE.columns);
    expect(rows[0]).toBe(count + 2);
  });

  test("are found alike in pieces of any size", async () => {
    const text = `Heights\r\n\r\nas of 2024\r\n${ROWS.replaceAll(",", ";").replaceAll("\n", "\r\n")}`;
    for (const size of [1, 2, 3, 7, 50]) {
      async function* pieces() {
        for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
      }
      expect(await readCsv(pieces())).toEqual(readCsv(text));
    }
  });

  test.each([
    ["texts with commas and semicolons", "note\ngood; fast\nbad; slow\nbad; fast\n"],
    ["a first column without a name", ",kind,grade\nfirst,cat,good\nsecond,dog,3\n"],
    ["names for some columns", "kind,size,\ncat,big,old\ndog,small,3\n"],
    ["a first line of data", "1,2,3\n4,5,6\n7,8,9\n"],
    ["one row", "a,b\n1,2\n"],
    ["one column", "a\nx\n1\n"],
  ])("are none in a file of %s", (_what, text) => {
    expect(readCsv(text).skippedLines).toBe(undefined);
  });

  test("are as many as was said", async () => {
    const stray = `5 "people"\r\nto 2024\r\n${ROWS}`;
    const read = readCsv(stray, { skipLines: 2 });
    expect(read.columns).toEqual(TABLE.columns);
    expect(read).toMatchObject({ skippedLines: 2, rows: [4, 5, 6] });
    expect(read.notes).toBe(undefined);
    async function* pieces() {
      for (const char of stray) yield char;
    }
    expect(await readCsv(pieces(), { skipLines: 2 })).toEqual(read);
    expect(readCsv(`Heights,,\n${ROWS}`, { skipLines: 0 }).columns[0]!.name).toBe("Heights");
    expect(() => readCsv(ROWS, { skipLines: 9 })).toThrow(/expected a header, got nothing/);
    expect(() => readCsv(ROWS, { skipLines: -1 })).toThrow(/skipLines: expected/);
  });
});

describe("lines below the table", () => {
  const noteOf = (last: string) => readCsv(`${ROWS}${last}\n`).notes?.[0];

  test("that look like no data are said, and stay", () => {
    expect(noteOf("Total,5.25,")).toBe('row 5 looks like a line below the table: "Total"');
    expect(noteOf("Source: a book,,")).toBe(
      'row 5 looks like a line below the table: "Source: a book"',
    );
    expect(readCsv(`${ROWS}Total,5.25,\n`).rows).toHaveLength(4);
    expect(noteOf("Dan,,a")).toBe(undefined);
  });

  test("that are too short are refused by their rows", () => {
    expect(() => readCsv(`${ROWS}\nSource: a book\n`)).toThrow(
      /row 6: expected 3 values, as the header has names, got 1/,
    );
  });
});
