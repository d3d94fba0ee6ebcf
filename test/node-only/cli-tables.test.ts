import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { readCsv } from "ferrograd/csv";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { refused, WholeFile } from "../../packages/cli/src/files.ts";
import { names, nameWord } from "../../packages/cli/src/options.ts";
import { openCsv } from "../../packages/cli/src/table/file.ts";
import { loadCsv } from "../../packages/cli/src/table/load.ts";
import { folderOfTests, runInProcess } from "./cli-command.ts";

const { folder, file } = folderOfTests();
const run = (...args: string[]) => runInProcess(args, folder);

/** What is said of a table when it is described, learnt from and asked about. */
async function use(name: string, target: string) {
  const described = (await run("describe", name)).stdout;
  const learning = "--hidden none --epochs 2 --no-report --save used.model".split(" ");
  const trained = await run("train", name, "--target", target, ...learning);
  expect(trained.stderr).toBe("");
  const { stdout } = await run("predict", "--model", "used.model", "--csv", name, "--json");
  const answers: { row: number; prediction: string }[] = JSON.parse(stdout);
  return { described, trained: trained.stdout, answers };
}

describe("files of other kinds", () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${(i * 5) % 11},${"uv"[i % 2]}`);

  it("names that come again are told apart", async () => {
    writeFileSync(file("again.csv"), `score,score,kind\n${rows.join("\n")}\n`);
    const { described, trained, answers } = await use("again.csv", "kind");
    const said = "names that come again have a number behind them: score.1 (column 2)";
    expect(described.split("\n")[1]).toBe(said);
    expect(trained).toContain(said);
    expect(described).toMatch(/^score\.1 +number +0 to 10$/m);
    expect(answers).toHaveLength(30);
    expect(answers[0]!.row).toBe(2);
  });

  it("what training never saw is counted where a model is tested", async () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) => `${["red", "blue", "green"][i % 3]},${i % 7},${"uv"[i % 2]}`,
    );
    writeFileSync(file("seen.csv"), `colour,a,k\n${lines.join("\n")}\n`);
    await use("seen.csv", "k");
    writeFileSync(file("unseen.csv"), "colour,a,k\npurple,1,u\nRed,2,v\nblue,900,u\n");
    const { stdout } = await run("evaluate", "--model", "used.model", "--csv", "unseen.csv");
    expect(stdout.split("\n")[0]).toBe(
      "2 of 3 rows have something that training never saw: predict marks them",
    );
  });

  it("options that take names add up where they are given more than once", async () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) => `${i % 3 || "none yet"},${i % 7 || "tbd"},${i % 5},${"uv"[i % 2]}`,
    );
    writeFileSync(file("twice.csv"), `a,b,c,k\n${lines.join("\n")}\n`);
    const marks = ["--missing-marks", "tbd", "--missing-marks", "none yet"];
    const out = ["--ignore", "b", "--ignore", "c"];
    const said = await run(
      "train",
      "twice.csv",
      "--target",
      "k",
      ...marks,
      ...out,
      "--epochs",
      "2",
      "--hidden",
      "none",
      "--no-report",
    );
    expect(said.stderr).toBe("");
    expect(said.stdout).toMatch(/^a +number +7 /m);
    expect(said.stdout).toMatch(/^b +left out.*\nc +left out/m);
  });

  it("rows in the order of a day have their last ones suggested for the test", async () => {
    const load = async (days: readonly number[], by: "chance" | "time" = "chance") => {
      const text = days.map((day, i) => `2026-01-${day},${i % 7},${"uv"[i % 2]}\n`).join("");
      writeFileSync(file("days.csv"), `the day,a,k\n${text}`);
      const dated = openCsv("--csv", file("days.csv"), {});
      const watch = () => ({ at() {}, end() {} });
      return (await loadCsv(dated, { target: "k" }, watch, { by, column: "the day" })).notes;
    };
    const rising = Array.from({ length: 20 }, (_, i) => 10 + (i >> 1));
    expect(await load(rising)).toEqual([
      "the rows are in the order of the day: --split-by-time 'the day' tests on those that come last",
    ]);
    expect(await load([...rising, 10])).toEqual([]);
    expect(await load(rising, "time")).toEqual([]);
  });

  it("blanks separate values, where they are found and where they are told", async () => {
    const text = rows.map((row) => ` ${row.replaceAll(",", "   ")}`).join("\n");
    writeFileSync(file("blank.data"), text);
    const { described, answers } = await use("blank.data", "column3");
    expect(described.split("\n")[0]).toBe("blank.data: 30 rows, 3 columns");
    expect(answers[0]!.row).toBe(1);
    const told = await run("describe", "blank.data", "--delimiter", "space");
    expect(told.stdout).toBe(described);
  });

  it("a gzip is read as what is in it", async () => {
    const text = `a,b,kind\n${rows.join("\n")}\n`;
    writeFileSync(file("plain.csv"), text);
    writeFileSync(file("plain.csv.gz"), gzipSync(text));
    const { described, answers } = await use("plain.csv.gz", "kind");
    const plain = await use("plain.csv", "kind");
    expect(described.replaceAll(".gz", "")).toBe(plain.described);
    expect(answers).toEqual(plain.answers);
    writeFileSync(file("cut.csv.gz"), gzipSync(text).subarray(0, 60));
    const { status, stderr } = await run("describe", "cut.csv.gz");
    expect(status).toBe(2);
    expect(stderr).toBe(
      'ferrograd: <file>: expected a file to read, got "cut.csv.gz": its gzip is cut off\n',
    );
  });
});

describe("exports of spreadsheets", () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `r${i % 4},${i % 7},${(i * 5) % 11},${"ab"[i % 2]}`,
  );
  const table = `region,Weight (kg),Price [$],kind\n${rows.join("\n")}\n`;
  beforeAll(() => {
    writeFileSync(file("export.csv"), `Sales,,,\n,,,\nas of 2024,,,\n${table}Total,120,200,\n`);
    writeFileSync(file("stray.csv"), `"5" things\n${table}`);
  });

  it("lines above the header are left out, one below is named", async () => {
    const { stdout } = await run("describe", "export.csv");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "export.csv: 41 rows, 4 columns",
      "3 lines above the header left out",
      'row 45 looks like a line below the table: "Total"',
    ]);
  });

  it("names with units are names: suggested, quoted, trained on, predicted", async () => {
    const { stdout } = await run("describe", "export.csv", "--ignore", "region");
    expect(stdout).toContain(
      "most likely Price [$] or kind: ferrograd train --csv export.csv --target kind",
    );
    const none = await run("train", "export.csv", "--ignore", "kind");
    expect(none.stderr).toContain("got none; most likely --target 'Price [$]'");
    const trained = await run(
      ...["train", "export.csv", "--target", "Price [$]", "--ignore", "Weight (kg),kind"],
      ...["--networks", "1", "--epochs", "2", "--no-report", "--save", "price.model"],
    );
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    expect(trained.stdout).toMatch(/^Weight \(kg\) +left out/m);
    const said = await run("predict", "--model", "price.model", "--csv", "export.csv");
    expect(said.stderr).toContain("3 lines above the header left out");
    expect(said.stdout.split("\n")[1]).toMatch(/^5,/);
    for (const command of ["evaluate", "diagnose"]) {
      const tested = await run(command, "--model", "price.model", "--csv", "export.csv");
      expect([tested.status, tested.stdout]).toEqual([
        0,
        expect.stringMatching(/^3 lines above the header left out\nrow 45 looks like /),
      ]);
    }
    const wrong = await run("train", "export.csv", "--target", "Price");
    expect(wrong.stderr).toContain('did you mean "Price [$]"?');
  });

  it("--skip-lines says how many there are", async () => {
    expect((await run("describe", "stray.csv")).stderr).toContain("--quote none");
    const { stdout } = await run("describe", "stray.csv", "--skip-lines", "1");
    expect(stdout).toContain("stray.csv: 40 rows, 4 columns\n\n");
    const { status, stderr } = await run("describe", "stray.csv", "--skip-lines", "some");
    expect([status, stderr]).toEqual([
      2,
      'ferrograd: --skip-lines: expected an integer of 0 or more, got "some"\n',
    ]);
  });
});

describe("files that are no tables", () => {
  const say = async (name: string) => (await run("train", name, "--target", "k")).stderr;

  it.each([
    ["empty.csv", "", "empty.csv: expected a header, got nothing\n"],
    ["blank.csv", "\n\n \n", "blank.csv: expected a header, got nothing\n"],
    ["header.csv", "a,k\n", "header.csv: expected rows below the header, got none\n"],
    [
      "column.csv",
      "k\nx\ny\nx\ny\n",
      "column.csv: expected a column beside the target, got none\n",
    ],
    [
      "row.csv",
      "a,k\n1,x\n",
      'row.csv: column "k": expected between 2 classes and one for every two rows, got 1 in 1 rows\n',
    ],
  ])("%s: one sentence", async (name, text, said) => {
    writeFileSync(file(name), text);
    expect(await say(name)).toBe(said);
  });

  it.skipIf(process.platform === "win32")(
    "a folder, a socket, and one that may not be read",
    async () => {
      expect(await say(".")).toContain('got ".": it is a folder\n');
      const server = createServer().listen(file("socket"));
      await once(server, "listening");
      expect(await say("socket")).toContain('got "socket": it is a socket');
      server.close();
      const error = Object.assign(new Error(), { code: "EACCES" });
      expect((refused("--csv", "a file to read", "x.csv", error) as Error).message).toBe(
        'ferrograd: --csv: expected a file to read, got "x.csv": permission denied',
      );
      const secret = "/proc/sys/vm/compact_memory"; // not even root reads it
      if (existsSync(secret)) expect(await say(secret)).toMatch(/permission denied\n$/);
    },
  );

  it("nothing to learn from, with the reasons; values that nothing known separates", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${"uv"[i % 2]},text ${i},same,${i}`);
    writeFileSync(file("left.csv"), `k,note,c,id\n${rows.join("\n")}\n`);
    expect((await say("left.csv")).split("\n").slice(0, 4)).toEqual([
      "left.csv: 3 problems",
      '  column "note": expected a column beside the target, got one that is left out: its texts hardly repeat: 20 in 20 rows; --text note keeps it',
      '  column "c": expected a column beside the target, got one that is left out: it is "same" wherever it has a value',
      '  column "id": expected a column beside the target, got one that is left out: it counts the rows; --numeric id keeps it',
    ]);
    writeFileSync(file("tildes.txt"), `a~b\n${rows.map((_, i) => `${i}~${i % 3}`).join("\n")}\n`);
    expect((await run("describe", "tildes.txt")).stdout).toMatch(
      /could be predicted: --delimiter says what separates values\n$/,
    );
  });

  it("more classes than a network has outputs", async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => `${i % 7},name ${i >> 1}`);
    writeFileSync(file("names.csv"), `a,k\n${rows.join("\n")}\n`);
    expect(await say("names.csv")).toBe(
      'names.csv: column "k": expected at most 1000 classes, got 2000: is it a name or an id?\n',
    );
  });

  it("one that changes while it is read", async () => {
    const rows = (count: number) =>
      readCsv(`a,k\n${Array.from({ length: count }, (_, i) => `${i},${"xy"[i % 2]}\n`).join("")}`);
    const load = (...counts: number[]) => {
      const changing = {
        name: "log.csv",
        size: 100,
        async *batches() {
          yield rows(counts.shift()!);
        },
      };
      const silent = () => ({ at() {}, end() {} });
      return loadCsv(changing, { target: "k", numeric: ["a"] }, silent, { by: "chance" });
    };
    await expect(load(20, 30)).rejects.toThrow(
      "log.csv: expected 20 rows, as when its columns were looked at, got more: it changed while it was read",
    );
    await expect(load(20, 10)).rejects.toThrow("got 10: it changed while it was read");
    expect((await load(20, 20)).data.length).toBe(20);
  });
});

describe("what is wrong with an option", () => {
  beforeAll(() => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i % 7},${i % 5},${"uv"[i % 2]}`);
    writeFileSync(file("plain.csv"), `a,b,k\n${rows.join("\n")}\n`);
    writeFileSync(file("pair.csv"), "a,k\n1.5,2\n3.5,4.5\n");
  });

  it.each([
    ["--delimiter ab", '--delimiter: expected one character, no quote and no line end, got "ab"'],
    ["--encoding klingon", "--encoding: expected an encoding such as"],
    ["--missing-marks x --quote ab", "--quote: expected one character"],
    ["--text a:0", "--text: a: expected a positive integer, got 0"],
    ["--date a:xyz", '--date: unknown a "xyz"; expected one of "any", "ymd", "dmy"'],
    ["--ignore k", '--ignore: expected other columns than the target "k"'],
    ["--ignore a --numeric a", "--numeric: expected each column to be one thing"],
    ["--folds 21", "--folds: expected at most 20, one for each row, got 21"],
    ["--folds 7 --group b", "--group: expected at least 7 different texts, got 5"],
    [
      "--task regression --ignore k --target a --class-weights balanced",
      "--class-weights: expected a target of classes, got numbers",
    ],
  ])("%s: is said in the words of the command", async (options, said) => {
    const words = `train plain.csv --target k --no-report ${options}`.split(" ");
    const { status, stderr } = await run(...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`ferrograd: ${said}`)]);
  });

  it("too few rows for a test are said to be", async () => {
    const { status, stderr } = await run("train", "pair.csv", "--target", "k", "--no-report");
    expect([status, stderr]).toEqual([
      1,
      "pair.csv: expected at least 3 rows that have a target, got 2\n",
    ]);
  });
});

describe("names with commas", () => {
  it("stand in quotes between others", () => {
    expect(names('"size, in m",id, "say ""x""" ,5" pipe')).toEqual([
      "size, in m",
      "id",
      'say "x"',
      '5" pipe',
    ]);
    expect(names('"a, b":20,c:3')).toEqual(["a, b:20", "c:3"]);
    expect(names(["a, b", '"c"', "d"].map(nameWord).join(","))).toEqual(["a, b", '"c"', "d"]);
  });

  it("are suggested so, and taken", async () => {
    writeFileSync(
      file("survey.csv"),
      `x,"Why, if at all?",k\n${"1,2,u\n2,3,v\n3,4,u\n4,5,v\n".repeat(5)}5,no,u\n`,
    );
    const { stderr } = await run("train", "survey.csv", "--target", "k");
    expect(stderr).toContain(`--ignore '"Why, if at all?"' leaves the column out`);
    const { stdout } = await run("describe", "survey.csv", "--ignore", '"Why, if at all?"');
    expect(stdout).toMatch(/^Why, if at all\? +left out/m);
  });
});

describe("a file that is written", () => {
  const partial = () => readdirSync(folder).filter((name) => name.includes("partial"));

  it("by two at once is that of the last, whole, with nothing beside it", () => {
    const [one, other] = [
      new WholeFile("--output", file("out")),
      new WholeFile("--output", file("out")),
    ];
    one.write("a".repeat(1000));
    other.write("b");
    one.write("a");
    other.end();
    expect(readFileSync(file("out"), "utf8")).toBe("b");
    one.end();
    expect(readFileSync(file("out"), "utf8")).toBe("a".repeat(1001));
    expect(partial()).toEqual([]);
  });

  it("is gone when a signal ends the process before it is whole", () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const before = process.listenerCount("SIGTERM");
    new WholeFile("--output", file("cut")).write("half");
    expect(partial()).toHaveLength(1);
    // To the file's own listener alone: a browser that other files share ends by the signal.
    const [own] = process.listeners("SIGTERM").slice(before);
    own!("SIGTERM");
    expect(kill).toHaveBeenCalledWith(process.pid, "SIGTERM");
    expect(partial()).toEqual([]);
    expect(process.listenerCount("SIGTERM")).toBe(before);
    kill.mockRestore();
  });
});
