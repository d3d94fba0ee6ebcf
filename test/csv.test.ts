import { ArgumentError, DataError, FormatError } from "ferrograd";
import { encodeTable, readCsv, TableSchema } from "ferrograd/csv";
import { describe, expect, test } from "vitest";

const read = (text: string) => readCsv(text, { file: "a.csv" });
const columnsOf = (text: string) => read(text).columns.map(({ name, values }) => [name, ...values]);

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const NO_QUOTES = 'quote: "none" takes quotes as they are';

describe("readCsv", () => {
  test("reads columns by the header's names, values trimmed", () => {
    expect(columnsOf("a, b\n1, x \n2,y\n")).toEqual([
      ["a", "1", "2"],
      ["b", "x", "y"],
    ]);
  });

  test.each(["\n", "\r\n", "\r"])(
    "line end %j, quotes, a byte order mark, no last line end",
    (end) => {
      const text = `\uFEFFname,size${end}"a ""b"", c",1${end}"two${end}lines",2`;
      expect(columnsOf(text)).toEqual([
        ["name", 'a "b", c', `two${end}lines`],
        ["size", "1", "2"],
      ]);
    },
  );

  test.each([",", ";", "\t", "|"])("finds the delimiter %j", (d) => {
    expect(columnsOf(`"a,b;c"${d}b\n1${d}2`)).toEqual([
      ["a,b;c", "1"],
      ["b", "2"],
    ]);
  });

  test("missing values are empty, empty lines skipped, rows counted as in a spreadsheet", () => {
    const table = read("a,b\n1,?\n\nNA,2\n");
    expect(table.columns.map(({ values }) => values)).toEqual([
      ["1", ""],
      ["", "2"],
    ]);
    expect(table.rows).toEqual([2, 4]);
    expect(readCsv("a\n-1\n", { missingValues: ["-1"] }).columns[0]!.values).toEqual([""]);
  });

  test("a stream cut anywhere gives the same table as the text", async () => {
    const text = 'name,größe\r\n"a ""b"", c",1\r\n"two\r\nlines",2\r\nplain,"3"\r\n';
    for (let size = 1; size < text.length; size++) {
      expect(await readCsv(pieces(text, size), { file: "a.csv" })).toEqual(read(text));
    }
    const bytes = new TextEncoder().encode(text);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readCsv(stream, { file: "a.csv" })).toEqual(read(text));
  });

  test.each([
    [
      "row 3: expected 2 values, as the header has names, got 1; fill it up, or delete it",
      "a,b\n1,2\n3\n",
    ],
    [
      'row 3: expected 2 values, as the header has names, got 3; quote a value that has "," in it, or delete the row',
      "a,b\n4,5\n1,2,3\n",
    ],
    [`row 2: expected a closing quote, got none; ${NO_QUOTES}`, 'a,b\n"1,2\n3,4\n'],
    [
      `row 3: expected quotes around a whole value, doubled inside it, got a stray quote; ${NO_QUOTES}`,
      'a,b\n1,2\n"3"x,4\n5,6\n',
    ],
  ])("refuses: %s", async (message, text) => {
    expect(() => read(text)).toThrow(new FormatError(`a.csv: ${message}`));
    await expect(readCsv(pieces(text, 3), { file: "a.csv" })).rejects.toThrow(
      new FormatError(`a.csv: ${message}`),
    );
  });

  test("values that repeat and values that do not come out the same, missing ones too", () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => `${i % 3 ? "NA" : "x"},${i}.5,${i % 2}`);
    const { columns } = read(`a,b,c\n${rows.join("\n")}\n${rows.join("\n")}\n`);
    const twice = <T>(value: (i: number) => T) =>
      Array.from({ length: 24_000 }, (_, i) => value(i % 12_000));
    expect(columns.map(({ values }) => values)).toEqual([
      twice((i) => (i % 3 ? "" : "x")),
      twice((i) => `${i}.5`),
      twice((i) => String(i % 2)),
    ]);
  });

  test("semicolons between values make commas decimal marks, unless a value of the column has a point", () => {
    const text = "a;b;k\n1,5;x,y;u\n-,25e1;1;v\n3;x,y;u\n2;1;v\n";
    const encoded = (file: string, decimal?: "." | ",") =>
      encodeTable(readCsv(file, { file: "a.csv", ...(decimal && { decimal }) }), { target: "k" });
    const numbers = ({ data }: ReturnType<typeof encoded>) =>
      Array.from({ length: 4 }, (_, row) => data.x.data[row * 3]);
    expect(columnsOf(text)[0]).toEqual(["a", "1,5", "-,25e1", "3", "2"]);
    expect(numbers(encoded(text))).toEqual([1.5, -2.5, 3, 2]);
    expect(numbers(encoded(text, ","))).toEqual([1.5, -2.5, 3, 2]);
    const refused = 'a.csv: row 2, column "a": expected a number without commas, got "1,5"';
    expect(() => encoded(`${text}2.5;1;u\n`)).toThrow(new DataError(refused));
    expect(() => encoded(text, ".")).toThrow(new DataError(refused));
    expect(numbers(encoded(text.replaceAll(";", "\t")))).toEqual([1.5, -2.5, 3, 2]);
    const commas = text
      .replaceAll(";", ",")
      .replace("1,5,x,y", '"1,5","x,y"')
      .replace("x,y,u\n2", "z,u\n2");
    const quoted = commas.replace("-,25e1", '"-,25e1"');
    expect(() => encoded(quoted)).toThrow(`${refused}; decimal: "," takes commas as decimal marks`);
  });

  test("names that come again get a number behind them, as pandas gives them", () => {
    const names = (header: string) => {
      const { columns, notes } = read(`${header}\n${columns0(header)}\n`);
      return [columns.map(({ name }) => name), notes];
    };
    const columns0 = (header: string) =>
      header
        .split(",")
        .map((_, i) => `v${i}`)
        .join(",");
    expect(names("a,b,a")).toEqual([
      ["a", "b", "a.1"],
      ["names that come again have a number behind them: a.1 (column 3)"],
    ]);
    expect(names("a,a,a.1,a,b,b,b,b")).toEqual([
      ["a", "a.2", "a.1", "a.3", "b", "b.1", "b.2", "b.3"],
      [
        "names that come again have a number behind them: a.2 (column 2), a.3 (column 4), b.1 (column 6) and 2 more",
      ],
    ]);
    expect(names("a,b")[1]).toBeUndefined();
    expect(read("a,a\n1,x\n2,y\n").columns.map(({ values }) => values[1])).toEqual(["2", "y"]);
  });

  describe("blanks between values", () => {
    const cars = [
      '18.0   8   307.0      130.0      3504.      12.0   70  1\t"chevrolet chevelle malibu"',
      '15.0   8   350.0      165.0      3693.      11.5   70  1\t"buick skylark 320"',
      '25.0   4   98.00      ?          2046.      19.0   71  1\t"ford pinto"',
    ].join("\n");

    test("any number of them, and tabs, are one", () => {
      const { columns, delimiter } = read(cars);
      expect(delimiter).toBe(" ");
      expect(columns.map(({ values }) => values[2])).toEqual([
        "25.0",
        "4",
        "98.00",
        "",
        "2046.",
        "19.0",
        "71",
        "1",
        "ford pinto",
      ]);
      const indented = " x  y \t \r\n\t1 2\n3   4  ";
      const told = readCsv(indented, { delimiter: " " }).columns;
      expect(told.map(({ name, values }) => [name, ...values])).toEqual([
        ["x", "1", "3"],
        ["y", "2", "4"],
      ]);
      expect(columnsOf('a b c\n"" 1 2\n"x y" 2 3\n')[0]).toEqual(["a", "", "x y"]);
    });

    test("come out the same in pieces", async () => {
      expect(await readCsv(pieces(cars, 3), { file: "a.csv" })).toEqual(read(cars));
    });

    test("the header may have one name less, as R writes it", () => {
      expect(columnsOf('"mpg" "cyl"\n"Mazda RX4" 21 6\n"Datsun 710" 22.8 4\n')).toEqual([
        ["column1", "Mazda RX4", "Datsun 710"],
        ["mpg", "21", "22.8"],
        ["cyl", "6", "4"],
      ]);
    });

    test.each([
      ["texts in a column of their own", "full name\nAnna Maria\nJohn Paul\n", 1],
      ["lines of different lengths", "a b\n1 2\n3 4 5\n", 1],
      ["commas", "a b,c d\n1 2,3 4\n", 2],
      ["tabs with blanks in texts", "full name\tage now\nAnna Maria\t3 4\nJohn Paul\t4 5\n", 2],
      ["tabs", "a\tb\tc\n1\t2\t3\n4\t\t5\n", 3],
      ["a unit behind numbers", "weight\n1.5 kg\n2.5 kg\n", 1],
    ])("do not separate %s", (_, text, columns) => {
      expect(read(text).columns).toHaveLength(columns);
    });

    test("are told, and rows that have another count are named", () => {
      const text = "a b\n1 2\n3  4\n5\n";
      expect(() => readCsv(text, { delimiter: " " })).toThrow("row 4: expected 2 values");
    });
  });

  test.each([
    [1, "\u0003\u0004\0\0", [], "0x00, which no text has; save the file as text (CSV)"],
    [3, "a,b\n1,2\n", [0x33, 0x2c, 0xe4, 0x0a], "0xe4"],
    [3, "größe,b\n1,2\n3,\0", [], "0x00, which no text has; save the file as text (CSV)"],
    [2, "a,b\n1,2", [0xc3], "0xc3"],
  ])("refuses bytes that are no UTF-8, in row %i of %j", async (row, text, bytes, byte) => {
    async function* stream() {
      yield new TextEncoder().encode(text);
      yield Uint8Array.from(bytes);
    }
    const remedy =
      '; encoding: "windows-1252" reads files of western Windows, other names those of others';
    await expect(readCsv(stream(), { file: "a.csv" })).rejects.toThrow(
      new FormatError(
        `a.csv: row ${row}: expected text in UTF-8, got the byte ${byte}${bytes.length > 0 ? remedy : ""}`,
      ),
    );
  });

  test("UTF-16 by its mark, other encodings by their names, in pieces of any size", async () => {
    const text = "größe,k\n1,ä\n2,é\n";
    const utf16 = (swap: boolean) =>
      Uint8Array.from(
        [...`\uFEFF${text}`].flatMap((char) => {
          const [low, high] = [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8];
          return swap ? [high, low] : [low, high];
        }),
      );
    const latin1 = Uint8Array.from([...text], (char) => char.charCodeAt(0));
    for (const [bytes, encoding] of [
      [utf16(false)],
      [utf16(true)],
      [latin1, "windows-1252"],
      [latin1, "latin1"],
    ] as const) {
      for (const size of [1, 2, 3, 100]) {
        async function* stream() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
        }
        const options = { file: "a.csv", ...(encoding && { encoding }) };
        expect(await readCsv(stream(), options)).toEqual(read(text));
      }
    }
    expect(() => readCsv(text, { encoding: "latin-17" })).toThrow(ArgumentError);
  });

  test("columns without names, empty values behind a row, a first line sep=, quotes as characters", () => {
    expect(columnsOf("a,\n1,2\n")).toEqual([
      ["a", "1"],
      ["column2", "2"],
    ]);
    expect(columnsOf("a,b\n1,2,\n3,4,,\n")).toEqual([
      ["a", "1", "3"],
      ["b", "2", "4"],
    ]);
    expect(columnsOf("a,b\nx,1,2\ny,3,4\n")).toEqual([
      ["column1", "x", "y"],
      ["a", "1", "3"],
      ["b", "2", "4"],
    ]);
    expect(columnsOf("sep=^\na^b\n1^2\n")).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(read("sep=;\na;b\n1;2\n").rows).toEqual([3]);
    const quoted = readCsv('a,b\n"x,5"\n', { quote: "none" });
    expect(quoted.columns.map(({ values }) => values[0])).toEqual(['"x', '5"']);
    expect(readCsv("a,b\n'x,y',1\n", { quote: "'" }).columns[0]!.values).toEqual(["x,y"]);
  });

  test("a first line of data is no header, as was found or said", () => {
    const found = read("5.1,a\n4.9,b\n");
    expect(found.columns.map(({ name }) => name)).toEqual(["column1", "column2"]);
    expect(found.rows).toEqual([1, 2]);
    expect(found.notes).toEqual([
      "the first line looks like data, so the columns are called column1 to column2",
    ]);
    const said = readCsv("x,a\ny,b\n", { header: false });
    expect(said.columns[0]!.values).toEqual(["x", "y"]);
    expect(said.notes).toBeUndefined();
    expect(read("land,2019,2020\nA,5.1,5.3\n").columns[1]!.name).toBe("2019");
    expect(readCsv("1.5,2\n3,4\n", { header: true }).columns[0]!.name).toBe("1.5");
  });

  test("all rows that are too short or too long are named at once", () => {
    const expected = "expected 2 values, as the header has names, got";
    expect(() => read("a,b\n1,2\n3\n4,5\n6,7,8\n")).toThrow(
      new FormatError(
        `a.csv: 2 problems\n  row 3: ${expected} 1; fill it up, or delete it\n  row 5: ${expected} 3; quote a value that has "," in it, or delete the row`,
      ),
    );
  });

  test("refuses files without rows, and what is no text", () => {
    expect(() => read("")).toThrow(new DataError("a.csv: expected a header, got nothing"));
    expect(() => read("a,b\n")).toThrow(
      new DataError("a.csv: expected rows below the header, got none"),
    );
    expect(() => readCsv(7 as never)).toThrow(
      new ArgumentError("readCsv(): expected text or a stream of text, got 7"),
    );
  });

  test("an opening quote that nothing closes does not swallow a long file", async () => {
    const text = `a,b\n"${"1,2\n".repeat(500_000)}`;
    await expect(readCsv(pieces(text, 65_536), { file: "a.csv" })).rejects.toThrow(
      new FormatError(`a.csv: row 2: expected a closing quote, got none; ${NO_QUOTES}`),
    );
  });
});

const PETS = "legs,color,kind\n4,red,cat\n2,blue,bird\n4,blue,cat\n2,red,bird\n";

describe("encodeTable", () => {
  test("numbers as they are, texts one-hot, classes by name", () => {
    const { data, schema } = encodeTable(read(PETS), { target: "kind" });
    expect(data.featureNames).toEqual(["legs", "color=blue", "color=red"]);
    expect(data.classNames).toEqual(["bird", "cat"]);
    expect([...data.x.data]).toEqual([4, 0, 1, 2, 1, 0, 4, 1, 0, 2, 0, 1]);
    expect(data.y.data).toEqual(Int32Array.of(1, 0, 1, 0));
    expect(schema.target).toEqual({
      name: "kind",
      task: "classification",
      classNames: ["bird", "cat"],
    });
  });

  test("the schema encodes other tables by column name, also after JSON", () => {
    const { schema } = encodeTable(read(PETS), { target: "kind" });
    const copy = TableSchema.parse(JSON.stringify(schema));
    expect(copy).toEqual(schema);
    expect(copy.apply(read("color,extra,legs\nred,x,3\n"))).toEqual({
      data: Float32Array.of(3, 0, 1),
      shape: [1, 3],
    });
    for (const text of ["", "{}", '{"columns":[{"name":"a"}],"target":{"name":"b","task":"x"}}']) {
      expect(() => TableSchema.parse(text)).toThrow(FormatError);
    }
  });

  const target = (values: readonly (string | number)[], task?: "classification" | "regression") =>
    encodeTable(read(`x,y\n${values.map((value, i) => `${i},${value}`).join("\n")}\n`), {
      target: "y",
      ...(task && { task }),
    });

  test("the target decides between classes and numbers", () => {
    const few = target([10, 2, 10, 2]);
    expect(few.data.classNames).toEqual(["2", "10"]);
    expect(few.data.y.data).toEqual(Int32Array.of(1, 0, 1, 0));
    const numbers = target([1.5, 2, 1.5, 2]);
    expect(numbers.schema.target.task).toBe("regression");
    expect(numbers.data.y.data).toEqual(Float32Array.of(1.5, 2, 1.5, 2));
    expect(target([1, 2, 3, 4]).schema.target.task).toBe("regression");
    expect(target([1, 2, 1, 2], "regression").data.y.data).toBeInstanceOf(Float32Array);
    expect(target([1.5, 2, 1.5, 2], "classification").data.classNames).toEqual(["1.5", "2"]);
  });

  const GAPS = "a,b,y\n1,red,u\n,red,u\n3,,v\n8,blue,v\n";

  test("missing values: an error, or median and most frequent text", () => {
    expect(() => encodeTable(read(GAPS), { target: "y" })).toThrow(
      new DataError(
        'a.csv: 2 problems\n  row 3, column "a": expected a value, got none; missing: "fill" fills it in\n' +
          '  row 4, column "b": expected a value, got none; missing: "fill" fills it in',
      ),
    );
    const { data, schema } = encodeTable(read(GAPS), { target: "y", missing: "fill" });
    expect([...data.x.data]).toEqual([1, 0, 1, 3, 0, 1, 3, 0, 1, 8, 1, 0]);
    expect([...schema.apply(read("a,b\n?,?\n")).data]).toEqual([3, 0, 1]);
  });

  test.each([
    [
      'no target column "knd"; did you mean "kind"?',
      () => encodeTable(read(PETS), { target: "knd" }),
    ],
    [
      'no column "leg"; did you mean "legs"?',
      () => encodeTable(read(PETS), { target: "kind", ignore: ["leg"] }),
    ],
    [
      "expected a column beside the target, got none",
      () => encodeTable(read(PETS), { target: "kind", ignore: ["legs", "color"] }),
    ],
    [
      'row 5, column "x": expected a number as in the other rows, got "l.4"; ' +
        'missingValues: ["l.4"] counts it as missing; ignore: ["x"] leaves the column out',
      () =>
        encodeTable(
          read(
            `x;y\n${Array.from({ length: 20 }, (_, i) => (i === 3 ? "l.4;a" : `${i}.5;b`)).join("\n")}`,
          ),
          {
            target: "y",
          },
        ),
    ],
    [
      'column "y": expected between 2 classes and one for every two rows, got 1 in 2 rows',
      () => target(["a", "a"]),
    ],
    [
      'column "y": expected between 2 classes and one for every two rows, got 3 in 3 rows',
      () => target(["a", "b", "c"]),
    ],
    ['row 2, column "y": expected a number, got "a"', () => target(["a", "b"], "regression")],
    [
      'column "y": expected different numbers to learn, got 3 in every row',
      () => target([3, 3], "regression"),
    ],
    [
      'row 3, column "y": expected a number within ±3.4e38, got "1e39"',
      () => target([1, "1e39", 2, 2]),
    ],
    [
      'row 2, column "x": expected a number without commas, got "1,5"',
      () => encodeTable(read('x,y\n"1,5",a\n"2,5",b\n"3,25",a\n"1.5",b\n'), { target: "y" }),
    ],
    [
      'row 2, column "color": expected a text that training saw, got "rde"; did you mean "red"?',
      () => encodeTable(read(PETS), { target: "kind" }).schema.apply(read("legs,color\n4,rde\n")),
    ],
    [
      'row 2, column "legs": expected a number, got "1e39"',
      () =>
        encodeTable(read(PETS), { target: "kind" }).schema.apply(read("legs,color\n1e39,red\n")),
    ],
    [
      'row 2, column "legs": expected a number, got none',
      () => encodeTable(read(PETS), { target: "kind" }).schema.apply(read("legs,color\n?,red\n")),
    ],
    [
      'no column "legs"; expected one of "color"',
      () => encodeTable(read(PETS), { target: "kind" }).schema.apply(read("color\nred\n")),
    ],
  ])("refuses: %s", (message, body) => {
    expect(body).toThrow(new DataError(`a.csv: ${message}`));
  });

  test("refuses unknown options", () => {
    expect(() => encodeTable(read(PETS), { target: "kind", mising: "fill" } as never)).toThrow(
      new ArgumentError('encodeTable(): unknown option "mising"; did you mean "missing"?'),
    );
    expect(() => encodeTable(read(PETS), { target: "kind", ignore: ["kind"] })).toThrow(
      new ArgumentError('encodeTable(): ignore: expected other columns than the target "kind"'),
    );
    expect(() => encodeTable(read(PETS), { target: "kind", missing: "fil" as never })).toThrow(
      new ArgumentError('encodeTable(): unknown missing "fil"; did you mean "fill"?'),
    );
  });
});
