import {
  activation,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  binaryCrossentropy,
  categoricalCrossentropy,
  dense,
  dropout,
  flatten,
  type Initializer,
  input,
  klDivergence,
  type Layer,
  type Loss,
  type LossFunction,
  type LossName,
  lion,
  loadModel,
  mean,
  momentum,
  mul,
  nadam,
  normalization,
  type Optimizer,
  preluLayer,
  radam,
  rescaling,
  rmsprop,
  type SaveOptions,
  sequential,
  sgd,
  softmaxLayer,
  sparseCategoricalCrossentropy,
  square,
  sub,
  sum,
  tensor,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { type classifier, failure, flatWeights } from "./support/model.ts";
import { floats, sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

/** Draws what a case is made of. */
class Draw {
  readonly next: () => number;
  constructor(seed: number) {
    this.next = sequence(seed);
  }
  readonly below = (n: number): number => Math.floor(this.next() * n);
  readonly one = <T>(list: readonly T[]): T => list[this.below(list.length)]!;
  readonly maybe = <T extends object>(value: T): Partial<T> => (this.below(2) === 0 ? value : {});
}

const NAMES = [
  "0",
  "12",
  "__proto__",
  "constructor",
  "step",
  "optimizer",
  "dense_1",
  "ü ☃ 𝄞",
  " ",
  '"\\\n\0',
];

/** Layers that keep the shape of a row, (4). */
const LAYERS: readonly ((draw: Draw, name: { name?: string }) => Layer | Layer[])[] = [
  (_, name) => dense(4, { activation: "tanh", ...name }),
  (draw, name) =>
    dense(4, { useBias: draw.below(2) === 0, kernelInitializer: "heNormal", ...name }),
  (_, name) => dense(4, { biasInitializer: () => tensor(floats(4, 3)), ...name }),
  (draw, name) => dense(4, { activation: "leakyRelu", negativeSlope: draw.next(), ...name }),
  (_, name) => dense(4, { activation: "swish", ...name }),
  (draw, name) => activation("threshold", { threshold: draw.next(), value: -0, ...name }),
  (draw, name) => activation("elu", { alpha: draw.one([0, 1e-7, 1 / 3, 1]), ...name }),
  (draw, name) => dropout(draw.one([0, 0.1, 0.5]), name),
  (_, name) => softmaxLayer(name),
  (draw, name) =>
    preluLayer({ ...draw.maybe({ alphaInitializer: "lecunNormal" } as const), ...name }),
  (_, name) => flatten(name),
  (draw, name) =>
    normalization({ mean: floats(4, draw.below(99)), deviation: [0, 1, 1e-3, 2.5], ...name }),
  (draw, name) =>
    rescaling({ scale: draw.one([-0, 1 / 3, -2]), offset: draw.one([-0, 0.1]), ...name }),
  () => {
    const shared = dropout(0.3);
    return [shared, dense(4), shared];
  },
];

const OPTIMIZERS: readonly (() => Optimizer)[] = [
  () => sgd(),
  () => sgd({ learningRate: 0.1, weightDecay: 0.01, clipValue: 1 }),
  () => momentum({ learningRate: 1 / 3 / 10 }),
  () => sgd({ momentum: 0.5, nesterov: true }),
  () => adam({ clipNorm: 0.1 }),
  () => adam({ amsgrad: true, globalClipNorm: 1 }),
  () => adamW(),
  () => adamax(),
  () => nadam(),
  () => radam(),
  () => rmsprop(),
  () => rmsprop({ centered: true, momentum: 0.9 }),
  () => adagrad(),
  () => adadelta(),
  () => lion(),
];

const LOSSES: readonly (LossName | LossFunction)[] = [
  "sparseCategoricalCrossentropy",
  "categoricalCrossentropy",
  "binaryCrossentropy",
  "meanSquaredError",
  "meanAbsoluteError",
  "huber",
  "logCosh",
  "poisson",
  "cosineSimilarity",
  "hinge",
  "squaredHinge",
  "categoricalHinge",
  "klDivergence",
  (yTrue, yPred) => mean(square(sub(yTrue, yPred)), { axis: 1 }),
  (yTrue, yPred) => mul(sum(square(sub(yTrue, yPred))), 0.1),
];

const METADATA: readonly (Record<string, string> | undefined)[] = [
  undefined,
  {},
  { note: "" },
  JSON.parse(
    '{ "__proto__": "own", "1": "one", "": "empty", "model": "m", "format": "f", "user.x": "x" }',
  ),
  Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key ${i}`, `ü☃𝄞 "\\\n\0 ${i}`])),
];

const CLASS_NAMES: readonly (string[] | undefined)[] = [
  undefined,
  ["a", "b", "c", "d"],
  ["3", "1", "2", "0"],
  ["", "__proto__", "\ud800", "é\n"],
];

const ROWS = 10;

/** One random model, maybe compiled and trained, and how to save it. */
function drawn(seed: number) {
  const draw = new Draw(seed);
  const list = Array.from({ length: 1 + draw.below(5) }, () => {
    const name = draw.below(3) === 0 ? { name: draw.one(NAMES) } : {};
    return draw.one(LAYERS)(draw, name);
  }).flat();
  const shaped = draw.below(2) === 0;
  const [classNames, metadata] = [draw.one(CLASS_NAMES), draw.one(METADATA)];
  const model = sequential(shaped ? [input([4]), ...list] : list, {
    ...(shaped ? {} : { inputShape: [4] }),
    ...draw.maybe({ seed: draw.one([0, 7, 2 ** 53 - 1]) }),
    ...draw.maybe({ name: draw.one(NAMES) }),
    ...(classNames && { classNames }),
  });
  const optimizer = draw.one(OPTIMIZERS);
  const loss = draw.one(LOSSES);
  const options: SaveOptions = {
    ...draw.maybe({ includeOptimizer: true }),
    ...(metadata && { metadata }),
  };
  const metrics = loss === "sparseCategoricalCrossentropy" ? [] : (["meanAbsoluteError"] as const);
  /** What is said meanwhile. */
  const compile = (other: Pick<typeof model, "compile"> = model) => {
    const said: string[] = [];
    const warn = (message: string) => said.push(message);
    const rest = { metrics, warn };
    try {
      other.compile({ optimizer: optimizer(), loss, ...rest });
    } catch (error) {
      // What is computed from probabilities is refused unless it is said what it is.
      if (!String(error).includes("fromLogits")) throw error;
      const all: Readonly<Record<string, (options: { fromLogits: boolean }) => Loss>> = {
        binaryCrossentropy,
        categoricalCrossentropy,
        sparseCategoricalCrossentropy,
        klDivergence,
      };
      const told = all[loss as string]!({ fromLogits: true });
      other.compile({ optimizer: optimizer(), loss: told, ...rest });
    }
    return said.filter((message) => message.includes("anew"));
  };
  return { draw, model, loss, options, compile };
}

/** Four numbers a row that the loss takes: two sides, one-hot rows, or any from 0 to 1. */
function targetsOf(loss: string): Float32Array {
  const between = floats(4 * ROWS, 8, 0, 1);
  if (loss === "categoricalHinge") return between.map((_, i) => Number(i % 4 === (i >> 2) % 4));
  return /hinge/i.test(loss) ? between.map((v) => (v > 0.5 ? 1 : -1)) : between;
}

/** Trains epochs, on the same rows each time; whatever happens, as text: a step may fail, and fails alike. */
function epochs(model: object, loss: unknown, count: number): string {
  const trainable = model as ReturnType<typeof classifier>;
  const classes = Int32Array.from({ length: ROWS }, (_, i) => i % 4);
  const y =
    loss === "sparseCategoricalCrossentropy"
      ? classes
      : { data: targetsOf(String(loss)), shape: [ROWS, 4] };
  const x = { data: floats(4 * ROWS, 9), shape: [ROWS, 4] };
  try {
    const { history } = trainable.fitSync(x, y, { epochs: count, batchSize: 4 });
    return JSON.stringify(history);
  } catch (error) {
    return String(error);
  }
}

const predictions = (model: { predict: ReturnType<typeof sequential>["predict"] }) =>
  model.predict({ data: floats(20, 4), shape: [5, 4] }).data();

const rounds = import.meta.env.FERROGRAD_LONG ? 5000 : 40;

describe("whatever save accepts, loadModel loads", () => {
  test(`${rounds} random models: the same predictions, the same file again, and training goes on`, () => {
    let compiled = 0;
    const seeds = ours(Array.from({ length: rounds }, (_, i) => i + 1));
    for (const seed of seeds) {
      const { draw, model, loss, options, compile } = drawn(seed);
      const own = typeof loss === "function";
      const trained = draw.below(4) > 0;
      if (trained) {
        compile();
        epochs(model, loss, draw.below(3));
      }
      const bytes = model.save(options);
      const loaded = loadModel(bytes);
      const where = `seed ${seed}`;
      expect([loaded.name, loaded.seed, loaded.layers, loaded.classNames], where).toEqual([
        model.name,
        model.seed,
        model.layers,
        model.classNames,
      ]);
      expect(Object.entries(loaded.metadata), where).toEqual(
        Object.entries(options.metadata ?? {}),
      );
      expectSameBits(predictions(loaded), predictions(model), where);
      const { includeOptimizer = false } = options;
      expect(loaded.save({ includeOptimizer }), where).toEqual(bytes);
      if (trained && includeOptimizer) {
        compiled++;
        if (own) expect(compile(loaded), where).toEqual([]);
        expect(loaded.epochs, where).toBe(model.epochs);
        expect(epochs(loaded, loss, 2), where).toEqual(epochs(model, loss, 2));
        expectSameBits(flatWeights(loaded), flatWeights(model), where);
      }
      loaded.dispose();
      model.dispose();
    }
    expect(compiled).toBeGreaterThan(seeds.length / 5);
  });

  test("an array that changes later changes nothing", () => {
    const shape = [4];
    const mean = [1, 2, 3, 4];
    const layers = [input(shape), normalization({ mean, deviation: mean }), dense(1)];
    using model = sequential(layers);
    using other = sequential([dense(1)], { inputShape: shape });
    const before = predictions(model);
    shape[0] = 7;
    mean.fill(0);
    using loaded = loadModel(model.save());
    expectSameBits(predictions(loaded), before);
    expect([loaded.inputShape, loadModel(other.save()).inputShape]).toEqual([[4], [4]]);
  });

  test("a layer without weights may stand twice, and draws its own numbers in each place", () => {
    const shared = dropout(0.5);
    const identity: Initializer = ([n]) =>
      tensor(
        Float32Array.from({ length: n! * n! }, (_, i) => (i % (n! + 1) === 0 ? 1 : 0)),
        [n!, n!],
      );
    using model = sequential([dense(64, { kernelInitializer: identity }), shared, shared], {
      inputShape: [64],
    });
    expect(model.layers).toEqual(["dense", "dropout", "dropout_1"]);
    /** Of 64 ones those that neither dropout zeroed; the others are doubled twice. */
    const kept = (some: Pick<typeof model, "compile">) => {
      const ones = { data: new Float32Array(64).fill(1), shape: [1, 64] };
      const compiled = some.compile({ optimizer: sgd(), loss: (_, yPred) => sum(yPred) });
      return compiled.trainOnBatch(ones, ones).loss / 4;
    };
    const bytes = model.save();
    const left = kept(model);
    expect(left).toBeLessThan(26); // about 16; one mask twice would leave about 32
    using loaded = loadModel(bytes);
    expect(kept(loaded)).toBe(left);
  });
});

describe("what no file can hold, save refuses", () => {
  const model = sequential([dense(2)], { inputShape: [3] });

  test.each([
    ["a Map", new Map([["a", "b"]]), "expected an object of strings, got a Map"],
    ["an array", ["a"], "expected an object of strings, got an array of length 1"],
    ["a number", 5, "expected an object of strings, got 5"],
    ["a number in it", { a: 5 }, '"a": expected a string, got 5'],
  ])("%s as metadata", async (_name, metadata, expected) => {
    expect(await failure(() => model.save({ metadata: metadata as never }))).toBe(
      `ArgumentError: save(): metadata: ${expected}`,
    );
  });

  test("text that is no Unicode", async () => {
    const metadata = { note: "\ud800" };
    expect(await failure(() => model.save({ metadata }))).toBe(
      'ArgumentError: save(): metadata "user.note": expected a well-formed string, got a lone surrogate',
    );
  });

  test("weights and optimizer's state that are not finite", async () => {
    const layer = dense(2);
    using own = sequential([layer], { inputShape: [3] });
    (layer.variables[1] as Variable).assign([1, Number.NaN]);
    expect(await failure(() => own.save())).toBe(
      'DataError: save(): "dense/bias": element 1: expected a finite number, got NaN; setWeights() replaces weights',
    );
    own.setWeights([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [0, 0],
    ]);
    expect(loadModel(own.save()).parameterCount).toBe(8);
  });

  test("a name that is no text, at once", async () => {
    const options = { inputShape: [3], name: 5 as never };
    expect(await failure(() => sequential([dense(2)], options))).toBe(
      "ArgumentError: sequential(): name: expected text, got 5",
    );
  });
});
