import {
  accumulateGradients,
  adam,
  adamW,
  add,
  addDecayedWeights,
  averageWeights,
  chain,
  clipByGlobalNorm,
  gather,
  jit,
  layerRates,
  lazyAdam,
  mul,
  type Optimizer,
  rmsprop,
  sgd,
  sum,
  swapAverages,
  tensor,
  variable,
} from "ferrograd";
import { expect, test } from "vitest";
import file from "./golden/transforms.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";

const ours: Record<string, () => Optimizer> = {
  "decay and rates by parameter": () =>
    chain(
      adam({ learningRate: 0.05 }),
      addDecayedWeights(0.3, { exclude: ["bias"] }),
      layerRates({ bias: 0.2 }),
    ),
  "clip by global norm, momentum": () =>
    chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1, momentum: 0.9 })),
  "accumulation of 3, adam": () => chain(accumulateGradients(3), adam({ learningRate: 0.05 })),
  "accumulation of 2, clip, adamw": () =>
    chain(
      accumulateGradients(2),
      clipByGlobalNorm(0.5),
      adamW({ learningRate: 0.05, weightDecay: 0.1 }),
    ),
  "average of 0.9, rmsprop": () =>
    chain(rmsprop({ learningRate: 0.05 }), averageWeights({ decay: 0.9 })),
};

test.each(file.cases.map((one) => [one.name, one] as const))("%s", (name, { params }) => {
  const { initial, gradients } = file;
  const kernel = variable(initial.kernel, { name: "layer/kernel" });
  const bias = variable(initial.bias, { name: "layer/bias" });
  const variables = [kernel, bias];
  const [g, h] = [variable(initial.kernel), variable(initial.bias)];
  using optimizer = ours[name]!();
  const step = jit(() =>
    optimizer.minimize(add(sum(mul(kernel, g)), sum(mul(bias, h))), variables),
  );
  const isAverage = name.startsWith("average");
  for (const [t, row] of gradients.entries()) {
    g.assign(row.kernel);
    h.assign(row.bias);
    step();
    if (isAverage) swapAverages({ optimizer, variables });
    expectAllclose(kernel.data(), params.kernel[t]!, 1e-5, `step ${t}`);
    expectAllclose(bias.data(), params.bias[t]!, 1e-5, `step ${t}`);
    if (isAverage) swapAverages({ optimizer, variables });
  }
  expect(optimizer.steps).toBe(gradients.length);
  step.dispose();
  for (const one of [...variables, g, h]) one.dispose();
});

test("lazyAdam leaves rows alone that have no gradient", () => {
  const { initial, rows, gradients, params } = file.lazy;
  using table = variable(initial, { name: "table" });
  using optimizer = lazyAdam({ learningRate: 0.05 });
  for (const [t, used] of rows.entries()) {
    const indices = tensor(Int32Array.from(used));
    const before = table.array() as number[][];
    optimizer.minimize(sum(mul(gather(table, indices), gradients[t]!)), [table]);
    expectAllclose(table.data(), params[t]!, 1e-5, `step ${t}`);
    for (const [row, values] of (table.array() as number[][]).entries()) {
      if (!used.includes(row)) expect(values).toEqual(before[row]);
    }
  }
});
