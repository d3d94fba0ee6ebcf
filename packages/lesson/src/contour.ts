import {
  binaryCrossentropy,
  grad,
  jit,
  matmul,
  mean,
  mul,
  randomUniform,
  sigmoid,
  sub,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";

/** Descent of one sigmoid unit of two weights and no bias, with inputs all positive or centered. */
export interface PathOptions {
  readonly centered: boolean;
  readonly batchSize: number;
  readonly rate: number;
  /** Steps to do at most. */
  readonly steps: number;
  /** Stop below this loss over all rows. */
  readonly until: number;
  readonly seed: number;
}

export const ROWS = 256;
/** Both weights start here, far to the side of the best direction (1, -1). */
export const START: readonly [number, number] = [-3, -1];
/** Labels are drawn with this weight on x₁ - x₂, so that the loss has its least near (4, -4). */
const SLOPE = 4;

/** (rows, 2) in 0..1, or in -0.5..0.5, and their labels (rows, 1), drawn from sigmoid(4 x₁ - 4 x₂). */
export function points(centered: boolean, seed: number) {
  const raw = randomUniform([ROWS, 2], { seed, stream: 2 }).data();
  const drawn = randomUniform([ROWS], { seed, stream: 3 }).data();
  const scores = drawn.map((_, i) => SLOPE * (raw[2 * i]! - raw[2 * i + 1]!));
  const likely = sigmoid(tensor(scores, [ROWS])).data();
  const labels = drawn.map((v, i) => (v < likely[i]! ? 1 : 0));
  return { x: raw.map((v) => (centered ? v - 0.5 : v)), labels };
}

export interface Path {
  /** The two weights before each step. */
  readonly weights: readonly (readonly [number, number])[];
  /** Steps until the loss was reached; undefined where it was not. */
  readonly reached: number | undefined;
  /** Share of steps whose two gradients have one sign. */
  readonly equalSigns: number;
}

/** The loss over all rows as a function of the two weights. */
export function lossOver({ x, labels }: ReturnType<typeof points>) {
  const [all, wanted] = [tensor(x, [ROWS, 2]), tensor(labels, [ROWS, 1])];
  const loss = jit((w: Tensor) => mean(binaryCrossentropy(wanted, matmul(all, w))));
  return {
    at: ([a, b]: readonly [number, number]) => loss(tensor([a, b], [2, 1])).item(),
    dispose: () => loss.dispose(),
  };
}

/** Gradient descent on batches in the order of the rows. */
export function descend({ centered, batchSize, rate, steps, until, seed }: PathOptions): Path {
  const data = points(centered, seed);
  const loss = lossOver(data);
  const w = variable(tensor([...START], [2, 1]), { name: "w" });
  const step = jit((x: Tensor, y: Tensor) => {
    const [gradient] = grad(mean(binaryCrossentropy(y, matmul(x, w))), [w]);
    w.assign(sub(w, mul(rate, gradient!)));
    return gradient!;
  });
  const weights: (readonly [number, number])[] = [START];
  let [equal, reached]: [number, number | undefined] = [0, undefined];
  for (let n = 0; n < steps && reached === undefined; n++) {
    const from = (n * batchSize) % ROWS;
    const x = tensor(data.x.slice(2 * from, 2 * (from + batchSize)), [batchSize, 2]);
    const y = tensor(data.labels.slice(from, from + batchSize), [batchSize, 1]);
    const [a, b] = step(x, y).data() as unknown as [number, number];
    if (a * b > 0) equal += 1;
    const [w1, w2] = w.data() as unknown as [number, number];
    weights.push([w1, w2]);
    if (loss.at([w1, w2]) < until) reached = n + 1;
  }
  for (const made of [step, loss, w]) made.dispose();
  return { weights, reached, equalSigns: equal / (weights.length - 1) };
}

/** The bottom: where descent on all rows at once comes to rest. */
export function lowest(centered: boolean, seed: number) {
  const batchSize = ROWS;
  const { weights } = descend({ centered, batchSize, rate: 4, steps: 1500, until: 0, seed });
  const loss = lossOver(points(centered, seed));
  const found = { weights: weights.at(-1)!, loss: loss.at(weights.at(-1)!) };
  loss.dispose();
  return found;
}
