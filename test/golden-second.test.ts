import {
  add,
  gather,
  grad,
  matmul,
  mean,
  mul,
  prelu,
  sparseCategoricalCrossentropy,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";
import { expect, test } from "vitest";
import secondFile from "./golden/second.json" with { type: "json" };
import { expectAllclose, isClose } from "./support/allclose.ts";
import { asTensor, type GoldenTensor, names, values } from "./support/golden.ts";

type Tensors = Readonly<Record<string, GoldenTensor>>;
type F = (...inputs: Tensor[]) => Tensor;

/** A case of second.json; which of the tensors it has beside its inputs, its kind says. */
interface SecondCase {
  readonly kind: "activation" | "dense" | "op" | "loss" | "net" | "penalty";
  readonly name: string;
  readonly label: string;
  readonly params: Readonly<Record<string, number>>;
  readonly inputs: Tensors;
  readonly x?: GoldenTensor;
  readonly index?: GoldenTensor;
  readonly labels?: GoldenTensor;
  readonly target?: GoldenTensor;
  readonly dy?: GoldenTensor;
  readonly v?: Tensors;
  readonly d2?: Tensors;
  readonly value?: number;
  readonly gradient?: Tensors;
}

const cases = secondFile.cases as unknown as readonly SecondCase[];
const integers = ({ shape, data }: GoldenTensor) => tensor(data.map(Number), shape, "int32");
const row = (c: SecondCase) => (x: Tensor) => names.activations[c.name]!(x, c.params);

/** A net of two layers, without its loss. */
const net =
  (c: SecondCase, x: Tensor): F =>
  (w1, b1, w2, b2) =>
    add(matmul(row(c)(add(matmul(x, w1!), b1!)), w2!), b2!);

/** What a case differentiates, by its kind. */
const functions: { readonly [kind in SecondCase["kind"]]: (c: SecondCase) => F } = {
  activation: (c) => (x) => row(c)(x!),
  dense: (c) => (x, w, b) => row(c)(add(matmul(x!, w!), b!)),
  op: (c) => (x, alpha) =>
    c.name === "prelu" ? prelu(x!, alpha!) : square(gather(square(x!), integers(c.index!))),
  loss: (c) => (p) => mean(names.losses[c.name]!(asTensor(c.target!), p!, c.params)),
  net: (c) => {
    const logits = net(c, asTensor(c.x!));
    return (...w) => mean(sparseCategoricalCrossentropy(integers(c.labels!), logits(...w)));
  },
  penalty:
    (c) =>
    (...w) => {
      const x = asTensor(c.x!);
      const [slopes] = grad(sum(net(c, x)(...w)), [x]);
      const norms = sqrt(add(sum(square(slopes!), { axis: -1 }), 1e-6));
      return mean(square(sub(norms, 1)));
    },
};

/** Σ v·(gradient of Σ dy·y). */
function slopeOf(c: SecondCase, f: F, keys: readonly string[], inputs: Tensor[]): Tensor {
  return grad(sum(mul(f(...inputs), asTensor(c.dy!))), inputs)
    .map((d, i) => sum(mul(d, asTensor(c.v![keys[i]!]!))))
    .reduce((sum, part) => add(sum, part));
}

/** What has no influence is refused, unless it might have had: then the gradient is 0. */
function expectNothing(value: Tensor, input: Tensor): void {
  let slopes: Tensor[];
  try {
    slopes = grad(value, [input]);
  } catch (error) {
    expect(String(error)).toContain("expected a tensor that influences the loss");
    return;
  }
  expect(slopes[0]!.data().every((slope) => slope === 0)).toBe(true);
}

for (const c of cases) {
  test(`${c.kind} ${c.name} ${c.label} ${JSON.stringify(c.params)}`, () => {
    const f = functions[c.kind](c);
    const keys = Object.keys(c.inputs);
    const inputs = keys.map((key) => asTensor(c.inputs[key]!));
    const value = c.kind === "penalty" ? f(...inputs) : slopeOf(c, f, keys, inputs);
    const expected = c.gradient ?? c.d2!;
    const influence = keys.map((key) => key in expected);
    const gradients = grad(
      value,
      inputs.filter((_, i) => influence[i]),
    );
    if (c.value !== undefined) expect(isClose(value.item(), c.value, 1e-5)).toBe(true);
    Object.keys(expected).forEach((key, i) => {
      expectAllclose(gradients[i]!.data(), values(expected[key]!), 1e-5, key);
    });
    for (const input of inputs.filter((_, i) => !influence[i])) expectNothing(value, input);
  });
}

test("every activation that the other goldens have is among them", () => {
  const there = new Set(cases.filter(({ kind }) => kind === "activation").map(({ name }) => name));
  const missing = Object.keys(names.activations).filter((name) => !there.has(name));
  expect(missing).toEqual([]);
  expect(new Set(cases.filter(({ kind }) => kind === "loss").map(({ name }) => name))).toEqual(
    new Set(Object.keys(names.losses)),
  );
});
