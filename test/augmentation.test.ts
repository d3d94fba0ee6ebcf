import {
  dense,
  flatten,
  type Layer,
  layer,
  loadModel,
  randomBrightness,
  randomContrast,
  randomErasing,
  randomFlip,
  randomTranslation,
  sequential,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

const [IMAGES, HEIGHT, WIDTH] = [64, 4, 3];
const PIXELS = HEIGHT * WIDTH;
type Pixels = readonly number[];

/** Images of which each pixel tells where it stands. */
const original = Array.from({ length: PIXELS }, (_, at) => Math.fround(at / PIXELS));
const images = {
  data: Float32Array.from({ length: IMAGES * PIXELS }, (_, at) => original[at % PIXELS]!),
  shape: [IMAGES, HEIGHT, WIDTH, 1],
};

/** What a layer makes of the images in a few steps of a training. */
function inTraining(made: Layer, steps = 1, seed = 3): Pixels[] {
  let seen!: Variable;
  const keeping = layer({
    type: "keeping",
    build(_shape, add) {
      seen = add("seen", images.shape, "zeros", { trainable: false });
    },
    call(x, { training, update }) {
      // Shapes are found with another number of rows.
      if (training && x.shape[0] === IMAGES) update(seen, () => x);
      return x;
    },
  });
  using model = sequential([made, keeping, flatten(), dense(1)], {
    inputShape: images.shape.slice(1),
    seed,
  }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return Array.from({ length: steps }, () => {
    model.trainOnBatch(images, { data: new Float32Array(IMAGES), shape: [IMAGES, 1] });
    return [...seen.data()];
  }).flatMap((all) =>
    Array.from({ length: IMAGES }, (_, i) => all.slice(i * PIXELS, (i + 1) * PIXELS)),
  );
}

const text = (image: Pixels) => image.join();
const at = (image: Pixels, i: number, j: number) => image[i * WIDTH + j]!;
const build = (f: (i: number, j: number) => number): Pixels =>
  Array.from({ length: PIXELS }, (_, k) => f(Math.floor(k / WIDTH), k % WIDTH));

const layers: Readonly<Record<string, () => Layer>> = {
  randomFlip: () => randomFlip(),
  randomTranslation: () => randomTranslation(0.3, [0, 0.3]),
  "randomTranslation of zeros": () => randomTranslation(0.3, 0.3, { fillMode: "constant" }),
  randomContrast: () => randomContrast(0.5),
  randomBrightness: () => randomBrightness(0.3),
  randomErasing: () => randomErasing(),
};

describe.each(Object.entries(layers))("%s", (_name, make) => {
  test("changes each image by itself, anew in each step, and none outside training", () => {
    const x = random([2, HEIGHT, WIDTH, 1], 1, 0, 1);
    expect(make()(x)).toBe(x);
    const [first, second] = [
      inTraining(make(), 2).slice(0, IMAGES),
      inTraining(make(), 2).slice(IMAGES),
    ];
    expect(new Set(first.map(text)).size).toBeGreaterThan(3);
    expect(first).not.toEqual(second);
    expect(inTraining(make()).map(text)).toEqual(first.map(text));
    expect(inTraining(make(), 1, 4)).not.toEqual(first);
    expect(first.flat().every(Number.isFinite)).toBe(true);
  });

  test("goes on with the same numbers from a file", () => {
    using model = sequential([make(), flatten(), dense(2)], {
      inputShape: images.shape.slice(1),
      seed: 1,
    }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const y = random([IMAGES, 2], 2);
    model.trainOnBatch(images, y);
    using loaded = loadModel(model.save({ includeOptimizer: true }));
    for (let step = 0; step < 3; step++) {
      expect(loaded.trainOnBatch(images, y)).toEqual(model.trainOnBatch(images, y));
    }
    expect(loaded.getWeights()).toEqual(model.getWeights());
  });
});

test("images are mirrored left and right, up and down, or not, each about as often", () => {
  const flips: Pixels[] = [
    build((i, j) => at(original, i, j)),
    build((i, j) => at(original, i, WIDTH - 1 - j)),
    build((i, j) => at(original, HEIGHT - 1 - i, j)),
    build((i, j) => at(original, HEIGHT - 1 - i, WIDTH - 1 - j)),
  ];
  const count = (mode: "horizontal" | "vertical" | "horizontalAndVertical") => {
    const seen = inTraining(randomFlip(mode), 4).map(text);
    return flips.map((flip) => seen.filter((image) => image === text(flip)).length);
  };
  const [both, across, down] = [
    count("horizontalAndVertical"),
    count("horizontal"),
    count("vertical"),
  ];
  for (const [counts, often] of [
    [both, [64, 64, 64, 64]],
    [across, [128, 128, 0, 0]],
    [down, [128, 0, 128, 0]],
  ] as const) {
    expect(counts.reduce((a, b) => a + b)).toBe(4 * IMAGES);
    counts.forEach((n, i) => {
      expect(Math.abs(n - often[i]!)).toBeLessThanOrEqual(often[i] === 0 ? 0 : 30);
    });
  }
});

test("images move by fractions of their size, and what comes in from outside is as asked for", () => {
  // One pixel down, none across.
  const moved = (fillMode: "constant" | "reflect" | "wrap" | "nearest", down = 1) =>
    inTraining(
      randomTranslation([down / HEIGHT, down / HEIGHT], 0, { fillMode, fillValue: 0.5 }),
    )[0]!;
  const rows = (...from: (number | null)[]) =>
    build((i, j) => (from[i] === null ? 0.5 : at(original, from[i]!, j)));
  expectAllclose(moved("constant"), rows(null, 0, 1, 2), 1e-6);
  expectAllclose(moved("nearest"), rows(0, 0, 1, 2), 1e-6);
  expectAllclose(moved("reflect"), rows(0, 0, 1, 2), 1e-6);
  expectAllclose(moved("reflect", 2), rows(1, 0, 0, 1), 1e-6);
  expectAllclose(moved("wrap"), rows(3, 0, 1, 2), 1e-6);
  expectAllclose(moved("wrap", -1), rows(1, 2, 3, 0), 1e-6);
  // Half a pixel: the mean of neighbors.
  const half = build((i, j) => (at(original, Math.max(i - 1, 0), j) + at(original, i, j)) / 2);
  expectAllclose(moved("nearest", 0.5), half, 1e-6);
  const right = inTraining(
    randomTranslation(0, [1 / WIDTH, 1 / WIDTH], { fillMode: "nearest" }),
  )[0]!;
  expectAllclose(
    right,
    build((i, j) => at(original, i, Math.max(j - 1, 0))),
    1e-6,
  );
});

test("contrast spreads about the mean, brightness adds, both within the range", () => {
  const mean = original.reduce((a, b) => a + b) / PIXELS;
  for (const image of inTraining(randomContrast(0.2, { valueRange: [-1, 2] }))) {
    const factor = (image[0]! - mean) / (original[0]! - mean);
    expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2 + 1e-5);
    expectAllclose(
      image,
      original.map((v) => (v - mean) * factor + mean),
      1e-5,
    );
  }
  for (const image of inTraining(randomBrightness(0.2, { valueRange: [-1, 2] }))) {
    const more = image[0]! - original[0]!;
    expect(Math.abs(more)).toBeLessThanOrEqual(0.6 + 1e-6);
    expectAllclose(
      image,
      original.map((v) => v + more),
      1e-5,
    );
  }
  const cut = inTraining(randomBrightness(1)).flat();
  expect([Math.min(...cut), Math.max(...cut)]).toEqual([0, 1]);
});

test("a rectangle is erased from as many images as asked for", () => {
  const marked = inTraining(randomErasing(0.5, { fillValue: -1, scale: [0.3, 0.5] }), 4);
  const erased = marked.filter((image) => image.includes(-1));
  expect(Math.abs(erased.length - 2 * IMAGES)).toBeLessThan(40);
  for (const image of erased) {
    const gone = Array.from({ length: PIXELS }, (_, k) => k).filter((k) => image[k] === -1);
    const [is, js] = [gone.map((k) => Math.floor(k / WIDTH)), gone.map((k) => k % WIDTH)];
    const extent = (all: number[]) => Math.max(...all) - Math.min(...all) + 1;
    expect(extent(is) * extent(js)).toBe(gone.length);
    image.forEach((v, k) => {
      if (v !== -1) expect(v).toBe(original[k]);
    });
  }
  expect(inTraining(randomErasing(0)).map(text)).toEqual(
    Array.from({ length: IMAGES }, () => text(original)),
  );
});
