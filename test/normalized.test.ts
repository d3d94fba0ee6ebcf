/** Normalizations have kernels of their own: they are what the functions of their formula are, gradients of gradients too. */
import {
  add,
  type BatchNormalizationOptions,
  batchNormalization,
  concatenate,
  div,
  grad,
  groupNormalization,
  input,
  type Layer,
  type LayerNormalizationOptions,
  layer,
  layerNormalization,
  mean,
  mul,
  relu,
  reshape,
  sequential,
  sgd,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Variable,
  variance,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

/** The formula, of functions on tensors. */
function formula(x: Tensor, axis: number[], gamma: Tensor | number, beta: Tensor | number) {
  const over = { axis, keepDims: true };
  const scale = div(1, sqrt(add(variance(x, over), 1e-3)));
  return add(mul(mul(sub(x, mean(x, over)), scale), gamma), beta);
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const keeping = (shape: readonly number[], axes: readonly number[]) =>
  shape.map((size, i) => (axes.includes(i) ? size : 1));

/** Adds a variable, whose gradient is that of what comes behind. */
const shifted = () => {
  let by: Variable;
  return layer({
    type: "shifted",
    config: {},
    build(shape, add) {
      by = add("by", shape as number[], "zeros");
    },
    call: (x) => add(x, by),
  });
};

type Batch = [string, BatchNormalizationOptions, number[]];

describe("batch normalization", () => {
  test.each<Batch>([
    ["of columns", {}, [5, 3]],
    ["of as many columns as rows", {}, [4, 4]],
    ["of many columns", {}, [9, 517]],
    ["without factors", { scale: false, center: false }, [6, 2]],
    ["with a shift alone", { scale: false }, [6, 2]],
    ["with a factor alone", { center: false }, [6, 2]],
    ["of channels", {}, [3, 4, 2]],
    ["of channels that come first", { axis: 1 }, [3, 2, 4]],
    ["of one row", {}, [1, 3]],
    ["of a large batch", {}, [32, 72]],
    ["of a large batch, with a shift alone", { scale: false }, [32, 72]],
    ["of a large batch, with a factor alone", { center: false }, [32, 72]],
    ["of a large batch, without factors", { scale: false, center: false }, [32, 72]],
    ["of a large batch of an odd width", {}, [70, 31]],
    ["of a large batch of channels", {}, [6, 20, 20]],
    ["of a large batch of one column", {}, [2400, 1]],
  ])("%s takes the steps of its formula", (_name, options, shape) => {
    const at = (options.axis ?? -1) < 0 ? shape.length - 1 : options.axis!;
    const others = shape.flatMap((_, i) => (i === at ? [] : [i]));
    const { scale = true, center = true } = options;
    const plain = layer({
      type: "plain",
      config: {},
      build(_shape, add) {
        Object.assign(own, {
          ...(scale && { gamma: add("gamma", [shape[at]!], "ones") }),
          ...(center && { beta: add("beta", [shape[at]!], "zeros") }),
        });
      },
      call(x) {
        const along = (one?: Variable) => one && reshape(one, keeping(x.shape, [at]));
        return formula(x, others, along(own.gamma) ?? 1, along(own.beta) ?? 0);
      },
    });
    const own: { gamma?: Variable; beta?: Variable } = {};
    const [x, y] = [mul(random(shape, 3), 4), random(shape, 4)].map((one) => ({
      data: one.data(),
      shape,
    }));
    const trained = (norm: Layer) => {
      const head = layer((z: Tensor) => relu(add(z, 0.2)));
      using net = sequential([shifted(), norm, head], { inputShape: shape.slice(1) });
      const compiled = net.compile({
        optimizer: sgd({ learningRate: 0.5 }),
        loss: "meanSquaredError",
      });
      const losses = [0, 1, 2].map(() => compiled.trainOnBatch(x!, y!).loss);
      const kept = norm.variables.filter(({ trainable }) => trainable);
      return [losses, net.getWeights()[0]!, ...kept.map((one) => one.data())];
    };
    const [got, wanted] = [trained(batchNormalization(options)), trained(plain)];
    wanted.forEach((one, i) => expectAllclose(got[i]!, one, 2e-5, `${i}`));
  });

  test("has the same bits of columns of one matrix, which have a pass of their own, as of one among several", () => {
    const shape = [1, 64, 40];
    const normal = layerNormalization({ axis: 1, center: false, scale: false });
    const x = random(shape, 5);
    const two = normal(concatenate([x, random(shape, 6)], { axis: 0 }));
    expectSameBits(normal(x).data(), two.data().subarray(0, x.size));
  });

  test("keeps its statistics where numbers are far from 0, and of equal ones", () => {
    using net = sequential([batchNormalization({ momentum: 0 })], { inputShape: [2] });
    const rows = Array.from({ length: 64 }, (_, i) => [10000 + (i % 2), 7]);
    net
      .compile({ optimizer: sgd({ learningRate: 0 }), loss: "meanSquaredError" })
      .trainOnBatch(rows, rows);
    const [, , middle, spread] = net.getWeights();
    expectAllclose(middle!, [10000.5, 7]);
    expectAllclose(spread!, [0.25, 0]);
  });
});

type Rows = [string, LayerNormalizationOptions, number[]];

describe("layer normalization", () => {
  const cases: Rows[] = [
    ["of rows", {}, [5, 3]],
    ["of as long rows as there are", {}, [4, 4]],
    ["with a shift alone", { scale: false }, [4, 5]],
    ["with a factor alone", { center: false }, [4, 5]],
    ["without factors", { scale: false, center: false }, [3, 2]],
    ["of large rows", {}, [32, 72]],
    ["of large rows, with a shift alone", { scale: false }, [32, 72]],
    ["of large rows, with a factor alone", { center: false }, [32, 72]],
    ["of large rows, without factors", { scale: false, center: false }, [32, 72]],
    ["of large rows of an odd width", {}, [70, 31]],
    ["of large rows of two axes", { axis: [-1, -2] }, [6, 20, 20]],
    ["of one large row", {}, [1, 2400]],
    ["of the last two axes", { axis: [-1, -2] }, [3, 2, 4]],
    ["of an axis in the middle", { axis: 1 }, [3, 4, 2]],
    ["of axes that are not neighbors", { axis: [1, 3] }, [2, 3, 2, 3]],
    ["of one number", {}, [3, 1]],
  ];

  test.each(cases)("%s has its formula's gradients, and theirs", (_name, options, shape) => {
    const norm = layerNormalization(options);
    norm(random(shape, 1)).data();
    for (const [i, one] of norm.variables.entries()) one.assign(random(one.shape, 7 + i));
    const axes = [options.axis ?? -1].flat().map((axis) => (axis < 0 ? axis + shape.length : axis));
    const along = keeping(shape, axes);
    const [gamma, beta] = ["scale", "center"].map((name, i) => {
      const given = options[name as "scale"] ?? true;
      const at = i === 0 ? 0 : norm.variables.length - 1;
      return given ? reshape(norm.variables[at] as Tensor, along) : undefined;
    });
    const plain = (x: Tensor) => formula(x, axes, gamma ?? 1, beta ?? 0);
    const weights = random(shape, 4);
    const loss = (f: (x: Tensor) => Tensor) => (x: Tensor) => sum(mul(square(f(x)), weights));
    if (sizeOf(shape) < 100) {
      const check = checkGradients(loss(norm), add(mul(random(shape, 3), 2), 1));
      expect(check.maxError).toBeLessThan(1e-4);
    }
    const gradients = (f: (x: Tensor) => Tensor) => {
      const x = add(mul(random(shape, 5), 2), 1);
      const targets = [x, ...norm.variables] as Tensor[];
      const first = grad(loss(f)(x), targets);
      const [second] = grad(sum(mul(first[0]!, random(shape, 6))), [x]);
      return [...first, second!].map((one) => one.data());
    };
    const [got, wanted] = [gradients((x) => norm(x)), gradients(plain)];
    wanted.forEach((one, i) => expectAllclose(got[i]!, one, 1e-4, `${i}`));
    for (const one of norm.variables) one.dispose();
  });
});

test.each([[[3, 4]], [[2, 3, 4]]])(
  "group normalization of %s has its formula's gradients",
  (shape) => {
    const norm = groupNormalization({ groups: 2 });
    norm(random(shape, 1)).data();
    const check = checkGradients(
      (x: Tensor) => sum(mul(square(norm(x)), random(shape, 4))),
      mul(random(shape, 3), 3),
    );
    expect(check.maxError).toBeLessThan(1e-4);
    for (const one of norm.variables) one.dispose();
  },
);

test("a model of ids of any number of places normalizes each", () => {
  const places = input([null, 3]);
  using net = sequential([places, batchNormalization(), layerNormalization()]);
  expect(net.predict(random([2, 5, 3], 1)).shape).toEqual([2, 5, 3]);
  expect(net.predict(random([2, 2, 3], 1)).shape).toEqual([2, 2, 3]);
});

describe("large ones are what their parts are", () => {
  /** y, and dx for these dy, of a layer without weights or with these. */
  function run(l: Layer, x: Tensor, dy: Tensor) {
    const y = l(x) as Tensor;
    return [y, ...grad(sum(mul(y, dy)), [x])];
  }
  const [rows, width] = [64, 64];
  const x = random([rows, width], 1, -3, 5);
  const dy = random([rows, width], 2);

  test.each([{}, { center: false }, { scale: false }, { center: false, scale: false }])(
    "rows, %j",
    (options) => {
      const l = layerNormalization({
        ...options,
        gammaInitializer: () => random([width], 3),
        betaInitializer: () => random([width], 4),
      });
      const whole = run(l, x, dy);
      for (let at = 0; at < rows; at += 8) {
        const part = (t: Tensor) => slice(t, [[at, at + 8]]);
        const parts = run(l, part(x), part(dy));
        parts.forEach((one, i) => expect(one.data()).toEqual(part(whole[i]!).data()));
      }
    },
  );

  test("columns", () => {
    const l = layerNormalization({ axis: 1, center: false, scale: false });
    const few = layerNormalization({ axis: 1, center: false, scale: false });
    const tall = (t: Tensor, width: number) => reshape(t, [1, 64, width]);
    const whole = run(l, tall(x, width), tall(dy, width));
    for (let at = 0; at < width; at += 4) {
      const part = (t: Tensor) => tall(slice(reshape(t, [rows, width]), [null, [at, at + 4]]), 4);
      const parts = run(few, part(x), part(dy));
      parts.forEach((one, i) => expect(one.data()).toEqual(part(whole[i]!).data()));
    }
  });
});
