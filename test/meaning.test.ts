import {
  add,
  argsort,
  binaryCrossentropy,
  broadcastTo,
  cast,
  categoricalCrossentropy,
  concatenate,
  cumprod,
  cumsum,
  gather,
  grad,
  jit,
  matmul,
  maximum,
  mean,
  mul,
  oneHot,
  putAlongAxis,
  reshape,
  sigmoid,
  slice,
  softmax,
  sparseCategoricalCrossentropy,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

// 4 rows of 3: what is 3 wide is a class axis, what is 4 wide is none.
const z = random([4, 3], 7, -4, 4);
const rows = z.array() as number[][];

/** Probabilities in float64, row-major. */
const squashed: Record<"sigmoid" | "softmax", number[]> = {
  sigmoid: rows.flat().map((v) => 1 / (1 + Math.exp(-v))),
  softmax: rows.flatMap((row) => {
    const total = row.reduce((all, v) => all + Math.exp(v), 0);
    return row.map((v) => Math.exp(v) / total);
  }),
};

const squashes: Record<"sigmoid" | "softmax", (x: Tensor) => Tensor> = {
  sigmoid: (x) => sigmoid(x),
  softmax: (x) => softmax(x),
};

const at = (...rows: number[]) => tensor(rows, [rows.length], "int32");

/** Ways that put elements elsewhere. */
const moves: Record<string, (p: Tensor) => Tensor> = {
  itself: (p) => p,
  "reshape that keeps the classes": (p) => reshape(p, [2, 2, 3]),
  "reshape to one axis": (p) => reshape(p, [-1]),
  "reshape across the classes": (p) => reshape(p, [2, 6]),
  "reshape and back": (p) => reshape(reshape(p, [2, 6]), [4, 3]),
  "an axis at the end": (p) => reshape(p, [4, 3, 1]),
  "an axis at the end and away again": (p) => reshape(reshape(p, [4, 3, 1]), [4, 3]),
  transpose: (p) => transpose(p),
  "transpose twice": (p) => transpose(transpose(p)),
  "axes in another order, classes last": (p) => transpose(reshape(p, [2, 2, 3]), [1, 0, 2]),
  "axes in another order, classes first": (p) => transpose(reshape(p, [2, 2, 3]), [2, 0, 1]),
  "some rows": (p) => gather(p, at(2, 0, 2)),
  "one row": (p) => reshape(gather(p, at(1)), [3]),
  "some columns": (p) => transpose(gather(transpose(p), at(1, 2))),
  "all columns in another order": (p) => transpose(gather(transpose(p), at(2, 0, 1))),
  "copies along a new axis": (p) => broadcastTo(p, [2, 4, 3]),
  "rows joined": (p) => concatenate([gather(p, at(2, 0)), gather(p, at(1, 1, 3))]),
  "rows joined, then some": (p) => gather(concatenate([p, p]), at(0, 5, 7)),
  "columns joined": (p) =>
    concatenate([slice(p, [null, [1, 3]]), slice(p, [null, [0, 1]])], { axis: 1 }),
  "stacked along a new axis": (p) => stack([p, gather(p, at(3, 2, 1, 0))]),
  "stacked along the last axis": (p) => stack([p, p], { axis: -1 }),
  "a cast to its own type": (p) => cast(p, "float32"),
};

/** What makes neither probabilities nor logits of them, and the name that the message says. */
const mixtures: Record<string, [(p: Tensor) => Tensor, string]> = {
  "the mean of two": [(p) => mul(add(p, softmax(mul(z, 2))), 0.5), "add()"],
  "a mean": [(p) => mean(reshape(p, [2, 2, 3]), { axis: 0 }), "reduce()"],
  "a sum": [(p) => sum(p, { axis: 0, keepDims: true }), "reduce()"],
  "a product": [(p) => mul(p, p), "mul()"],
  "1 minus it": [(p) => sub(1, p), "sub()"],
  "logits and probabilities": [(p) => add(z, p), "add()"],
  "a clip, then a transpose": [(p) => transpose(maximum(p, 0.1)), "maximum()"],
  "logits beside them": [(p) => concatenate([z, p], { axis: 1 }), "concatenate()"],
  "a running sum": [(p) => cumsum(p, { axis: 1 }), "scan()"],
  "a running product": [(p) => cumprod(p, { axis: 1 }), "scan()"],
  "numbers put among them": [
    (p) => putAlongAxis(p, argsort(z, { axis: 1 }), z, { axis: 1 }),
    "putAlongAxis()",
  ],
  "logits gated": [(p) => mul(random([4, 3], 3), p), "mul()"],
};

type LossName = "binary" | "categorical" | "sparse";

/** The loss of targets made from the shape alone. */
const losses: Record<LossName, (p: Tensor, options?: { fromLogits: boolean }) => Tensor> = {
  binary: (p, options) => binaryCrossentropy(bits(p.shape), p, options),
  categorical: (p, options) => categoricalCrossentropy(shares(p.shape), p, options),
  sparse: (p, options) => sparseCategoricalCrossentropy(labels(p.shape), p, options),
};
const bits = (shape: readonly number[]) => random(shape, 11, 0, 1);
const shares = (shape: readonly number[]) => softmax(random(shape, 12));
const labels = (shape: readonly number[]) => {
  const size = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const classes = shape.at(-1)!;
  return tensor(
    Int32Array.from({ length: size }, (_, i) => (i * 5) % classes),
    shape.slice(0, -1),
  );
};

/** The losses of probabilities (…, n) in float64. */
function reference(loss: LossName, p: readonly number[], shape: readonly number[]): number[] {
  const n = shape.at(-1)!;
  const count = p.length / n;
  if (loss === "binary") {
    const t = bits(shape).data();
    const each = p.map((v, i) => -(t[i]! * Math.log(v) + (1 - t[i]!) * Math.log(1 - v)));
    if (shape.length === 1) return each;
    return Array.from({ length: count }, (_, i) => {
      return each.slice(i * n, i * n + n).reduce((a, b) => a + b, 0) / n;
    });
  }
  const t = (loss === "sparse" ? oneHot(labels(shape), n) : shares(shape)).data();
  return Array.from({ length: count }, (_, i) => {
    let total = 0;
    for (let j = i * n; j < i * n + n; j++) total -= t[j]! * Math.log(p[j]!);
    return total;
  });
}

/** How the tensor comes to the loss. */
const places: Record<string, (make: () => Tensor, loss: (p: Tensor) => Tensor) => Tensor> = {
  eagerly: (make, loss) => loss(make()),
  "after it was read": (make, loss) => {
    const p = make();
    p.data();
    return loss(p);
  },
  "inside jit": (make, loss) => jit(() => loss(make()))(),
  "inside jit, made outside": (make, loss) => {
    const p = make();
    return jit(() => loss(p))();
  },
  "as an argument of jit": (make, loss) => jit(loss)(make()),
  "as a result of jit": (make, loss) => loss(jit(make)()),
  "as a result of jit that is an argument": (make, loss) => jit(loss)(jit(make)()),
};

describe("a loss takes what probabilities mean", () => {
  const indices = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i),
    [4, 3],
  );

  for (const [squash, f] of Object.entries(squashes)) {
    const p64 = squashed[squash as "sigmoid" | "softmax"];
    test.each(ours(Object.entries(moves)))(`of a ${squash}, %s`, (_name, move) => {
      const from = move(indices);
      const expected = Array.from(from.data(), (i) => p64[i]!);
      for (const [loss, call] of Object.entries(losses)) {
        if (loss === "sparse" && from.rank === 1) continue; // labels have no axis then
        const losses64 = reference(loss as LossName, expected, from.shape);
        for (const [place, run] of Object.entries(places)) {
          const got = run(() => move(f(z)), call).data();
          expectAllclose(got, losses64, 3e-6, `${loss} ${place}`);
        }
      }
    });

    test.each(ours(Object.entries(mixtures)))(
      `of a ${squash}, %s is refused`,
      async (_name, [mix, by]) => {
        for (const [loss, call] of Object.entries(losses)) {
          for (const [place, run] of Object.entries(places)) {
            const message = await failure(() => run(() => mix(f(z)), call));
            expect(message, `${loss} ${place}`).toMatch(/^ArgumentError: \w+Crossentropy\(\): /);
            expect(message).toContain(`got what ${by} makes of probabilities`);
            expect(message).toMatch(/\(\{ fromLogits: false \}\).*\(\{ fromLogits: true \}\)/);
            for (const fromLogits of [true, false]) {
              const said = (p: Tensor) => call(p, { fromLogits });
              const data = mix(f(z)).data();
              const plain = tensor(data, mix(f(z)).shape);
              expectSameBits(run(() => mix(f(z)), said).data(), said(plain).data());
            }
          }
        }
      },
    );
  }

  test("a product ends the meaning, and so does a variable", () => {
    const w = random([3, 3], 4);
    for (const p of [sigmoid(z), softmax(z)]) {
      const product = matmul(p, w);
      const plain = tensor(product.data(), [4, 3]);
      expectSameBits(losses.binary(product).data(), losses.binary(plain).data());
      const given = variable(p);
      expectSameBits(losses.binary(given).data(), losses.binary(tensor(p.data(), [4, 3])).data());
    }
  });
});

test("probabilities of several kinds, joined, are probabilities", () => {
  const both = concatenate([softmax(z), sigmoid(z)]);
  const said = { fromLogits: false };
  const y = bits([8, 3]);
  expectSameBits(binaryCrossentropy(y, both).data(), binaryCrossentropy(y, both, said).data());
});

test("the gradient by probabilities whose logits a loss took names them", async () => {
  const [a, b] = [sigmoid(z), sigmoid(mul(z, 2))];
  const loss = mean(binaryCrossentropy(bits([8, 3]), concatenate([a, b])));
  expect(await failure(() => grad(loss, [b]))).toMatch(/^ArgumentError: grad\(\): .*logits/);
});
