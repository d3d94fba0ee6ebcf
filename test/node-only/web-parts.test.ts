import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Point, toImage } from "../../packages/page/src/data/stroke.ts";
import { en } from "../../packages/page/src/i18n/en.ts";
import { ko } from "../../packages/page/src/i18n/ko.ts";
import {
  DATA_NAMES,
  defaults,
  readHash,
  type Settings,
  writeHash,
} from "../../packages/page/src/settings.ts";

describe("npm run web", () => {
  it.each([
    [["--port", "abc"], '--port: expected a number from 0 to 65535, got "abc"\n'],
    [["--prt", "1"], "Unknown option '--prt'\n"],
  ])("%j ends with one sentence", (options, sentence) => {
    const script = fileURLToPath(new URL("../../scripts/web.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, ...options], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, sentence]);
  });
});

describe("settings in the address", () => {
  it.each(DATA_NAMES)("%s: defaults and promise survive", (data) => {
    const promised = { steps: 300, sha256: "0123456789abcdef".repeat(4) };
    expect(readHash(writeHash(defaults(data), promised))).toEqual({
      settings: defaults(data),
      promised,
    });
  });

  it("every setting survives", () => {
    const settings: Settings = {
      data: "csv",
      noise: 50,
      depth: 0,
      width: 128,
      activation: "sigmoid",
      initializer: "zeros",
      optimizer: "momentum",
      learningRate: 0.125,
      batchSize: 7,
      seed: 2 ** 53 - 1,
      speed: 0,
      target: "größe & =mehr=",
    };
    expect(readHash(writeHash(settings))).toEqual({ settings, promised: undefined });
  });

  it("what cannot be read is left at its default", () => {
    const hash =
      "#data=digits&depth=99&width=x&activation=rleu&learningRate=-1&batchSize=1.5&steps=3";
    expect(readHash(hash)).toEqual({ settings: defaults("digits"), promised: undefined });
    expect(readHash("#steps=3&sha256=12").promised).toBeUndefined();
    expect(readHash("")).toEqual({ settings: defaults("spirals"), promised: undefined });
  });
});

describe("strokes as images", () => {
  const line = (...points: [number, number][]): Point[] => points.map(([x, y]) => ({ x, y }));
  const rows = (image: Float32Array) =>
    Array.from({ length: 8 }, (_, row) => [...image.subarray(8 * row, 8 * row + 8)]);

  it("a vertical line stands in the middle, from top to bottom, two pixels broad", () => {
    const image = rows(toImage([line([10, 0], [10, 100])]));
    for (const row of image.slice(1, 7)) {
      expect(row[3]! + row[4]!).toBeGreaterThan(1.2);
      expect(row[3]).toBe(row[4]);
      for (const side of [0, 1, 2, 5, 6, 7]) expect(row[side]).toBe(0);
    }
    expect(image[0]![3]).toBeGreaterThan(0.3);
    expect(image[7]![4]).toBeGreaterThan(0.3);
  });

  it("size and place do not matter", () => {
    const seven = (scale: number, shift: number) =>
      line([20, 10], [80, 10], [40, 90]).map(({ x, y }) => ({
        x: x * scale + shift,
        y: y * scale + shift,
      }));
    expect(toImage([seven(2, 64)])).toEqual(toImage([seven(1, 0)]));
  });

  it("a broad shape leaves the sides free, as the data set's digits do", () => {
    const image = rows(toImage([line([0, 0], [100, 0], [100, 60], [0, 60], [0, 0])]));
    for (const row of image) expect([row[0], row[7]]).toEqual([0, 0]);
    expect(image.flat().filter((value) => value > 0.3).length).toBeGreaterThan(12);
  });

  it("a dot is a dot", () => {
    const image = toImage([line([5, 5])]);
    expect(image.filter((value) => value > 0)).toHaveLength(4);
  });
});

describe("texts", () => {
  it("Korean has every text, none of them English", () => {
    const flat = (texts: object): string[] =>
      Object.entries(texts).flatMap(([key, value]) =>
        typeof value === "object" ? flat(value).map((k) => `${key}.${k}`) : [key],
      );
    expect(flat(ko)).toEqual(flat(en));
    const sentences = Object.values(ko).filter((text) => typeof text === "string");
    expect(sentences.filter((text) => !/[가-힣]/.test(text))).toEqual([]);
  });
});
