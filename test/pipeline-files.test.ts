import { DataError, FormatError, StateError } from "ferrograd";
import { encodeTable, readCsv } from "ferrograd/csv";
import { fromCsv, fromJsonLines } from "ferrograd/data";
import { describe, expect, test } from "vitest";

async function all<T>(pipeline: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of pipeline) elements.push(element);
  return elements;
}
/** Text in pieces of every size, also within characters. */
const pieces = (text: string, size: number) => {
  const bytes = new TextEncoder().encode(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  );
};

const CSV = 'length;kind\r\n1,5;a\r\n\r\n2,5;"b;é😀"\r\nNA;a';
const ROWS = [
  { length: "1,5", kind: "a" },
  { length: "2,5", kind: "b;é😀" },
  { length: "", kind: "a" },
];
const LINES = '\uFEFF{"a":1}\r\n\n[2,"é😀"]\nnull';
const VALUES = [{ a: 1 }, [2, "é😀"], null];

describe("files", () => {
  test.each([1, 2, 3, 7, 100])("are read from pieces of %d bytes", async (size) => {
    expect([...fromCsv(pieces(CSV, size))]).toEqual(ROWS);
    expect([...fromJsonLines(pieces(LINES, size))]).toEqual(VALUES);
    const stream = () => new Blob(pieces(CSV, size)).stream();
    const opened = fromCsv(async () => stream());
    expect(await all(opened)).toEqual(ROWS);
    expect(await all(opened)).toEqual(ROWS);
  });

  test("are text or blobs, as often as one likes, or streams, once", async () => {
    expect([...fromCsv(CSV)]).toEqual(ROWS);
    const blob = fromJsonLines(new Blob([LINES]));
    expect([await all(blob), await all(blob)]).toEqual([VALUES, VALUES]);
    const once = fromJsonLines(new Blob([LINES]).stream());
    expect(await all(once)).toEqual(VALUES);
    await expect(all(once)).rejects.toThrow(StateError);
    expect([...fromJsonLines("")]).toEqual([]);
  });

  test("are closed where a walk ends early, and never whole in memory", async () => {
    let [given, cancelled] = [0, false];
    const endless = () =>
      new ReadableStream<string>(
        {
          pull: (controller) =>
            controller.enqueue(given++ === 0 ? "a,b\n" : `${given},${given}\n`.repeat(10)),
          cancel: () => {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
    const rows = await all(
      fromCsv(endless)
        .map(({ a }) => Number(a))
        .shuffle(1, 20)
        .batch(5)
        .take(4),
    );
    expect(rows.length).toBe(4);
    expect([given, cancelled]).toEqual([5, true]);
  });

  test("of a table become rows with its schema", async () => {
    const text = "w,h,kind\n1,x,a\n2,y,b\n3,x,a\n4,y,b\n";
    const table = readCsv(text);
    const { schema, data } = encodeTable(table, { target: "kind" });
    const [batch] = await all(fromCsv(pieces(text, 5), { schema }).batch(4));
    expect(batch![0].data).toEqual(data.x.data);
    expect([...batch![1].data]).toEqual([...data.y.data]);
    const unknown = fromCsv(`${text}5,z,a\n`, { schema, file: "t.csv" });
    await expect(all(unknown)).rejects.toThrow('t.csv: row 6, column "h"');
  });

  test("say where they are wrong", async () => {
    const csv = (text: string) => () => [...fromCsv(text, { file: "t.csv" })];
    expect(csv("a,b\n1,2\n3\n")).toThrow(
      "t.csv: row 3: expected 2 values, as the header has names, got 1",
    );
    expect(csv('a,b\n"1,2\n')).toThrow(FormatError);
    expect(csv("a,b\n")).toThrow("t.csv: expected rows below the header, got none");
    expect(csv("")).toThrow(DataError);
    expect(() => [...fromJsonLines('1\n{"a"\n')]).toThrow(
      'fromJsonLines(): line 2: expected JSON, got "{\\"a\\""',
    );
    expect(() => [...fromJsonLines([Uint8Array.of(0x31, 0xff)])]).toThrow(
      "expected text or bytes of utf-8, got other bytes",
    );
    expect(() => [...fromCsv([7 as never])]).toThrow("expected text or bytes of utf-8, got 7");
    await expect(all(fromCsv(() => Promise.reject(new TypeError("offline"))))).rejects.toThrow(
      "offline",
    );
  });
});
