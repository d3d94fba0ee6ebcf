import type { Tensor } from "ferrograd";
import * as f from "ferrograd";
import { ELEMENTWISE, FUNCTIONS, type Row } from "./functions.ts";
import { random } from "./numbers.ts";

const N = 5;

type AnyTensor = Tensor<f.Shape, f.DType>;
type Step = (a: Tensor, b: Tensor) => Tensor;

const sizeOf = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** As many elements as a shape has, over and over. */
function fitted(x: Tensor, shape: readonly number[]): Tensor {
  const size = sizeOf(shape);
  const often = f.tile(f.reshape(x, [x.size]), [Math.ceil(size / x.size)]);
  return f.reshape(f.slice(often, [[0, size]]), shape);
}

/** Far enough apart that nothing is tied by repetition: slopes jump there. */
const spread = (shape: readonly number[], by: number) => f.mul(random(shape, 7, 0, 1), by);

/** A row of the table as a step from (5, 5) to (5, 5): its arguments are between its bounds, its results below 1. */
function stepOf({ call, shapes, between: [low, high] = [-2, 2] }: Row): Step {
  const width = high - low;
  const bounded = (x: Tensor) =>
    f.add(f.add(f.mul(f.sigmoid(x), 0.9 * width), spread(x.shape, 0.1 * width)), low);
  return (a, b) => {
    const args = shapes.map((shape, i) => bounded(fitted(i % 2 === 0 ? a : b, shape)));
    const results = ([call(...args)].flat() as AnyTensor[]).filter(({ size }) => size > 0);
    const floats = results.map((y) => f.reshape(f.cast(y, "float32"), [y.size]));
    return f.tanh(f.add(fitted(f.concatenate(floats), [N, N]), spread([N, N], 0.5)));
  };
}

/** Those of numbers where rounding is not multiplied: by a / b, of a divisor near 0. */
const SAFE: Readonly<Record<string, Row["call"]>> = {
  mod: (a, b) => f.mod(a!, f.add(f.abs(b!), 0.5)),
};

const elementwise = ELEMENTWISE.map(
  ({ name, of, ...row }): Row => ({
    ...{ name, ...row },
    call: SAFE[name] ?? (Reflect.get(f, name) as Row["call"]),
    shapes: Array.from({ length: of.length }, () => [N, N]),
  }),
);

/** A step for each row of the table of functions. */
export const stepsOfTable: readonly Step[] = [...elementwise, ...FUNCTIONS]
  .filter(({ shapes }) => shapes.length > 0)
  .map(stepOf);

const labels = f.tensor(Int32Array.of(0, 4, 2, 2, 1), [N], "int32");
const kernel = random([3, 3, 1, 1], 5);
const image = (x: Tensor) => f.reshape(x, [1, N, N, 1]);
const normalized = f.sequential([f.layerNormalization()], { inputShape: [N] });
const column = (x: Tensor) => f.reshape(x, [N, 1]);
const grid = (x: Tensor) => f.reshape(x, [N, N]);

const bits = f.tensor(
  Array.from({ length: N * N }, (_, i) => i % 2),
  [N, N],
);

/** Steps by ops that the table does not reach. */
export const stepsOfOps: readonly Step[] = [
  (a, b) => f.mul(f.oneHot(f.argmax(a), N), b),
  (a, b) => f.gather(b, f.argmax(a)),
  (a) => f.logSoftmax(a),
  (a, b) => {
    const own = f.reshape(
      f.slice(f.tanh(b), [
        [0, 3],
        [0, 3],
      ]),
      [3, 3, 1, 1],
    );
    return grid(
      f.conv(f.conv(image(f.tanh(a)), kernel, { padding: "same" }), own, { padding: "same" }),
    );
  },
  (a, b) => f.add(b, column(f.sparseCategoricalCrossentropy(labels, a, { fromLogits: true }))),
  (a, b) =>
    f.add(
      b,
      column(
        f.sparseCategoricalCrossentropy(labels, f.tanh(a), { fromLogits: true, ignoreIndex: 2 }),
      ),
    ),
  (a, b) => f.sub(b, column(f.binaryCrossentropy(bits, f.tanh(a), { fromLogits: true }))),
  (a) => normalized.call(a) as Tensor,
  (a) => f.gelu(a),
  (a) => f.leakyRelu(a),
  (a, b) => f.squaredDifference(f.sin(a), f.cos(b)),
  (a) => f.log1p(f.square(a)),
];
