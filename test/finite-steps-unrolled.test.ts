import { adam, dense, dropout, rmsprop, sequential, sgd } from "ferrograd";
import { expect, test } from "vitest";
import { AFTER, counting, unrollInTests } from "./support/unrolled.ts";

const makers = {
  sgd: () => sgd({ learningRate: 0.1 }),
  momentum: () => sgd({ learningRate: 0.1, momentum: 0.9 }),
  adam: () => adam(),
  rmsprop: () => rmsprop({ momentum: 0.9 }),
  clipped: () => adam({ globalClipNorm: 1 }),
  decayed: () => sgd({ weightDecay: 0.1, momentum: 0.5 }),
};
const rows = Array.from({ length: 8 }, (_, i) => [
  Math.fround(i / 9 - 0.4),
  Math.fround(0.7 - i / 5),
]);
const targets = rows.map(([a, b]) => [a! * b!]);
/** An ordinary batch, or one with a finite outlier that no rule can take. */
const batch = (outlier: boolean) =>
  [
    outlier ? [[1e25, 1], ...rows.slice(1)] : rows,
    outlier ? [[1e38], ...targets.slice(1)] : targets,
  ] as const;

/** Messages and weights, step by step. */
function run(make: (typeof makers)[keyof typeof makers]) {
  const optimizer = make();
  using model = sequential([dense(5), dropout(0.3), dense(1)], {
    inputShape: [2],
    seed: 3,
  }).compile({
    optimizer,
    loss: "meanAbsoluteError",
    warn: () => {},
  });
  const seen: string[] = [];
  for (let i = 0; i < 4 * AFTER; i++) {
    const outlier = i % 3 === 2;
    if (outlier) optimizer.learningRate = 1e30;
    try {
      model.trainOnBatch(...batch(outlier));
    } catch (error) {
      seen.push(String(error));
    }
    optimizer.learningRate = 0.01;
    seen.push(new TextDecoder("latin1").decode(model.save({ includeOptimizer: true })));
  }
  return seen;
}

const own = new Map(Object.entries(makers).map(([name, make]) => [name, run(make)] as const));
unrollInTests();

test.each(Object.keys(makers) as (keyof typeof makers)[])(
  "a step of %s is refused when it is unrolled, with the same words and bits",
  (name) => {
    const { result, modules } = counting(() => run(makers[name]));
    expect(result).toEqual(own.get(name));
    expect(result.filter((text) => text.startsWith("NumericError")).length).toBeGreaterThanOrEqual(
      4,
    );
    expect(modules).toBeGreaterThan(0);
  },
);
