/** Metrics as a user would write them, with public names only. */
import {
  abs,
  add,
  argmax,
  matmul,
  max,
  maximum,
  metric,
  mul,
  oneHot,
  relu,
  reshape,
  sign,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "ferrograd";

/** 1 where it is above, else 0. */
export const above = (x: Tensor, than: Tensor | number) => relu(sign(sub(x, than)));

/** Of what is said to be 1, the share that is: probabilities (rows, 1). */
export const precisionAt = <const N extends string = "precisionAt">({
  threshold,
  name,
}: {
  threshold: number;
  name?: N;
}) =>
  metric({
    type: "precisionAt",
    name: name ?? ("precisionAt" as N),
    config: { threshold },
    state: { hits: [], said: [] },
    update({ hits, said }, yTrue, yPred) {
      const positive = above(yPred, threshold);
      return { hits: add(hits, sum(mul(positive, yTrue))), said: add(said, sum(positive)) };
    },
    result: ({ hits, said }) => hits.item() / (said.item() || 1),
  });

/** Of what is 1, the share that is said to be. */
export const recallAtHalf = () =>
  metric({
    name: "recallAtHalf",
    state: { hits: [], there: [] },
    update({ hits, there }, yTrue, yPred, weight) {
      const counts = mul(reshape(yTrue, weight.shape), weight);
      const positive = reshape(above(yPred, 0.5), weight.shape);
      return { hits: add(hits, sum(mul(positive, counts))), there: add(there, sum(counts)) };
    },
    result: ({ hits, there }) => hits.item() / (there.item() || 1),
  });

const BINS = 20;

/** The area under the ROC curve, from how many of each class are above each threshold. */
export const histogramAuc = () =>
  metric({
    name: "histogramAuc",
    state: { ones: [BINS], zeros: [BINS] },
    update({ ones, zeros }, yTrue, yPred) {
      const thresholds = tensor(Float32Array.from({ length: BINS }, (_, i) => i / BINS));
      const over = above(yPred, thresholds); // (rows, bins)
      return {
        ones: add(ones, sum(mul(over, yTrue), { axis: 0 })),
        zeros: add(zeros, sum(mul(over, sub(1, yTrue)), { axis: 0 })),
      };
    },
    result({ ones, zeros }) {
      const [t, f] = [
        [...ones.data(), 0],
        [...zeros.data(), 0],
      ];
      let area = 0;
      for (let i = 0; i < BINS; i++) area += ((f[i]! - f[i + 1]!) * (t[i]! + t[i + 1]!)) / 2;
      return area / (t[0]! * f[0]! || 1);
    },
  });

/** How often each class was taken for which: class numbers (rows), scores (rows, classes) → (classes, classes). */
export const confusions = () =>
  metric({
    name: "confusions",
    state: ([classes]) => ({ counts: [classes!, classes!] }),
    update({ counts }, yTrue, yPred, weight) {
      const classes = yPred.shape[1]!;
      const said = mul(oneHot(argmax(yPred), classes), reshape(weight, [-1, 1]));
      return { counts: add(counts, matmul(transpose(oneHot(yTrue, classes)), said)) };
    },
    result: ({ counts }) => counts.array() as number[][],
  });

/** The largest error so far, which no sum gives. */
export const largestError = () =>
  metric({
    name: "largestError",
    state: { largest: [] },
    update: ({ largest }, yTrue, yPred) => ({
      largest: maximum(largest, max(abs(sub(yTrue, yPred)))),
    }),
    result: ({ largest }) => largest,
  });
