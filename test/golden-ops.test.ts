import { add, dense, grad, matmul, mean, mul, sum, tensor } from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose, isClose } from "./support/allclose.ts";
import { asTensor, names, supported, values } from "./support/golden.ts";

const TOL = 1e-5;

describe("activations", () => {
  for (const c of supported("activations")) {
    test(`${c.name} ${JSON.stringify(c.params)} [${c.x.shape}]`, () => {
      const x = asTensor(c.x);
      const y = names.activations[c.name]!(x, c.params);
      const [dx] = grad(sum(mul(y, asTensor(c.dy))), [x]);
      const [got, expected, outputs] = [dx!.data(), values(c.dx), values(c.y)];
      for (const { index, y, dx } of Object.values(c.at_infinity ?? {})) {
        outputs[index] = Number(y);
        expected[index] = Number(dx);
      }
      expectAllclose(y.data(), outputs, TOL, "y");
      const defined = Array.from(values(c.x)).flatMap((v, i) => (Number.isNaN(v) ? [] : [i]));
      expectAllclose(
        defined.map((i) => got[i]!),
        defined.map((i) => expected[i]!),
        TOL,
        "dx",
      );
    });
  }
});

describe("losses", () => {
  for (const c of supported("losses")) {
    test(`${c.name}, ${c.label}`, () => {
      const x = asTensor(c.prediction);
      const loss = mean(names.losses[c.name]!(asTensor(c.target), x, c.params));
      const [dx] = grad(loss, [x]);
      if (c.convention_dependent !== undefined) {
        expect([loss.item(), ...dx!.data()].every(Number.isFinite)).toBe(true);
        return;
      }
      expectAllclose(dx!.data(), values(c.grad), TOL, "gradient");
      expect(isClose(loss.item(), c.loss, TOL), `${loss.item()} is not ${c.loss}`).toBe(true);
    });
  }
});

describe("layers", () => {
  for (const c of supported("layers").filter(({ op }) => op === "linear")) {
    test(c.name, () => {
      const [x, w] = [asTensor(c.inputs.x!), asTensor(c.params.w!)];
      const b = c.params.b && asTensor(c.params.b);
      const product = matmul(x, w);
      const y = b ? add(product, b) : product;
      const targets = Object.entries({ x, w, ...(b && { b }) });
      const gradients = grad(
        sum(mul(y, asTensor(c.upstream.y!))),
        targets.map(([, t]) => t),
      );
      expectAllclose(y.data(), values(c.outputs.y!), TOL, "y");
      for (const [i, [name]] of targets.entries()) {
        expectAllclose(gradients[i]!.data(), values(c.grads[name]!), TOL, `d${name}`);
      }
      const [width, units] = c.params.w!.shape as readonly [number, number];
      const layer = dense(units, {
        useBias: b !== undefined,
        kernelInitializer: () => tensor(values(c.params.w!), [width, units]),
        biasInitializer: () => tensor(values(c.params.b!), [units]),
      });
      expectAllclose(layer(x).data(), values(c.outputs.y!), TOL, "dense");
    });
  }
});
