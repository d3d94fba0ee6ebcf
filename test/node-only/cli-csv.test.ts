import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { bundledCommand, runInProcess } from "./cli-command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { folder, file, ferrograd, run } = bundledCommand();

/** A shipped data set as people keep theirs: a header with names, text labels in the last column. */
function writeTable(name: string, source: string): void {
  const text = readFileSync(join(root, "packages/ferrograd/data", source), "utf8");
  const [first, ...lines] = text.trim().split("\n");
  const [, features, ...classes] = first!.split(",");
  const header = Array.from({ length: Number(features) }, (_, i) => `measure ${i + 1}`);
  const rows = lines.map((line) => {
    const values = line.split(",");
    return [...values.slice(0, -1), classes[Number(values.at(-1))]].join(",");
  });
  writeFileSync(file(name), `${[[...header, "kind"].join(","), ...rows].join("\n")}\n`);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

describe("ferrograd train --csv", () => {
  it.each([
    ["iris.csv", "iris.csv", 0.93],
    ["wine.csv", "wine_data.csv", 0.96],
    ["breast-cancer.csv", "breast_cancer.csv", 0.95],
  ])("learns %s from a header and text labels", async (name, source, least) => {
    writeTable(name, source);
    const accuracies: number[] = [];
    for (const seed of [1, 2, 3]) {
      const options = `--target kind --networks 1 --seed ${seed} --no-report --json`.split(" ");
      const { stdout } = await runInProcess(["train", "--csv", file(name), ...options]);
      const { dataset, testAccuracy, epochs } = JSON.parse(stdout);
      expect(dataset).toBe(name);
      expect(epochs.length).toBeGreaterThan(5);
      accuracies.push(testAccuracy);
    }
    expect(median(accuracies)).toBeGreaterThanOrEqual(least);
  });
});

/** Pets whose kind follows from legs and color; some weights are missing. */
function writePets(): void {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const kind = ["cat", "bird", "frog"][i % 3]!;
    const legs = kind === "bird" ? 2 : 4;
    const color = kind === "frog" ? "green" : ["red", "gray"][(i >> 2) % 2];
    return `${i},${legs},${color},${i % 7 === 0 ? "" : 1 + (i % 5)},${kind}`;
  });
  writeFileSync(file("pets.csv"), `id,legs,color,weight,kind\n${rows.join("\n")}\n`);
}

describe("a model of a CSV file", () => {
  const args = "--csv pets.csv --target kind --ignore id --missing fill --hidden 128".split(" ");
  let trained: ReturnType<typeof ferrograd>;
  beforeAll(() => {
    writePets();
    writeFileSync(file("empty.csv"), "");
    writeFileSync(file("latin1.csv"), "size,kind\n1,cat\n2,k\xe4fer\n", "latin1");
    trained = ferrograd(["train", ...args, "--save", "pets.model", "--no-report"]);
  });

  it("is saved where it was asked for", () => {
    expect(trained.status).toBe(0);
    expect(trained.stdout).toContain("pets.csv: 48 rows to learn from, 12 for the test");
    expect(trained.stdout).toContain("saved the model to pets.model");
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("is announced with what the columns were taken for", () => {
    const lines = trained.stdout.split("\n").map((line) => line.replaceAll(/ +/g, " "));
    expect(lines.slice(2, 8)).toEqual([
      "column taken as missing example",
      "id left out 0 as was asked",
      "legs number 4",
      "color one of gray, green, red red",
      "weight number 9 2",
      "kind the target, one of 3 classes cat",
    ]);
    expect(trained.stdout).toContain("\n5-128-3: relu, adam");
  });

  it("predicts rows by their columns' names, in class names", async () => {
    writeFileSync(file("new.csv"), "color;weight;legs\ngreen;2;4\nred;?;2\ngray;3;4\n");
    const { stdout } = ferrograd(["predict", "--model", "pets.model", "--csv", "new.csv"]);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toBe("row,prediction,probability,remark");
    expect(lines.slice(1).map((line) => line.split(",").slice(0, 2))).toEqual([
      ["2", "frog"],
      ["3", "bird"],
      ["4", "cat"],
    ]);
    const json = await run("predict --model pets.model --csv new.csv --json");
    expect(JSON.parse(json.stdout)[1]).toEqual({
      row: 3,
      prediction: "bird",
      probability: expect.any(Number),
    });
  });

  it("knows columns whose names differ in case, blanks and underscores, and says so", async () => {
    writeFileSync(file("named.csv"), "KIND;Color;W eight;legs\ncat;green;2;4\nbird;red;5;2\n");
    const said =
      "columns of almost these names are read: Color as color, W eight as weight, KIND as kind";
    const predicted = await run("predict --model pets.model --csv named.csv");
    expect(predicted.stdout.split("\n")).toHaveLength(4);
    expect(predicted.stderr).toContain(said);
    const evaluated = await run("evaluate --model pets.model --csv named.csv");
    expect(evaluated.stdout).toContain(said);
    expect(evaluated.stdout).toContain("(1 of 2)");
    writeFileSync(file("twice.csv"), "Color;COLOR;weight;legs\ngreen;red;2;4\n");
    const twice = await run("predict --model pets.model --csv twice.csv");
    expect(twice.stderr).toContain('twice.csv: no column "color"; did you mean "Color"?');
  });

  it("is not tested on a data set that it knows nothing of", async () => {
    for (const command of ["evaluate", "diagnose"]) {
      const { status, stderr } = await run(`${command} --model pets.model --dataset iris`);
      expect(status).toBe(2);
      expect(stderr).toContain(
        'ferrograd: --dataset: pets.model: expected --csv and a file as "pets.csv", which it was trained on, got "iris"',
      );
    }
  });

  it("reads decimal commas where they are said", async () => {
    writeFileSync(file("commas.csv"), "color;weight;legs\ngreen;2,5;4\n");
    const refused = await run("predict --model pets.model --csv commas.csv");
    expect(refused.stderr).toContain('got "2,5"; --decimal , takes it as the decimal mark');
    const { stdout } = await run("predict --model pets.model --csv commas.csv --decimal ,");
    expect(stdout).toMatch(/\n2,frog,0\.\d+,\n$/);
  });

  it("writes the answers to a file", async () => {
    await run("predict --model pets.model --csv pets.csv --output answers.csv");
    const lines = readFileSync(file("answers.csv"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(61);
    expect(lines[1]).toMatch(/^2,cat,0\.\d+,$/);
  });

  it("is tested on rows whose answers are known", async () => {
    const { stdout, stderr } = await run("evaluate --model pets.model --csv pets.csv --json");
    expect(JSON.parse(stdout)).toEqual({
      rows: 60,
      accuracy: 1,
      accuracyInterval: [1, 1],
      balancedAccuracy: 1,
      mostFrequentClass: { name: "bird", share: 20 / 60 },
      classes: ["bird", "cat", "frog"].map((name) => ({
        ...{ name, precision: 1, recall: 1, f1: 1, count: 20 },
      })),
      loss: expect.any(Number),
    });
    expect(stderr).toContain("test accuracy 1.0000 (60 of 60), 95 % between 1.0000 and 1.0000");
  });

  it("says what it is", async () => {
    const { stdout } = await run("inspect pets.model");
    expect(stdout).toContain("normalization");
    expect(stdout).toContain("classes: bird, cat, frog");
    expect(stdout).toMatch(/^color +one of gray, green, red; missing: \w+$/m);
    expect(stdout).toMatch(/^data +pets\.csv$/m);
    const { layers, parameters, training, weightsSha256 } = JSON.parse(
      (await run("inspect pets.model --json")).stdout,
    );
    expect(layers.slice(0, 4)).toEqual(["normalization", "dense", "dense_1", "softmax"]);
    expect(layers.at(-1)).toBe("average");
    expect(parameters).toBe(5 * (5 * 128 + 128 + 128 * 3 + 3));
    expect(training).toMatchObject({ networks: 5, outputs: "probabilities" });
    expect(training["weights SHA-256"]).toBe(weightsSha256);
  });

  it.each([
    [
      "train --csv pets.csv",
      2,
      "ferrograd: --target: expected the column to predict, one of id, legs, color, weight, kind, got none; most likely --target kind",
    ],
    [
      "train --csv pets.csv --target knd",
      1,
      'pets.csv: no target column "knd"; did you mean "kind"?',
    ],
    [
      "train --csv pets.csv --target kind --missing error",
      1,
      'pets.csv: row 2, column "weight": expected a value, got none; --missing fill fills it in',
    ],
    [
      "train --csv nowhere.csv --target kind",
      2,
      'ferrograd: --csv: expected a file to read, got "nowhere.csv": no such file or folder',
    ],
    ["train --csv empty.csv --target kind", 1, "empty.csv: expected a header, got nothing"],
    ["train --json", 2, "ferrograd: expected --dataset or --csv, got neither"],
    ["train --dataset iris --csv pets.csv", 2, "ferrograd: expected --dataset or --csv, got both"],
    [
      "train --dataset iris --target kind",
      2,
      "ferrograd: --target: expected --csv beside it, got --dataset",
    ],
    [
      "train --csv pets.csv --target kind --data .",
      2,
      "ferrograd: --data: expected --dataset beside it, got --csv",
    ],
    [
      "train --csv latin1.csv --target kind",
      1,
      "latin1.csv: row 3: expected text in UTF-8, got the byte 0xe4; --encoding windows-1252 reads files of western Windows",
    ],
    [
      "train --dataset iris --save no/where.model",
      2,
      'ferrograd: --save: expected a file to write, got "no/where.model": no such file or folder',
    ],
    [
      "train --dataset iris --early-stopping 3 --validation-split 0",
      2,
      "ferrograd: --early-stopping: expected a --validation-split above 0 to watch, got 0",
    ],
    [
      "predict --model pets.csv --csv pets.csv",
      2,
      'ferrograd: --model: expected a saved model, got "pets.csv": ',
    ],
    [
      "predict --model pets.model --csv answers.csv",
      1,
      'answers.csv: no columns "legs", "color", "weight"; expected one of "row", "prediction", "probability"',
    ],
  ])("%s: one sentence", async (line, status, sentence) => {
    const result = await run(line);
    expect(result).toMatchObject({ status, stdout: "" });
    expect(result.stderr.startsWith(sentence)).toBe(true);
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("of a data set knows no columns, but can be tested on it", async () => {
    await run("train --dataset iris --epochs 5 --save iris.model --no-report");
    expect(await run("predict --model iris.model --csv pets.csv")).toMatchObject({
      status: 2,
      stderr:
        'ferrograd: --csv: iris.model: expected a model trained with --csv, which knows its columns, got one trained on "iris"\n',
    });
    const { stdout } = await run("evaluate --model iris.model --dataset iris --json");
    expect(JSON.parse(stdout).rows).toBe(30);
  });
});

describe("a target of numbers", () => {
  beforeAll(() => {
    const rows = Array.from({ length: 200 }, (_, i) => {
      const [area, rooms] = [30 + ((i * 37) % 100), 1 + (i % 5)];
      return `${area},${rooms},${100_000 + area * 3000 + rooms * 5000}.5`;
    });
    writeFileSync(file("houses.csv"), `area,rooms,price\n${rows.join("\n")}\n`);
  });

  it("is learnt by regression, in its units", async () => {
    const { stdout, stderr } = await run(
      "train --csv houses.csv --target price --hidden 128 --epochs 60 --save houses.model --no-report --json",
    );
    const { model, testRmse, testR2, epochs } = JSON.parse(stdout);
    expect(model).toEqual([2, 128, 1]);
    expect(testR2).toBeGreaterThan(0.99);
    expect(testRmse).toBeLessThan(10_000);
    expect(Object.keys(epochs[0])).toEqual(["loss", "val_loss"]);
    expect(stderr).toContain("test RMSE");
    const { stdout: answers } = await run("predict --model houses.model --csv houses.csv --json");
    const predictions: { prediction: number }[] = JSON.parse(answers);
    const digits = predictions.map(({ prediction }) => String(prediction).replace(".", "").length);
    expect(Math.max(...digits)).toBeLessThanOrEqual(9);
    const [first] = predictions as [{ prediction: number }];
    expect(Math.abs(first.prediction - 195_000.5)).toBeLessThan(15_000);
  });
});

describe("importance", () => {
  it("is that of the columns that the answers hang on", async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${(i * 37) % 101},${(i * 53) % 97},${["a", "b"][Number((i * 37) % 101 > 50)]}`,
    );
    writeFileSync(file("side.csv"), `side,noise,kind\n${rows.join("\n")}\n`);
    const options = "--target kind --networks 1 --no-report --json";
    const { importance } = JSON.parse((await run(`train --csv side.csv ${options}`)).stdout);
    expect(importance.map(({ name }: { name: string }) => name)).toEqual(["side", "noise"]);
    expect(importance[0].importance).toBeGreaterThan(0.3);
    expect(Math.abs(importance[1].importance)).toBeLessThan(0.1);
  });
});

describe("the report", () => {
  const report = async (line: string) => {
    const { stdout } = await run(line);
    const path = /^report: (.*)$/m.exec(stdout)![1]!;
    return { path, page: readFileSync(path, "utf8") };
  };
  /** What a browser would have to load from elsewhere. */
  const elsewhere = /<script|<link|(src|href)="(?!data:)|url\(/;

  it("of images: curves, matrix, mistakes and weights as pictures, settings, hash", async () => {
    const { path, page } = await report("train --dataset digits --epochs 2 --report digits.html");
    expect(basename(path)).toBe("digits.html");
    expect(page).not.toMatch(elsewhere);
    expect(page.match(/<figure>/g)).toHaveLength(2);
    expect(
      page.match(/<img alt="weights of unit \d+" src="data:image\/bmp;base64,Qk/g),
    ).toHaveLength(64);
    for (const part of [
      "Confusion matrix",
      "Worst mistakes",
      '<th scope="row">seed</th><td>0</td>',
    ]) {
      expect(page).toContain(part);
    }
    expect(page).toMatch(/weights SHA-256<\/th><td>[0-9a-f]{64}</);
  });

  it("of a table: names are text, whatever is in them; it goes to report.html", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 2 ? "<b>" : "a & b"}`);
    writeFileSync(file("names.csv"), `"x<script>",kind\n${rows.join("\n")}\n`);
    const { path, page } = await report("train --csv names.csv --target kind --epochs 1");
    expect(basename(path)).toBe("report.html");
    expect(page).not.toMatch(elsewhere);
    expect(page).toContain("x&lt;script&gt;");
    expect(page).toContain("a &amp; b");
    for (const part of ["Classes", "Importance", "Response", "Columns", "balanced accuracy"]) {
      expect(page).toContain(part);
    }
  });

  it("of many classes and features: those that are most confused, and weigh most", async () => {
    const names = Array.from({ length: 103 }, (_, i) => `x${i}`);
    const rows = Array.from({ length: 150 }, (_, row) =>
      [...names.map((_, i) => (row * (i + 3)) % 107), `class ${row % 25}`].join(","),
    );
    writeFileSync(file("many.csv"), `${names.join(",")},kind\n${rows.join("\n")}\n`);
    const { page } = await report(
      "train many.csv --target kind --hidden 4 --networks 1 --epochs 1",
    );
    const [matrix] = /<table class="matrix">.*?<\/table>/s.exec(page)!;
    expect(matrix.match(/<th scope="col">/g)).toHaveLength(20);
    expect(page).toContain("the 20 classes of 25 that are most confused");
    expect(page).toContain("the 100 features of 103 that weigh most");
    // Each has a twenty-fifth of the rows: none is rare.
    expect(page).not.toContain("class-weights balanced");
  });

  it("of numbers: predicted over true values", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i * 2.5}`);
    writeFileSync(file("line.csv"), `x,y\n${rows.join("\n")}\n`);
    const { page } = await report("train --csv line.csv --target y --epochs 1 --report line.html");
    expect(page.match(/<circle /g)).toHaveLength(8);
    expect(page).toContain("RMSE of always answering the mean");
    expect(page).toContain("test RMSE");
  });
});
