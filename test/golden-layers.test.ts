import {
  add,
  cast,
  customLoss,
  grad,
  type Layer,
  layer,
  mul,
  sequential,
  sgd,
  sum,
  type Tensor,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { asTensor, golden, type LayerCase, names, values } from "./support/golden.ts";

const TOL = 1e-5;
const cases = golden.layers.cases.filter(({ op }) => op in names.layers);

/** A batch as a variable, to which the inputs are added: training on zeros shows the gradient of the inputs. */
function batch(x: Tensor) {
  let held: Variable;
  return layer({
    type: "batch",
    build(_rows, add) {
      held = add("x", x.shape, () => x);
    },
    // Shapes are found with another number of rows.
    call: (zeros) => (zeros.shape[0] === x.shape[0] ? add(zeros, held) : zeros),
  });
}

describe("outside training", () => {
  test.each(
    cases.filter(({ config }) => config.training !== true).map((c) => [c.name, c] as const),
  )("%s", (_name, c) => {
    const made = names.layers[c.op]!(c);
    const x = c.inputs.x ? asTensor(c.inputs.x) : cast(asTensor(c.inputs.indices!), "int32");
    const y = made(x as Tensor);
    const trained = made.variables.filter(({ trainable }) => trainable);
    const targets = [...(c.inputs.x ? [x as Tensor] : []), ...trained] as Tensor[];
    const gradients = grad(sum(mul(y, asTensor(c.upstream.y!))), targets);
    expectAllclose(y.data(), values(c.outputs.y!), TOL, "y");
    const wanted = Object.values(c.grads);
    expect(gradients).toHaveLength(wanted.length);
    for (const [i, g] of gradients.entries()) expectAllclose(g.data(), values(wanted[i]!), TOL);
    for (const variable of made.variables) variable.dispose();
  });
});

describe("while training", () => {
  const normalizing = cases.filter(({ inputs, config }) => inputs.x && config.training !== false);
  test.each(normalizing.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const x = asTensor(c.inputs.x!);
    const made = names.layers[c.op]!(c);
    using model = trained(c, x, made);
    const after = [model.variables[0]!, ...made.variables].map((variable) => variable.data());
    const before = [x, ...Object.values(c.params).map(asTensor)];
    for (const [i, [name, g]] of Object.entries(c.grads).entries()) {
      const moved = before[i]!.data().map((v, j) => v - after[i]![j]!);
      expectAllclose(moved, values(g), 2 * TOL, `d${name}`);
    }
    if (c.state_after === undefined) return;
    expectAllclose(after.at(-2)!, values(c.state_after.running_mean!), TOL, "running mean");
    expectAllclose(after.at(-1)!, values(c.state_after.running_var!), TOL, "running variance");
  });

  /** After one step at rate 1: what was, less the gradient. */
  function trained(c: LayerCase, x: Tensor, made: Layer) {
    const model = sequential([batch(x), made], { inputShape: x.shape.slice(1) });
    const compiled = model.compile({
      optimizer: sgd({ learningRate: 1 }),
      loss: customLoss((yTrue, yPred) => sum(mul(yPred, yTrue))),
    });
    const rows = { data: new Float32Array(x.size), shape: x.shape };
    compiled.trainOnBatch(rows, { data: values(c.upstream.y!), shape: c.upstream.y!.shape });
    return compiled;
  }
});
