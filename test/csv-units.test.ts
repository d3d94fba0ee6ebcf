import { encodeTable, readCsv } from "ferrograd/csv";
import { describe, expect, test } from "vitest";
import { encoded, fileOf, reportOf } from "./support/columns.ts";

describe("units, decimals and what stands beside numbers", () => {
  test("units of one kind are converted, and it says so", () => {
    expect(reportOf(["2 kg", "500 g", "3 kg", "12 oz"]).why).toBe("converted to kg: g, oz");
    expect(reportOf(["1.5k", "20", "7", "2M"]).why).toBe("converted to plain numbers: k, M");
    expect(reportOf(["1 kg", "2 KG", "3 kg", "4 Kg"]).why).toBe(undefined);
    const { schema } = encoded(["2 kg", "3 kg", "4 kg", "5 kg"]);
    expect([...schema.apply(readCsv("x\n2500 g\n")).data]).toEqual([2.5]);
    const target = { target: "x", task: "regression" } as const;
    const learned = encodeTable(readCsv("x,n\n2 kg,1\n500 g,2\n3 kg,3\n1 kg,4\n"), target);
    expect([...learned.data.y.data]).toEqual([2, 0.5, 3, 1]);
    expect(learned.columns[0]!.why).toBe("converted to kg: g");
  });

  test("units of several kinds are refused, and one beside another that prevails by its row", () => {
    const kg = Array.from({ length: 20 }, (_, i) => `${i * 2} ${i === 7 ? "l" : "kg"}`);
    expect(() => encoded(kg)).toThrow('expected a number in kg, as in the other rows, got "14 l"');
    const two = ["$5", "€7.5", "$3", "€4"];
    expect(() => encoded(two)).toThrow(
      'column "x": expected numbers in one unit, or in some that can be converted, got $, €; ' +
        'ignore: ["x"] leaves the column out; text: ["x"] keeps its texts',
    );
    for (const mixed of [
      ["1 °C", "60 °F", "2 °C", "70 °F"],
      ["1 EUR", "2 USD", "3 EUR", "4 USD"],
      ["5%", "0.5", "6%", "0.25"],
    ]) {
      expect(() => encoded(mixed)).toThrow("expected numbers in one unit");
    }
    expect(reportOf(["12A", "3B", "12A", "3B"]).says).toBe("one of 12A, 3B");
    expect(reportOf(["12", "14B", "12", "14B"]).says).toBe("one of 12, 14B");
  });

  test("what a table says of its decimals holds for it, whatever those of training were", () => {
    const { schema } = encodeTable(readCsv("x,y\n1.5,1.5\n2.5,2.25\n3,3\n4,4\n"), {
      target: "y",
      task: "regression",
    });
    const text = "x;y\n1,5;2,5\n";
    expect(() => schema.apply(readCsv(text, { file: "a.csv" }))).toThrow(
      'a.csv: row 2, column "x": expected a number, got "1,5"; decimal: "," takes it as the decimal mark',
    );
    expect(() => schema.targets(readCsv(text))).toThrow('decimal: "," takes it');
    const said = readCsv(text, { decimal: "," });
    expect([...schema.apply(said).data, ...schema.targets(said).data]).toEqual([1.5, 2.5]);
  });

  test("several texts for nothing are named, also those that alone are below 0", () => {
    const ages = Array.from({ length: 20 }, (_, i) => String(20 + 3 * i));
    const why = (marks: readonly string[]) => reportOf([...ages, ...marks, ...marks]).why;
    expect(why(["999"])).toBe("999 may stand for a missing value");
    expect(why(["-99"])).toBe("-99 may stand for a missing value");
    expect(why(["-99", "999"])).toBe("-99 and 999 may stand for missing values");
    expect(why(["-99", "-5"])).toBe(undefined);
  });

  test("a word beside numbers with a unit is refused as one beside plain numbers", () => {
    const sizes = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? "varies" : `${i}.5M`));
    expect(() => encoded(sizes)).toThrow('missingValues: ["varies"] counts it as missing');
    const counts = Array.from({ length: 40 }, (_, i) =>
      i % 3 === 0 ? `${i / 3}.5` : ["<0.5", ">200"][i % 2]!,
    );
    expect(() => encoded(counts)).toThrow('[">200","<0.5"] counts them as missing');
    expect(() => encodeTable(readCsv(fileOf(sizes)), { target: "x", task: "regression" })).toThrow(
      /got "varies"; missingValues: \["varies"\] counts it as missing$/,
    );
  });

  test("points of so many, durations, paces and areas are numbers, also as a target", () => {
    const first = (values: readonly string[]) => {
      const { data, columns } = encoded(values);
      return [columns[0]!.says, ...data.x.data];
    };
    expect(first(["8.1/10", "7/10", "6.5 /10", "9/10"])).toEqual(
      ["number in /10", 8.1, 7, 6.5, 9].map((v) => (typeof v === "number" ? Math.fround(v) : v)),
    );
    expect(first(["4/5", "8/10", "3/5", "5/5"])).toEqual(["number in /5", 4, 4, 3, 5]);
    expect(first(["2h 15min", "45 min", "1h 5m", "3 hours"])).toEqual([
      "number in min",
      135,
      45,
      65,
      180,
    ]);
    expect(first(["1 day", "2 days", "3 days", "1 week"])).toEqual(["number in days", 1, 2, 3, 7]);
    expect(first(["5:30 /km", "5:45/km", "6:00 min/km", "4:15 /km"])).toEqual([
      "number in min/km",
      5.5,
      5.75,
      6,
      4.25,
    ]);
    expect(reportOf(["1 acre", "2 acres", "43560 sqft", "3 acres"]).why).toBe(
      "converted to acres: sqft",
    );
    for (const texts of [
      ["1/2", "3/4", "1/4", "1/2"],
      ["2021/22", "2022/23", "2021/22", "2022/23"],
    ]) {
      expect(reportOf(texts).says).toMatch(/^one of/);
    }
    const { schema, data } = encodeTable(
      readCsv("t,n\n1:30:00,1\n0:45:00,2\n2:00:30,3\n1:15:00,4\n"),
      { target: "t" },
    );
    expect(schema.target).toEqual({ name: "t", task: "regression", unit: "min" });
    expect([...data.y.data]).toEqual([90, 45, 120.5, 75]);
  });

  test("two strokes and two points beside numbers are missing values", () => {
    expect(reportOf(["--", "1", "2", "..", "3"]).missing).toBe(2);
  });
});
