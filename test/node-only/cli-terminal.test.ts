import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { confusionMatrix, formatConfusion } from "../../packages/cli/src/terminal/confusion.ts";
import {
  findMistakes,
  formatPictures,
  formatRows,
} from "../../packages/cli/src/terminal/mistakes.ts";
import { drawPicture } from "../../packages/cli/src/terminal/picture.ts";
import { formatSeconds, openProgress } from "../../packages/cli/src/terminal/progress.ts";
import { openReading } from "../../packages/cli/src/terminal/reading.ts";
import { openScreen, type Screen } from "../../packages/cli/src/terminal/screen.ts";

/** A stream that keeps what is written to it. */
function recorder(terminal: boolean) {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const tty = { isTTY: true, columns: 100, hasColors: (count: number) => count <= 256 };
  return {
    screen: openScreen(Object.assign(stream, terminal ? tty : {}) as unknown as NodeJS.WriteStream),
    text: () => text,
  };
}

const plain: Screen = recorder(false).screen;
const terminal: Screen = recorder(true).screen;
const ESCAPE = "\x1b[";

describe("pictures", () => {
  const pixels = Float32Array.of(0, 1, 0.5, 0); // (2, 2)
  const size = { width: 2, height: 2 };

  it("are two characters a pixel, blank to dense, without colors", () => {
    expect(drawPicture(pixels, size, false)).toEqual({ lines: ["  @@", "++  "], width: 4 });
  });

  it("are half-blocks in the 24 grays of the palette, enlarged to 16 columns", () => {
    const { lines, width } = drawPicture(pixels, size, true);
    expect(width).toBe(16);
    expect(lines).toHaveLength(8);
    const row = (left: number, right: number) =>
      [left, right].map((gray) => `\x1b[38;5;${gray};48;5;${gray}m▀`.repeat(8)).join("");
    expect(lines[0]).toBe(`${row(232, 255)}\x1b[0m`);
    expect(lines[7]).toBe(`${row(244, 232)}\x1b[0m`);
  });

  it("close an odd number of rows with black", () => {
    const image = new Float32Array(17 * 17).fill(1);
    const { lines } = drawPicture(image, { width: 17, height: 17 }, true);
    expect(lines).toHaveLength(9);
    expect(lines[8]).toContain("38;5;255;48;5;232m");
  });
});

describe("mistakes", () => {
  const predictions = {
    labels: Int32Array.of(0, 0, 0),
    probabilities: Float32Array.of(0.9, 0.7, 0.8),
    truthProbabilities: Float32Array.of(0.9, 0.3, 0.2),
  };
  const { worst: mistakes } = findMistakes([0, 1, 1], predictions, 8);

  it("come with the least probable truth first", () => {
    expect(mistakes.map(({ row }) => row)).toEqual([2, 1]);
    expect(mistakes[0]).toMatchObject({ truth: 1, predicted: 0 });
    expect(mistakes[0]!.truthProbability).toBeCloseTo(0.2);
    expect(mistakes[0]!.predictedProbability).toBeCloseTo(0.8);
  });

  it("are counted where not all are shown, the first of equals before others", () => {
    const same = { ...predictions, truthProbabilities: Float32Array.of(0.2, 0.3, 0.2) };
    const { count, worst } = findMistakes([1, 1, 1], same, 2);
    expect([count, ...worst.map(({ row }) => row)]).toEqual([3, 0, 2]);
  });

  it("stand side by side with both classes and probabilities", () => {
    const data = { x: { data: new Float32Array(12).fill(1), shape: [3, 4] } };
    const size = { width: 2, height: 2 };
    const text = formatPictures(mistakes, data as never, ["cat", "dog"], size, plain);
    expect(text.split("\n")).toEqual([
      "@@@@               @@@@",
      "@@@@               @@@@",
      "true dog  20.0 %   true dog  30.0 %",
      "said cat  80.0 %   said cat  70.0 %",
    ]);
  });
});

describe("mistakes of rows that are no pictures", () => {
  it("stand below each other, whatever their names and numbers are long", () => {
    const mistake = { truthProbability: 0.04, predictedProbability: 0.9 };
    const text = formatRows(
      [
        { ...mistake, row: 7, truth: 0, predicted: 1 },
        { ...mistake, row: 1234, truth: 1, predicted: 2 },
      ],
      ["ant", "bee", "centipede"],
    );
    expect(text.split("\n")).toEqual([
      "row    7   true ant         4.0 %   said bee        90.0 %",
      "row 1234   true bee         4.0 %   said centipede  90.0 %",
    ]);
  });
});

describe("the confusion matrix", () => {
  const matrix = confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2], 3);

  it("counts predictions by true class", () => {
    expect(matrix).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it("is a table, with colors only on a terminal", () => {
    const text = formatConfusion(matrix, ["a", "b", "c"], plain);
    const cells = text.split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(cells).toEqual([
      ["true \\ predicted", "a", "b", "c"],
      ["a", "1", "·", "·"],
      ["b", "·", "1", "1"],
      ["c", "·", "·", "1"],
    ]);
    expect(formatConfusion(matrix, ["a", "b", "c"], terminal)).toContain(ESCAPE);
  });
});

describe("the confusion matrix on a narrow terminal", () => {
  it("has its columns' names cut", () => {
    const names = Array.from({ length: 10 }, (_, i) => `some class ${i}`);
    const counts = names.map(() => names.map(() => 1000));
    const text = formatConfusion(counts, names, { ...terminal, colors: plain.colors, columns: 80 });
    expect(text.split("\n")[0]).toMatch(/^true \\ predicted( +som…){10}$/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe("progress", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "Date"] }));
  afterEach(() => void vi.useRealTimers());
  const logs = { loss: 0.5, accuracy: 0.75, val_loss: 0.25, val_accuracy: 1 };

  it("is one line an epoch where there is no terminal", () => {
    const { screen, text } = recorder(false);
    const progress = openProgress(screen, { epochs: 2, batches: 3 });
    expect(progress.batchEnd).toBeUndefined();
    vi.advanceTimersByTime(1500);
    progress.epochEnd(1, logs);
    progress.epochEnd(2, logs);
    progress.stop();
    const values = "loss 0.5000  accuracy 0.7500  val_loss 0.2500  val_accuracy 1.0000";
    expect(text()).toBe(`epoch 1/2  ${values}  1.5 s left\nepoch 2/2  ${values}  0.00 s left\n`);
  });

  it("does not take the first epoch of a quick training, which compiles, for its pace", () => {
    const { screen, text } = recorder(false);
    const progress = openProgress(screen, { epochs: 5, batches: 1 });
    vi.advanceTimersByTime(200);
    progress.epochEnd(1, { loss: 0.5 });
    vi.advanceTimersByTime(100);
    progress.epochEnd(2, { loss: 0.5 });
    vi.advanceTimersByTime(300);
    progress.epochEnd(5, { loss: 0.5 });
    expect(text().match(/(?<=0.5000 {2}).*/g)).toEqual(["- left", "0.30 s left", "0.00 s left"]);
  });

  it("is no more than some fifty lines, however many epochs there are", () => {
    const { screen, text } = recorder(false);
    const progress = openProgress(screen, { epochs: 500, batches: 3 });
    for (let epoch = 1; epoch <= 500; epoch++) progress.epochEnd(epoch, logs);
    const lines = text().trim().split("\n");
    expect(lines).toHaveLength(55);
    const named = lines.slice(0, 6).map((line) => line.slice(0, 13));
    expect(named).toEqual([1, 2, 3, 4, 5, 10].map((n) => `epoch ${`${n}`.padStart(3)}/500`));
  });

  it("is a bar with epoch, batch, loss, accuracy and time left on a terminal", () => {
    const { screen, text } = recorder(true);
    const progress = openProgress(screen, { epochs: 2, batches: 3 });
    progress.batchEnd?.(3, logs);
    vi.advanceTimersByTime(1000);
    progress.epochEnd(1, logs);
    vi.advanceTimersByTime(1000);
    progress.batchEnd?.(4, logs);
    progress.stop();
    progress.stop();
    expect(text()).toContain("epoch 2/2 batch 1/3  loss 0.5000  accuracy 0.7500  4.0 s left");
    expect(text()).toContain("epoch 1/2 batch 3/3  loss 0.5000  accuracy 0.7500  - left");
    expect(text()).toContain("█");
  });

  it("is a line above the bar too, for epochs long enough to read", () => {
    const { screen, text } = recorder(true);
    const progress = openProgress(screen, { epochs: 2, batches: 3 });
    vi.advanceTimersByTime(1000);
    progress.epochEnd(1, logs);
    const values = "loss 0.5000  accuracy 0.7500  val_loss 0.2500  val_accuracy 1.0000";
    expect(text()).toContain(`\r${ESCAPE}2Kepoch 1/2  ${values}\n\x1b7`);
    progress.stop();
    const { screen: another, text: shown } = recorder(true);
    const quick = openProgress(another, { epochs: 2, batches: 3 });
    quick.epochEnd(1, logs);
    quick.stop();
    expect(shown()).not.toContain(values);
  });

  it("is a bar with the time left while a large file is read, also one that grows", () => {
    const { screen, text } = recorder(true);
    const reading = openReading(40_000_000, screen.stream)("reading the rows");
    vi.advanceTimersByTime(1000);
    reading.at(10_000_000);
    reading.end();
    expect(text()).toContain("reading the rows  25 %  3.0 s left");
    const grown = openReading(40_000_000, screen.stream)("reading the rows");
    grown.at(50_000_000);
    grown.end();
    expect(text()).toContain("reading the rows  100 %  0.00 s left");
    const plainly = recorder(false);
    const silent = openReading(40_000_000, plainly.screen.stream)("reading the rows");
    silent.at(10_000_000);
    silent.end();
    expect(plainly.text()).toBe("");
  });

  it("says seconds the way people do", () => {
    expect([0.044, 1.54, 12.3, 125].map(formatSeconds)).toEqual([
      "0.04 s",
      "1.5 s",
      "12 s",
      "2 min 05 s",
    ]);
  });
});
