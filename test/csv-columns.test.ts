import { ArgumentError, DataError } from "ferrograd";
import {
  type ColumnOptions,
  csvBatches,
  encodeTable,
  problemsOf,
  readCsv,
  TableProfile,
  TableSchema,
} from "ferrograd/csv";
import { describe, expect, test } from "vitest";
import { encoded, featuresOf, reportOf } from "./support/columns.ts";

describe("columns of numbers", () => {
  test.each([
    ["12%|5 %|7%|1%", [12, 5, 7, 1], "number in %"],
    ["$1.40|$2|-$3.50|$1,000", [1.4, 2, -3.5, 1000], "number in $"],
    ["3 kg|0.5kg|1e2 kg|-1 kg", [3, 0.5, 100, -1], "number in kg"],
    ["1,234.5|7|12,000|1.25", [1234.5, 7, 12000, 1.25], "number"],
    ["1,5|7|12|0,25", [1.5, 7, 12, 0.25], "number with decimal commas"],
    ["1.234,5|7|12.000|0,25", [1234.5, 7, 12000, 0.25], "number with decimal commas"],
    ["1 234|7|12 000|9", [1234, 7, 12000, 9], "number"],
    ["(1,000)|20|(3.5)|4", [-1000, 20, -3.5, 4], "number"],
    ["$(1,000)|$20|($3.50)|$ (4)", [-1000, 20, -3.5, -4], "number in $"],
    ["1.234,50-|20,00|3,5 -|4", [-1234.5, 20, -3.5, 4], "number with decimal commas"],
    ["(12%)|5%|(0.5 %)|1%", [-12, 5, -0.5, 1], "number in %"],
    ["5 €|7,5 €|1 €|2 €", [5, 7.5, 1, 2], "number in € with decimal commas"],
    ["2 kg|500 g|3 kg|1250 g", [2, 0.5, 3, 1.25], "number in kg"],
    ["R$ 1,50|R$ 2|-R$ 3|R$ (4)", [1.5, 2, -3, -4], "number in R$ with decimal commas"],
    ["USD 1.50|USD 2|USD 3|USD 4", [1.5, 2, 3, 4], "number in USD"],
    ["\u22121.5|2|\u22123|4", [-1.5, 2, -3, 4], "number"],
    ["1 kg|2 KG|3 Kg|4 kg", [1, 2, 3, 4], "number in kg"],
    ["1.5k|20|7|2M", [1500, 20, 7, 2e6], "number"],
    ["$1.5M|$20M|$7|$250K", [1.5, 20, 7e-6, 0.25], "number in $M"],
    ["5 °E|2.5 °E|-7 °E|3° W", [5, 2.5, -7, -3], "number in °E"],
    ["1,74,918|12,34,567.5|2,500|3", [174918, 1234567.5, 2500, 3], "number"],
  ])("%s", (values, numbers, says) => {
    expect(featuresOf(values.split("|"))).toEqual(numbers.map(Math.fround));
    expect(reportOf(values.split("|")).says).toBe(says);
  });

  test("words for missing values are missing where the rest are numbers, and texts elsewhere", () => {
    const marks = [
      "None",
      "nan",
      "NULL",
      "#N/A",
      "n/a",
      "-",
      "nil",
      "?",
      "NA",
      "",
      "N/A",
      ".",
      "#DIV/0!",
      "#VALUE!",
    ];
    const { data, columns } = encoded([...marks, "4", "8", "6", "6"]);
    expect([...data.x.data]).toEqual([...marks.map(() => 6), 4, 8, 6, 6]);
    expect(columns[0]!.missing).toBe(14);
    expect(encoded(["None", "a", "-", "a"]).data.featureNames).toEqual(["x=-", "x=None", "x=a"]);
  });

  test.each([
    [["1,234", "5,678", "9,012", "3,456"], "expected a number that can be read in one way"],
    [["-1.234", "5.678", "9.012", "456"], "expected a number that can be read in one way"],
    [["1,5", "2,5", "1.5", "2"], "expected a number without commas"],
  ])("%j can be read in two ways", (values, expected) => {
    expect(() => encoded(values)).toThrow(expected);
  });

  test("what can be read in two ways is read as was said, or as another column shows", () => {
    const values = ["1,234", "5,678", "9,012", "3,456"];
    expect(featuresOf(values, { decimal: "." })).toEqual([1234, 5678, 9012, 3456]);
    expect(featuresOf(values, { decimal: "," })).toEqual(
      [1.234, 5.678, 9.012, 3.456].map(Math.fround),
    );
    const other = readCsv("a;b;k\n1,234;1,5;u\n5,678;2,5;v\n9,012;1;u\n3,456;2;v\n");
    expect(encodeTable(other, { target: "k" }).data.x.data[0]).toBe(Math.fround(1.234));
  });

  test("numbers that float32 cannot tell apart are taken from the least", () => {
    const { schema, data } = encoded(["1000000000.5", "1000000001", "1000000002", "1000000004"]);
    expect([...data.x.data]).toEqual([0, 0.5, 1.5, 3.5]);
    expect([...schema.apply(readCsv("x\n1000000003\n")).data]).toEqual([2.5]);
  });

  test("texts are refused where numbers were asked for", () => {
    expect(() => encoded(["low", "high", "low", "high"], { numeric: ["x"] })).toThrow(
      'a.csv: row 2, column "x": expected a number, got "low"',
    );
    expect(() => encoded(["", "-", "", "?"], { numeric: ["x"] })).toThrow(
      "expected a column beside",
    );
  });

  test("one word among many numbers is refused, with what may be done", () => {
    const values = Array.from({ length: 30 }, (_, i) => (i % 5 === 4 ? "unknown" : `${i}.5`));
    expect(() => encoded(values)).toThrow(
      'a.csv: row 6, column "x": expected a number as in the other rows, got "unknown"; ' +
        'missingValues: ["unknown"] counts it as missing; ignore: ["x"] leaves the column out',
    );
  });
});

describe("columns of yes and no, and of texts", () => {
  test("yes and no in any case are 1 and 0", () => {
    expect(featuresOf(["Yes", "no", "YES", "No", "nan"])).toEqual([1, 0, 1, 0, 0]);
    expect(featuresOf(["TRUE", "False", "true", "TRUE"])).toEqual([1, 0, 1, 1]);
    expect(reportOf(["y", "n", "y", "n"]).says).toBe("y/n, as 1 and 0");
    expect(encoded(["yes", "true", "no", "yes"]).data.featureNames).toHaveLength(3);
  });

  test("of many texts the most frequent have features, and the others one", () => {
    const wide = Array.from({ length: 400 }, (_, i) =>
      i % 2 ? `often ${i % 3}` : `t${(i / 2) % 120}`,
    );
    const { data: many, schema: kept } = encoded(wide);
    expect(many.featureNames).toHaveLength(51);
    expect(many.featureNames!.at(-1)).toBe("x=(other)");
    expect(kept.apply(readCsv("x\nnever seen\n")).data.at(-1)).toBe(1);
    expect(encoded(wide, { text: { x: 5 } }).data.featureNames).toHaveLength(6);
  });
});

describe("what is left out", () => {
  const rows = (count: number, of: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => of(i));

  test.each([
    ["it counts the rows", "n", rows(20, (i) => String(i))],
    ["it counts the rows", "n", rows(20, (i) => String(i + 1))],
    [
      "a number of its own for each row, under the name of an id",
      "userId",
      rows(20, (i) => String(((i * 7) % 20) + 100)),
    ],
    [
      "a number of its own for each row, under the name of an id",
      "customer_id",
      rows(20, (i) => String(900 - i)),
    ],
    ["its texts hardly repeat: 20 in 20 rows", "name", rows(20, (i) => `plant ${i}`)],
    ['it is "7" wherever it has a value', "seven", rows(20, () => "7")],
    ['it is "a" wherever it has a value', "one", rows(20, (i) => (i % 2 ? "a" : ""))],
    ["it has no values", "none", rows(20, () => "-")],
  ])("%s: %s", (why, name, values) => {
    const text = `${name},y,k\n${values.map((value, i) => `${value},${i % 5}.5,${i % 2}`).join("\n")}\n`;
    const { columns, data } = encodeTable(readCsv(text), { target: "k", missing: "fill" });
    expect(columns[0]).toMatchObject({ name, use: "left out", why });
    expect(data.featureNames).toEqual(["y"]);
  });

  test("rising numbers that do not count rows stay, and so does one that nothing is left beside", () => {
    expect(reportOf(rows(20, (i) => String(i + 5))).use).toBe("feature");
    expect(reportOf(rows(20, (i) => String(i))).use).toBe("feature");
    expect(
      reportOf(
        rows(20, (i) => String(2010 + i)),
        {},
        "paid",
      ).use,
    ).toBe("feature");
  });

  test("what was said of a column holds", () => {
    const text = `id,name,y,k\n${rows(20, (i) => `${i},n${i},${i % 3},${i % 2}`).join("\n")}\n`;
    const { data } = encodeTable(readCsv(text), { target: "k", numeric: ["id"], text: ["name"] });
    expect(data.featureNames).toHaveLength(1 + 20 + 1);
    const table = readCsv(text);
    const asked = { target: "k", numeric: ["id"], text: ["id"] };
    expect(() => encodeTable(table, asked)).toThrow(ArgumentError);
  });
});

describe("targets", () => {
  const learn = (values: readonly string[], options: ColumnOptions = {}) =>
    encodeTable(readCsv(`x;y\n${values.map((value, i) => `${i * i};${value}`).join("\n")}\n`), {
      target: "y",
      ...options,
    });

  test("rows without one are left out and counted", () => {
    const { data, rows, withoutTarget } = learn(["a", "b", "", "a", "b", ""]);
    expect([data.length, [...rows], withoutTarget]).toEqual([4, [2, 3, 5, 6], 2]);
  });

  test("1 and 1.0 are one class, Yes and YES too, and it is said", () => {
    const numbers = learn(["1", "1.0", "2", "2.0", "1", "2"]);
    expect(numbers.data.classNames).toEqual(["1", "2"]);
    expect([...numbers.data.y.data]).toEqual([0, 0, 1, 1, 0, 1]);
    expect(numbers.columns[1]!.why).toBe("1 and 1.0 are one class, 2 and 2.0 are one class");
    const words = learn(["Yes", "no", "YES", "No"]);
    expect(words.data.classNames).toEqual(["no", "yes"]);
    expect([...words.data.y.data]).toEqual([1, 0, 1, 0]);
  });

  test("with units, and relative to the least where float32 cannot tell them apart", () => {
    expect([...learn(["$1.50", "$2.25", "$1", "$7"]).data.y.data]).toEqual([1.5, 2.25, 1, 7]);
    const { schema, data } = learn(["1000000000.5", "1000000001", "1000000002.25", "1000000000"]);
    expect(schema.target).toMatchObject({ task: "regression", reference: 1e9 });
    expect([...data.y.data]).toEqual([0.5, 1, 2.25, 0]);
  });
});

describe("all problems at once", () => {
  test("as an error, as data, and in other words", () => {
    const text = `a,b,k\n${Array.from({ length: 20 }, (_, i) => `${i === 3 ? "x" : i * 2},${i === 4 ? "" : i * 3},${i % 2}`).join("\n")}\n`;
    const attempt = () => {
      try {
        return encodeTable(readCsv(text, { file: "a.csv" }), { target: "k" });
      } catch (error) {
        return error;
      }
    };
    const error = attempt() as DataError;
    expect(error).toBeInstanceOf(DataError);
    const { file, problems, message } = problemsOf(error)!;
    expect(file).toBe("a.csv");
    expect(problems.map(({ row, column }) => [row, column])).toEqual([
      [5, "a"],
      [6, "b"],
    ]);
    expect(error.message.split("\n")).toHaveLength(3);
    expect(message(({ option, value }) => `--${option} ${value}`)).toContain("--missing fill");
    expect(problemsOf(new Error("of another"))).toBeUndefined();
  });

  test("of new rows too", () => {
    const { schema } = encoded(["1", "4", "9", "16"]);
    expect(() => schema.apply(readCsv("x\na\n2\nb\n", { file: "n.csv" }))).toThrow(
      'n.csv: 2 problems\n  row 2, column "x": expected a number, got "a"; missingValues: ["a"] counts it as missing' +
        '\n  row 4, column "x": expected a number, got "b"; missingValues: ["b"] counts it as missing',
    );
  });
});

describe("new rows", () => {
  test("texts that training never saw and numbers far outside are remarked, or refused", () => {
    const text = "size,color,k\n1,red,u\n2,blue,v\n3,red,u\n4,blue,v\n";
    const { schema } = encodeTable(readCsv(text), { target: "k" });
    const table = readCsv("size,color\n2,purple\n99,red\n3,red\n", { file: "n.csv" });
    const { x, remarks } = schema.encode(table);
    expect([...x.data]).toEqual([2, 0, 0, 99, 0, 1, 3, 0, 1]);
    expect(remarks).toEqual([
      { row: 1, column: "size", kind: "outside", text: "99" },
      { row: 0, column: "color", kind: "unseen", text: "purple" },
    ]);
    expect(() => schema.encode(table, { unseen: "error" })).toThrow(
      'n.csv: row 2, column "color": expected a text that training saw, got "purple"',
    );
  });

  test("schemas of earlier versions are read", () => {
    const json =
      '{"columns":[{"name":"a","type":"number","fill":2},{"name":"b","type":"text","categories":["x","y"]}],"target":{"name":"k","task":"classification","classNames":["u","v"]}}';
    const schema = TableSchema.parse(json);
    const { data } = schema.apply(readCsv("a,b\n,x\n3,y\n"));
    expect([...data]).toEqual([2, 1, 0, 3, 0, 1]);
    expect([...schema.targets(readCsv("k\nv\nu\n")).data]).toEqual([1, 0]);
  });
});

describe("a profile in pieces", () => {
  test("is that of the whole", async () => {
    const text = `d;n;t;k\n${Array.from({ length: 500 }, (_, i) => `2026-0${1 + (i % 9)}-1${i % 9};${i % 7},5 kg;t${i % 4};${i % 3}`).join("\n")}\n`;
    const whole = new TableProfile({ target: "k" }).add(readCsv(text));
    const pieces = new TableProfile({ target: "k" });
    for await (const table of csvBatches(new Response(text).body!, { rows: 37 })) pieces.add(table);
    expect(pieces.columns).toEqual(whole.columns);
    expect(pieces.rows).toBe(500);
    expect(JSON.stringify(pieces.learn().schema)).toBe(JSON.stringify(whole.learn().schema));
    expect(() => pieces.add(readCsv("d;n\n1;2\n"))).not.toThrow();
    expect(() => pieces.add(readCsv("other\n1\n"))).toThrow(DataError);
  });

  test("names what may stand for a missing value", () => {
    const why = (values: readonly (string | number)[]) => {
      const rows = values.map((value, i) => `${value},${"xy"[i % 2]}\n`).join("");
      return new TableProfile().add(readCsv(`a,k\n${rows}`)).columns[0]!.why;
    };
    expect(why([1013.5, 1012, -9999, 1014, -9999, 1011])).toBe(
      "-9999 may stand for a missing value",
    );
    expect(why([3.5, 999, 2, 4, 999, 6])).toBe("999 may stand for a missing value");
    expect(why([3.5, 999, 2, 4, 998, 6])).toBe(undefined);
    expect(why([900, 999, 800, 400, 999, 600])).toBe(undefined);
  });

  test("guesses the target", () => {
    const likely = (text: string) => new TableProfile().add(readCsv(text)).likelyTarget;
    expect(likely("price,size\n1.5,2\n2.5,1\n3.5,5\n4,2\n")).toBe("price");
    expect(likely("Price [$],size\n1.5,2\n2.5,1\n3.5,5\n4,2\n")).toBe("Price [$]");
    expect(likely("tissue,g1,g2\na,2,1\nb,1,2\na,5,3\nb,2,4\n")).toBe("g2");
    const first = readCsv("tissue,g1,g2\na,2,1\nb,1,2\na,5,3\nb,2,5\n");
    expect(new TableProfile().add(first).likelyTargets).toEqual(["tissue", "g2"]);
    const both = readCsv("price,size,grade (1-5)\n1.5,2,3\n2.5,1,1\n3.5,5,4\n4,2,2\n");
    expect(new TableProfile().add(both).likelyTargets).toEqual(["price", "grade (1-5)"]);
    expect(likely("a,b\n1.5,2\n2.5,1\n3.5,5\n4,2\n")).toBe("b");
  });
});
