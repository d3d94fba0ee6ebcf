import { readCsv, TableSchema } from "ferrograd/csv";
import { describe, expect, test } from "vitest";
import { encoded, featuresOf, reportOf } from "./support/columns.ts";

describe("columns of dates", () => {
  const DAYS = ["2026-01-05", "2026-01-06", "2026-02-12", "2026-03-01"]; // Monday first

  test.each([
    [DAYS],
    [["5.1.2026", "6.1.2026", "12.2.2026", "1.3.2026"]],
    [["05/01/2026", "06/01/2026", "12/02/2026", "01/03/2026", "13/03/2026"]],
    [["01/05/2026", "01/06/2026", "02/12/2026", "03/01/2026", "03/13/2026"]],
    [["5 Jan 2026", "6 January 2026", "12-Feb-2026", "1 mar 2026"]],
    [["Jan 5, 2026", "January 6 2026", "Feb 12, 2026", "Mar 1, 2026"]],
    [["5. Jan. 2026", "6 janvier 2026", "12-feb-26", "1. März 2026"]],
    [["5 de enero de 2026", "6-ene-2026", "12 févr. 2026", "1 mrt 2026"]],
    [["2026年1月5日", "2026年1月6日", "2026年2月12日", "2026년 3월 1일"]],
  ])("%j are days since the first, weekday and month", (days) => {
    const { data, schema } = encoded(days);
    expect(data.featureNames).toEqual([
      "x",
      ...["x weekday sine", "x weekday cosine", "x month sine", "x month cosine"],
    ]);
    const width = 5;
    expect([0, 1, 2, 3].map((row) => data.x.data[row * width])).toEqual([0, 1, 38, 55]);
    const monday = [Math.fround(0.7818314824680298), Math.fround(0.6234898018587336)];
    expect([...data.x.data.slice(1, 3)]).toEqual(monday);
    expect([...data.x.data.slice(3, 5)]).toEqual([0, 1]); // January
    const later = TableSchema.parse(JSON.stringify(schema)).apply(readCsv(`x;y\n${days[0]};1\n`));
    expect([...later.data]).toEqual([...data.x.data.slice(0, 5)]);
  });

  test("the places of weekdays, months and hours are sines and cosines", () => {
    const hours = Array.from({ length: 24 * 14 }, (_, i) => {
      const time = new Date(Date.UTC(2026, 0, 1) + i * 3_600_000 * 31);
      return time.toISOString();
    });
    const { data } = encoded(hours);
    const width = data.featureNames!.length;
    expect(width).toBe(7);
    hours.forEach((text, row) => {
      const time = new Date(text);
      const turns = [time.getUTCDay() / 7, time.getUTCMonth() / 12, time.getUTCHours() / 24];
      const expected = turns.flatMap((t) => [Math.sin(2 * Math.PI * t), Math.cos(2 * Math.PI * t)]);
      expected.forEach((value, i) => {
        expect(data.x.data[row * width + 1 + i]).toBeCloseTo(value, 6);
      });
    });
  });

  test("times with clocks, halves of the day and zones, in UTC", () => {
    const times = ["2026-01-05T10:00:00Z", "2026-01-05 10:00:01", "2026-01-05T12:00:02+02:00"];
    const { data } = encoded([...times, "2026-01-05 10:00:03.5"]);
    expect([...data.x.data]).toEqual([0, 1, 2, 3.5]);
    const zones = [
      "2:00:00 PM GMT+1",
      "13:00:01+00",
      "08:00:02 -0500",
      "13:00:03 UTC",
      "18:30:04+05:30",
    ];
    const { data: zoned } = encoded(zones.map((time) => `2024/03/01 ${time}`));
    const places = [0, 1, 2, 3, 4].map((row) => row * zoned.featureNames!.length);
    expect(places.map((place) => zoned.x.data[place])).toEqual([0, 1, 2, 3, 4]);
    const halves = [
      "1/13/2026 12:30 AM",
      "1/13/2026 1:30 am",
      "1/13/2026 12:30 PM",
      "1/14/2026 12:30 AM",
    ];
    const { data: clock } = encoded(halves);
    const width = clock.featureNames!.length;
    expect([0, 1, 2, 3].map((row) => clock.x.data[row * width]! / 3600)).toEqual([0, 1, 12, 24]);
  });

  test("times without a day, and durations, are counted from the first", () => {
    const times = ["09:30", "12:30 pm", "9:31:01.5", "12:00 AM", "-"];
    const { data, columns } = encoded(times);
    expect(data.featureNames).toEqual(["x", "x hour sine", "x hour cosine"]);
    const seconds = [0, 1, 2, 3, 4].map((row) => data.x.data[row * 3]);
    expect(seconds).toEqual([34_200, 45_000, 34_261.5, 0, 34_230.75]);
    expect(columns[0]).toMatchObject({
      says: "time, hours:minutes: seconds since the first, hour",
      range: ["0:00:00", "12:30:00"],
    });
    expect(featuresOf(["1:00:00", "30:00:00", "120:30:00", "2:00:00"])).toEqual([
      ...[0, 29 / 24, 119.5 / 24, 1 / 24].map(Math.fround),
    ]);
    expect(reportOf(["1:75", "2:80", "1:75", "2:80"]).says).toBe("one of 1:75, 2:80");
    expect(reportOf(["13:30 pm", "2:80", "13:30 pm", "2:80"]).says).toMatch(/^one of/);
  });

  test("years of two digits, and months alone", () => {
    const rangeOf = (text: string) => reportOf(text.split("|")).range;
    expect(rangeOf("1/5/24|1/31/24|2/28/24|12/1/23")).toEqual(["2023-12-01", "2024-02-28"]);
    expect(rangeOf("5-Jan-24|31-Dec-68|1-Feb-69|2-Feb-70")).toEqual(["1969-02-01", "2068-12-31"]);
    expect(rangeOf("31.12.24|01.02.25|03.04.25|05.06.25")).toEqual(["2024-12-31", "2025-06-05"]);
    expect(rangeOf("2024-01|2024-02|2025-12|2024-03")).toEqual(["2024-01-01", "2025-12-01"]);
    expect(() => encoded("03/04/05|04/05/06|05/06/07|06/07/08".split("|"))).toThrow(
      /"x":"ymd".*"x":"dmy".*"x":"mdy"/,
    );
    expect(() => encoded("31-01-24|30-01-24|29-02-24|28-02-24".split("|"))).toThrow(
      /"x":"ymd".*"x":"dmy"} takes them as day-month-year$/,
    );
    for (const texts of ["1.10.22|1.9.7|1.10.22|1.9.7", "2012-13|2013-14|2012-13|2013-14"]) {
      expect(reportOf(texts.split("|")).says).toMatch(/^one of/);
    }
  });

  test("digits are times only under such a name", () => {
    const seconds = ["1790000000", "1790000001", "1790000005", "1790000002"];
    expect(featuresOf(seconds, {}, "time")).toEqual([0, 1, 5, 2]);
    expect(reportOf(seconds, {}, "time").range).toEqual([
      "2026-09-21 14:13:20",
      "2026-09-21 14:13:25",
    ]);
    expect(reportOf(seconds, {}, "population").says).toBe("number");
    expect(reportOf(seconds, { date: { population: "seconds" } }, "population").says).toMatch(
      /^date/,
    );
    expect(reportOf(["20260105", "20260106", "20260212", "20260301"], {}, "day").says).toMatch(
      /^date, yyyymmdd/,
    );
  });

  test("03/04/2026 is refused until someone says what it is", () => {
    const days = ["03/04/2026", "04/04/2026", "05/04/2026", "06/05/2026"];
    expect(() => encoded(days)).toThrow(
      'a.csv: row 2, column "x": expected dates that can be read in one way, got "03/04/2026"; ' +
        'date: {"x":"dmy"} takes them as day-month-year; date: {"x":"mdy"} takes them as month-day-year',
    );
    expect(featuresOf(days, { date: { x: "dmy" } })[0]).toBe(0);
    expect(reportOf(days, { date: { x: "mdy" } }).range).toEqual(["2026-03-04", "2026-06-05"]);
  });

  test("a day that no calendar has is a slip, and a missing one is filled", () => {
    const days = Array.from({ length: 20 }, (_, i) => `2026-02-${String(i + 1).padStart(2, "0")}`);
    expect(() => encoded([...days, "2026-02-30"])).toThrow(
      'row 22, column "x": expected a date (year-month-day), got "2026-02-30"',
    );
    const { data } = encoded([...days.slice(0, 5), "-"]);
    expect(data.x.data.at(-1 * data.featureNames!.length)).toBe(2);
  });

  test("dates and yes and no that are read in one way are read, however those of training were written", () => {
    const { schema } = encoded(["05.01.2026", "06.01.2026", "12.02.2026", "13.03.2026"]);
    const days = (text: string) => schema.apply(readCsv(`x\n${text}\n`)).data[0];
    expect(["2026-01-07", "7 Jan 2026", "07.01.2026"].map(days)).toEqual([2, 2, 2]);
    const words = encoded(["yes", "no", "no", "yes"]).schema;
    const rows = words.encode(readCsv("x\n1\nFALSE\ny\nmaybe\n"));
    expect([...rows.x.data]).toEqual([1, 0, 1, 0]);
    expect(rows.remarks).toMatchObject([{ row: 3, kind: "unseen", text: "maybe" }]);
  });

  test("minutes and seconds beside hours are told from hours and minutes, or asked for", () => {
    const laps = ["45:12", "1:02:10", "59:30", "2:10:00"];
    expect(reportOf(laps).says).toBe(
      "time, minutes:seconds, hours before them: seconds since the first",
    );
    expect(featuresOf(laps)).toEqual([0, 1018, 858, 5088]);
    const either = ["15:12", "1:02:10", "19:30", "2:10:00"];
    expect(() => encoded(either)).toThrow(
      'got "15:12"; date: {"x":"clock"} takes them as hours:minutes; ' +
        'date: {"x":"minutes"} takes them as minutes:seconds, hours before them',
    );
    expect(featuresOf(either, { date: { x: "minutes" } })).toEqual([0, 2818, 258, 6888]);
    expect(featuresOf(either, {}, "Elapsed Time")).toEqual([0, 2818, 258, 6888]);
  });

  test("months with their year are dates", () => {
    const { says, range } = reportOf(["Dec-2015", "Jan 2016", "März 2016", "May-2016"]);
    expect(says).toMatch(/^date, with the month's name: days since the first/);
    expect(range).toEqual(["2015-12-01", "2016-05-01"]);
    expect(reportOf(["Type 2016", "Mark 2017", "Type 2016", "Mark 2017"]).says).toMatch(/^one of/);
  });

  test("how long something took has no hour of the day", () => {
    const times = ["0:45:12", "1:02:10", "0:59:30", "2:10:00"];
    expect(reportOf(times, {}, "moved").says).toBe(
      "time, hours:minutes: seconds since the first, hour",
    );
    expect(reportOf(times, {}, "duration").says).toBe(
      "time, hours:minutes: seconds since the first",
    );
  });

  test("years of two digits say which they are", () => {
    const { why, range } = reportOf(["17-Jun-69", "3-Feb-65", "9-Mar-71", "30-May-80"]);
    expect(why).toBe("years of two digits are taken as 1969 to 2068");
    expect(range).toEqual(["1969-06-17", "2065-02-03"]);
    for (const text of [
      "3-Feb-1965|4-Feb-1965",
      "2024-05|2024-06",
      "9:30|9:31",
      "5. Mai 2024|6. Mai 2024",
    ]) {
      const texts = text.split("|");
      expect(reportOf([...texts, ...texts]).why, text).toBe(undefined);
    }
  });
});
