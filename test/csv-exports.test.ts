import { encodeTable, readCsv, TableProfile } from "ferrograd/csv";
import { describe, expect, test } from "vitest";
import { failure } from "./support/model.ts";

const namesOf = (text: string) => readCsv(text).columns.map(({ name }) => name);
/** What was wrong. */
const messageOf = (text: string) => failure(() => readCsv(text));
/** A column of these values under a name, beside one of two kinds. */
const columnOf = (values: readonly (string | number)[], name = "a") => {
  const rows = values.map((value, i) => `${value},${"xy"[i % 2]}\n`).join("");
  return new TableProfile().add(readCsv(`${name},k\n${rows}`)).columns[0]!;
};

describe("what programs write beside their tables", () => {
  test.each([
    ["blanks", "# x1 x2 y\n1.5e+00 2.5e+00 3\n2 -1 1\n4 1 5\n"],
    ["commas", "# x1,x2,y\n1.5e+00,2.5e+00,3\n2,-1,1\n4,1,5\n"],
    ["lines before", "# of a model\n# x1 x2 y\n1.5 2.5 3\n2 -1 1\n4 1 5\n"],
  ])("names behind # as NumPy writes them, with %s", (_, text) => {
    expect(namesOf(text)).toEqual(["x1", "x2", "y"]);
    expect(readCsv(text).columns[2]!.values).toEqual(["3", "1", "5"]);
  });

  test("words behind # stay a comment where they name no columns of numbers", () => {
    expect(namesOf("# made by us\na b c\n1 2 3\n4 5 6\n")).toEqual(["a", "b", "c"]);
    expect(namesOf("# two words\n1 2 4\n4 5 6\n")).toEqual(["column1", "column2", "column3"]);
  });

  test("NULL of SQL is missing in every column", () => {
    const table = readCsv("age\tcity\n30\tOslo\n\\N\t\\N\n40\tOslo\n");
    expect(table.columns.map(({ values }) => values[1])).toEqual(["", ""]);
    expect(readCsv("a,b\n\\N,1\n2,3\n", { missingValues: [] }).columns[0]!.values[0]).toBe("");
  });

  test.each([
    ["Markdown", "| a | b |\n|---|:-:|\n| 1 | x |\n| 2 | y |\n", 3],
    ["psql", " a | b \n---+---\n 1 | x\n 2 | y\n(2 rows)\n", 3],
  ])("lines that %s draws are no rows", (_, text, row) => {
    const table = readCsv(text);
    const columns = table.columns.filter(({ unnamed }) => !unnamed);
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ["a", ["1", "2"]],
      ["b", ["x", "y"]],
    ]);
    expect(table.rows[0]).toBe(row);
  });

  test("rows of missing values are no drawn lines", () => {
    expect(readCsv("a,b\n-,-\n1,2\n").rows).toEqual([2, 3]);
    expect(readCsv("a,b\n1,2\n---,---\n").rows).toEqual([2, 3]);
  });

  test.each([
    ["PK\u0003\u0004\u0014\0\u0006\0xl/workbook.xml", "a ZIP archive, such as .xlsx is"],
    ["PAR1\u0015\u0004\u0015", "Parquet"],
    ["+1 1:0.5 2:1.5\n-1 1:0.25 2:3\n", "LIBSVM"],
  ])("files of other kinds are named: %j", async (text, name) => {
    expect(await messageOf(text)).toBe(
      `FormatError: readCsv(): row 1: expected values with a delimiter between them, got ${name}; save it as CSV`,
    );
  });
});

describe("two lines of names", () => {
  test.each([
    "A,,B,\nh,w,h,w\n1,2,3,4\n5,6,7,8\n9,1,2,3\n",
    "A,A,B,B\nmean,std,mean,std\n1,2,3,4\n5,6,7,8\n9,1,2,3\n",
    "Q1,Q2,k\nHow old are you?,How tall are you?,Which?\n1,2,x\n5,6,y\n9,1,x\n",
  ])("are refused with what may be done: %j", async (text) => {
    expect(await messageOf(text)).toMatch(
      /^FormatError: readCsv\(\): row 2: expected numbers as below, got more names, such as "(h|mean|How old are you\?)"; skipLines: 1 takes row 2 as the names$/,
    );
    expect(readCsv(text, { skipLines: 1 }).rows).toEqual([3, 4, 5]);
  });

  test("are none where a row has a number, or one column has an odd text", () => {
    expect(readCsv("a,b,c\nlow,low,1\n1,2,3\n5,6,7\n9,1,2\n").rows).toHaveLength(4);
    expect(readCsv("a,k\nlow,x\n1,x\n5,y\n9,x\n").rows).toHaveLength(4);
    const marked = readCsv("a,b\nlow?,none?\n1,2\n5,6\n9,1\n", {
      missingValues: ["low?", "none?"],
    });
    expect(marked.rows).toHaveLength(4);
  });
});

test("rows of other lengths are named with what may be done", async () => {
  expect(await messageOf("a,b,c\n1,2,3\n1,2\n1,2,3,4\n")).toBe(
    `FormatError: readCsv(): 2 problems
  row 3: expected 3 values, as the header has names, got 2; fill it up, or delete it
  row 4: expected 3 values, as the header has names, got 4; quote a value that has "," in it, or delete the row`,
  );
});

describe("columns", () => {
  test("days as spreadsheets count them are dates under such a name", () => {
    const days = [45292, 45293.5, 45300, 45323];
    expect(columnOf(days, "date").says).toMatch(/^date, days since 1900: days since the first/);
    expect(columnOf(days, "Datum").range).toEqual(["2024-01-01", "2024-02-01"]);
    expect(columnOf(days, "income").says).toBe("number");
    expect(columnOf([15, 45293, 172792, 300], "time").says).toBe("number");
  });

  test("numbers of one length that begin with 0 are codes where they come again", () => {
    const codes = Array.from(
      { length: 20 },
      (_, i) => ["01067", "04109", "80331", "10115"][i % 4]!,
    );
    expect(columnOf(codes, "zip")).toMatchObject({
      says: "one of 01067, 04109, 10115, 80331",
      why: "numbers that begin with 0 are codes",
    });
    const table = readCsv(`zip,k\n${codes.map((code, i) => `${code},${"xy"[i % 2]}\n`).join("")}`);
    expect(encodeTable(table, { target: "k", numeric: ["zip"] }).schema.featureNames).toEqual([
      "zip",
    ]);
    expect(columnOf(codes.map((code) => code.slice(0, 4))).says).toBe("number");
    expect(columnOf(Array.from({ length: 20 }, (_, i) => `0${1000 + i * i}`)).says).toBe("number");
    expect(columnOf(codes.map(Number)).says).toBe("number");
  });

  test("degrees are a unit", () => {
    expect(columnOf(["12°", "-3.5°", "40°", "7°"]).says).toBe("number in °");
    expect(columnOf(["59.52° N", "46.6° N", "50° N"]).range).toEqual(["46.6", "59.52"]);
    expect(columnOf(["59.5° N", "46.6° S", "50° N", "3° S", "9° N"])).toMatchObject({
      range: ["-46.6", "59.5"],
      why: "converted to ° N: ° S",
    });
  });

  test("a number far beyond all others is named, in the target too", () => {
    const sizes = [...Array.from({ length: 12 }, (_, i) => 100 + 7 * i), 1e12];
    const why = "1000000000000 in row 14 is over 100 times as large as any other";
    expect(columnOf(sizes).why).toBe(why);
    const table = readCsv(`s,n\n${sizes.map((size, i) => `${size},${(i * 7) % 5}.5\n`).join("")}`);
    const learned = new TableProfile({ target: "s" }).add(table).learn();
    expect(learned.columns[0]!.why).toBe(why);
    expect(columnOf([...sizes.slice(0, -1), 9000]).why).toBe(undefined);
    expect(columnOf([0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]).why).toBe(undefined);
  });

  test("a remark of many texts is not what is to be predicted", () => {
    const rows = Array.from({ length: 90 }, (_, i) => `${i % 7},${"xyz"[i % 3]},so ${i % 30}\n`);
    const profile = new TableProfile().add(readCsv(`age,answer,remark\n${rows.join("")}`));
    expect(profile.likelyTarget).toBe("answer");
  });

  test("all columns that a new table lacks are named at once", () => {
    const { schema } = encodeTable(readCsv("a,b,k\n1,2,x\n2,1,y\n3,4,x\n4,2,y\n"), { target: "k" });
    expect(() => schema.apply(readCsv("A,c\n1,2\n", { file: "new.csv" }))).toThrow(
      'new.csv: no columns "a", "b"; did you mean "A"?',
    );
    expect(() => schema.apply(readCsv("a,c\n1,2\n"))).toThrow(
      'readCsv(): no column "b"; expected one of "a", "c"',
    );
    const found = () => encodeTable(readCsv("a,c\n1,2\n2,3\n"), { target: "input_length" });
    expect(found).toThrow('no target column "input_length"; expected one of "a", "c"');
  });

  test("boxes that are ticked or empty are yes and no", () => {
    const boxes = ["x", "", "X", "", "x", "x"].map((value) => value.toLowerCase());
    const rows = boxes.map((value, i) => `${value},${"uv"[i % 2]}\n`).join("");
    const { schema, data, columns } = encodeTable(readCsv(`a,k\n${rows}`), { target: "k" });
    expect(columns[0]).toMatchObject({ says: "x/nothing, as 1 and 0", missing: 0 });
    expect([...data.x.data]).toEqual([1, 0, 1, 0, 1, 1]);
    expect([...schema.apply(readCsv("a,b\n,1\nX,2\nno,3\n")).data]).toEqual([0, 1, 0]);
    expect(() => schema.apply(readCsv("a\nz\n"))).toThrow('expected nothing or x, got "z"');
    expect(columnOf(["x", "x", "x", "x"]).why).toBe('it is "x" wherever it has a value');
    expect(columnOf(["north", "", "north", ""]).use).toBe("left out");
  });

  test("names that stand again among the rows of joined files are left out", () => {
    const { columns, rows, notes } = readCsv("a,b,a\n1,u,2\na,b,a\n3,v,4\n5,b,a\n");
    expect(columns.map(({ values }) => values)).toEqual([
      ["1", "3", "5"],
      ["u", "v", "b"],
      ["2", "4", "a"],
    ]);
    expect(rows).toEqual([2, 4, 5]);
    expect(notes).toContain("1 line of the names again among the rows left out");
  });

  test("ids and codes that come again are kinds, and texts that differ in case are named", () => {
    const ids = Array.from({ length: 24 }, (_, i) => 100 + (i % 5));
    const why = "numbers that come again under the name of an id or a code";
    for (const name of ["userId", "store_id", "id", "zip", "Post code"]) {
      expect(columnOf(ids, name), name).toMatchObject({
        says: "one of 100, 101, 102, 103, 104",
        why,
      });
    }
    for (const name of ["paid", "index", "size"]) expect(columnOf(ids, name).says).toBe("number");
    expect(columnOf([...ids, 1.5], "id").says).toBe("number");
    const options = { target: "k", numeric: ["user id"] };
    const rows = ids.map((id, i) => `${id},${"uv"[i % 2]}\n`).join("");
    expect(encodeTable(readCsv(`user id,k\n${rows}`), options).columns[0]!.says).toBe("number");
    expect(columnOf(["male", "Male", "female", "male", "Male", "female"]).why).toBe(
      "some differ in case alone, such as male and Male",
    );
  });

  test("what a model is asked may be in another case, and a word beside numbers has its remedy", () => {
    const rows = ["male,1.5,u", "female,2.5,v", "male,3.5,u", "female,4.5,v"].join("\n");
    const learn = (text: string) =>
      encodeTable(readCsv(`sex,n,k\n${text}\n`), { target: "k", missing: "fill" }).schema;
    const ask = (text: string, schema = learn(rows)) => schema.encode(readCsv(`sex,n\n${text}\n`));
    expect([...ask("Male,1\nFEMALE,1").x.data]).toEqual([0, 1, 1, 1, 0, 1]);
    expect(ask("Male,1\nother,1").remarks).toMatchObject([{ row: 1, text: "other" }]);
    const both = learn(`${rows}\nMale,5.5,u\nMale,4.5,v`);
    expect(ask("MALE,1", both).remarks).toMatchObject([{ row: 0, text: "MALE" }]);
    expect(() => ask("male,12O")).toThrow(
      'expected a number, got "12O"; missingValues: ["12O"] counts it as missing',
    );
  });
});
