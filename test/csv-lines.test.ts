import { encodeTable, readCsv } from "ferrograd/csv";
import { describe, expect, test } from "vitest";

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const ROWS = "a,b\n1,x\n2,y\n3,x\n";
const { columns } = readCsv(ROWS);

describe("lines that begin with #", () => {
  test.each([
    ["above the header", `# of a logger\n# site: A, B\n${ROWS}`, 2, []],
    ["that end in \\r\\n", `# of a logger\r\n${ROWS.replaceAll("\n", "\r\n")}`, 1, []],
    ["that end in \\r", `# of a logger\r${ROWS.replaceAll("\n", "\r")}`, 1, []],
    [
      "among the rows",
      `# of a logger\n${ROWS.replace("2,y", "# restart\n2,y")}`,
      1,
      ["1 line of # among the rows left out"],
    ],
  ])("are left out, and it is said: %s", async (_, text, above, notes) => {
    const table = readCsv(text);
    expect(table.columns).toEqual(columns);
    expect(table.skippedLines).toBe(above);
    expect(table.rows[0]).toBe(above + 2);
    const lines = `${above} ${above === 1 ? "line" : "lines"} above the header left out`;
    expect(table.notes).toEqual([lines, ...notes]);
    for (const size of [1, 2, 5]) expect(await readCsv(pieces(text, size))).toEqual(table);
  });

  test.each([
    ["#a,b\n1,x\n2,y\n", ["#a", "b"]],
    ["# of a logger\n#a,b\n1,x\n2,y\n", ["#a", "b"]],
    ["a,b\n#1,x\n#2,y\n", ["a", "b"]],
    ["#,b\nu,x\nv,y\n", ["#", "b"]],
    ["# a,b\n1,x\n2,y\n", ["a", "b"]],
  ])("stay where they are names or values: %j", (text, names) => {
    const table = readCsv(text);
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    expect(table.rows).toHaveLength(2);
  });

  test("stay where no lines are to be left out, or where rows are too short", () => {
    expect(readCsv("# x,y\na,b\n1,2\n", { skipLines: 0 }).columns[0]!.name).toBe("# x");
    expect(() => readCsv("a,b\n#1,x\n#2\n")).toThrow("row 3: expected 2 values");
    expect(() => readCsv("# nothing else\n")).toThrow("expected a header, got nothing");
  });
});

describe("units below the names", () => {
  test.each([
    ["in brackets", "time,temp,note\n[s],[°C],[-]\n1,20,x\n2,21,y\n"],
    ["as they are", "time,temp,note\ns,°C,\n1,20,x\n2,21,y\n"],
    ["with marks of what has none", "time,temp,note\n(s),m/s²,-\n1,20,x\n2,NA,y\n"],
  ])("are left out, and it is said: %s", (_, text) => {
    const table = readCsv(text);
    expect(table.notes).toEqual(["row 2 has units, and is left out"]);
    expect(table.rows).toEqual([3, 4]);
    expect(table.columns.map(({ name }) => name)).toEqual(["time", "temp", "note"]);
  });

  test.each([
    ["missing values", "a,b\nNA,NA\n1,2\n3,4\n"],
    ["texts above texts", "a,b\nkg,x\nlb,y\nkg,z\n"],
    ["numbers with units", "a,b\n3 kg,1\n4 kg,2\n"],
    ["a row beside a number", "a,b\nkg,1\n4,2\n"],
    ["a single row", "a,b\nkg,m\n"],
  ])("are no %s", (_, text) => {
    expect(readCsv(text).notes).toBeUndefined();
  });
});

test.each([
  ["JSON", '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'],
  ["JSON", '[\n  {"a": 1}\n]\n'],
  ["ARFF", "% cars\n@relation cars\n@attribute a numeric\n@data\n1\n"],
  ["XML or HTML", "<?xml version='1.0'?>\n<a/>\n"],
])("%s is named: %j", (name, text) => {
  expect(() => readCsv(text, { file: "a" })).toThrow(
    `a: row 1: expected values with a delimiter between them, got ${name}; save it as CSV`,
  );
});

test("<names> in brackets are names", () => {
  expect(readCsv("<DATE>,<OPEN>\n1,2\n").columns[0]!.name).toBe("<DATE>");
});

describe("classes that differ in case alone", () => {
  const kinds = (texts: readonly string[]) =>
    encodeTable(readCsv(`x,k\n${texts.map((text, i) => `${i % 3}.5,${text}\n`).join("")}`), {
      target: "k",
    });

  test("are one, under the name that is most frequent, where they are words", () => {
    const { data, columns } = kinds(["Cat", "cat ", "dog", "DOG", "Cat", "dog"]);
    expect(data.classNames).toEqual(["Cat", "dog"]);
    expect([...data.y.data]).toEqual([0, 0, 1, 1, 0, 1]);
    expect(columns[1]!.why).toBe("Cat and cat are one class, dog and DOG are one class");
  });

  test("stay where they may be other things", () => {
    const { data } = kinds(["AA", "Aa", "aa", "AA", "Aa", "aa"]);
    expect(data.classNames).toEqual(["AA", "Aa", "aa"]);
    expect(kinds(["red", "green", "red", "green"]).data.classNames).toEqual(["green", "red"]);
  });
});

test("a column of several units says which", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i}${"AB"[i % 2]},${i % 4},${i % 3}`);
  const { columns } = encodeTable(readCsv(`p,n,k\n${rows.join("\n")}\n`), { target: "k" });
  expect(columns[0]!.why).toBe("its numbers are in several units: A, B");
});
