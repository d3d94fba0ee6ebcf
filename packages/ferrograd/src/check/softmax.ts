import type { Targets } from "../graph/ops/softmax.ts";
import { type References, rowsOf, type Values } from "./reference.ts";

/** log softmax along the last axis. */
function logSoftmax(x: Values): Float64Array {
  const { rows, n } = rowsOf(x);
  const y = new Float64Array(x.data.length);
  for (let row = 0; row < rows; row++) {
    const values = x.data.subarray(row * n, (row + 1) * n);
    const top = Math.max(...values);
    const total = values.reduce((sum, value) => sum + Math.exp(value - top), 0);
    for (let i = 0; i < n; i++) y[row * n + i] = values[i]! - top - Math.log(total);
  }
  return y;
}

/** Targets as rows of weights: (rows, n) */
function weights(targets: Values, kind: Targets, n: number): Float64Array {
  if (kind === "rows") return targets.data;
  const rows = new Float64Array(targets.data.length * n);
  for (const [row, label] of targets.data.entries()) rows[row * n + label] = 1;
  return rows;
}

export const softmaxReferences: References = {
  softmax: ([x]) => [logSoftmax(x!).map(Math.exp)],
  logSoftmax: ([x]) => [logSoftmax(x!)],
  softmaxBackward: ([y, dy]) => {
    const { rows, n } = rowsOf(y!);
    const dx = new Float64Array(rows * n);
    for (let row = 0; row < rows; row++) {
      let dot = 0;
      for (let i = row * n; i < (row + 1) * n; i++) dot += y!.data[i]! * dy!.data[i]!;
      for (let i = row * n; i < (row + 1) * n; i++) dx[i] = y!.data[i]! * (dy!.data[i]! - dot);
    }
    return [dx];
  },
  crossEntropy: ([logits, targets], { targets: kind }: { targets: Targets }) => {
    const { rows, n } = rowsOf(logits!);
    const logProbs = logSoftmax(logits!);
    const loss = new Float64Array(rows);
    for (const [i, t] of weights(targets!, kind, n).entries()) {
      if (t !== 0) loss[Math.floor(i / n)]! -= t * logProbs[i]!;
    }
    return [loss, logProbs.map(Math.exp)];
  },
  crossEntropyBackward: ([probs, targets, dloss], { targets: kind }: { targets: Targets }) => {
    const { n } = rowsOf(probs!);
    const t = weights(targets!, kind, n);
    return [
      probs!.data.map((p, i) => {
        const row = Math.floor(i / n);
        const total = t.subarray(row * n, (row + 1) * n).reduce((sum, value) => sum + value, 0);
        return (p * total - t[i]!) * dloss!.data[row]!;
      }),
    ];
  },
};
