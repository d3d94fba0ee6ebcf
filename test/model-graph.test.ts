import {
  add,
  argmax,
  dense,
  dropout,
  input,
  layer,
  mean,
  memory,
  model,
  mul,
  sequential,
  sub,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const owners = () => JSON.stringify(memory().owners);
const sum = () => layer(([a, b]: readonly Tensor[]) => add(a!, b!), { name: "sum" });
const rows = random([5, 3], 1);

describe("a model of symbolic tensors", () => {
  test("that stand in a row has the bits of a stack", () => {
    const x = input([3]);
    const h = dense(4, { activation: "relu" })(x);
    using graph = model({ inputs: x, outputs: dense(2)(dropout(0.5)(h)), seed: 3 });
    using stack = sequential([dense(4, { activation: "relu" }), dropout(0.5), dense(2)], {
      inputShape: [3],
      seed: 3,
    });
    expect(flatWeights(graph)).toEqual(flatWeights(stack));
    expect(graph.layers).toEqual(stack.layers);
    expect(graph.predict(rows).data()).toEqual(stack.predict(rows).data());
    const compiling = { optimizer: "adam", loss: "meanSquaredError" } as const;
    const y = random([5, 2], 2);
    graph.compile(compiling).fitSync(rows, y, { epochs: 3 });
    stack.compile(compiling).fitSync(rows, y, { epochs: 3 });
    expect(flatWeights(graph)).toEqual(flatWeights(stack));
  });

  test("may go ways that part and join, and knows shapes before it is made", () => {
    const x = input([3]);
    const left = dense(4)(x);
    const right = dense(4, { name: "way" })(x);
    expect([left.shape, left.dtype]).toEqual([[4], "float32"]);
    const before = owners();
    const joined = sum()([left, right]);
    expect(joined.shape).toEqual([4]);
    expect(owners()).toBe(before);
    using both = model({ inputs: x, outputs: joined });
    expect(both.layers).toEqual(["dense", "way", "sum"]);
    const [w, b, v, c] = both.getWeights().map((values) => Array.from(values));
    using whole = sequential([dense(4)], { inputShape: [3] });
    whole.setWeights([w!.map((value, i) => value + v![i]!), b!.map((value, i) => value + c![i]!)]);
    const [got, expected] = [both.predict(rows).data(), whole.predict(rows).data()];
    for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected[i]!, 5);
  });

  test("calls one layer several times, with one set of weights and other names", () => {
    const x = input([3]);
    const shared = dense(3, { activation: "tanh" });
    using twice = model({ inputs: x, outputs: shared(shared(x)), seed: 1 });
    expect(twice.layers).toEqual(["dense", "dense_1"]);
    expect(twice.parameterCount).toBe(12);
    expect(twice.summary()).toMatch(/dense_1 \(dense, tanh\) +\(batch, 3\) +shared/);
    const y = shared(shared(rows)) as Tensor;
    expect(twice.predict(rows).data()).toEqual(y.data());
  });

  test("contains others, whose layers are its own too", () => {
    const before = owners();
    const encoder = sequential([dense(2, { activation: "relu" })], {
      inputShape: [3],
      name: "encoder",
      seed: 7,
    });
    {
      const x = input([3]);
      const code = encoder.call(x);
      using whole = model({ inputs: x, outputs: dense(1)(code) });
      expect(whole.layers).toEqual(["encoder/dense", "dense"]);
      expect(whole.parameterCount).toBe(encoder.parameterCount + 3);
      encoder.trainable = false;
      expect(whole.parameterCount).toBe(3);
      expect(whole.trainable).toBe(true);
      encoder.trainable = true;
      using inRow = sequential([encoder, dense(1)]);
      expect(inRow.layers).toEqual(whole.layers);
      using codes = whole.outputsOf("encoder/dense");
      expect(codes.predict(rows).data()).toEqual(encoder.predict(rows).data());
    }
    expect(encoder.predict(rows).shape).toEqual([5, 2]);
    encoder.dispose();
    expect(owners()).toBe(before);
  });

  test("is called with a list or with names, and gives what was asked for", () => {
    const [a, b] = [input([2], { name: "a" }), input([2], { name: "b" })];
    const both = sum()([a, b]);
    const difference = layer(([p, q]: readonly Tensor[]) => sub(p!, q!))([a, b]);
    using byName = model({ inputs: { first: a, second: b }, outputs: { both, difference } });
    using inOrder = model({ inputs: [a, b], outputs: [both, difference] });
    const [p, q] = [tensor([[1, 2]]), tensor([[3, 5]])];
    const named = byName.call({ second: q, first: p });
    expect([named.both.array(), named.difference.array()]).toEqual([[[4, 7]], [[-2, -3]]]);
    expect(inOrder.call({ a: p, b: q }).map((one) => one.array())).toEqual([[[4, 7]], [[-2, -3]]]);
    expect(inOrder.call([p, q])[1]!.array()).toEqual([[-2, -3]]);
  });

  test("gives what its layers gave", () => {
    using net = sequential([dense(4, { activation: "relu" }), dense(2), dense(1)], {
      inputShape: [3],
    });
    using part = net.outputsOf("dense_1");
    expect(part.layers).toEqual(["dense", "dense_1"]);
    using several = net.outputsOf(["dense", "dense_2"]);
    const { dense: hidden, dense_2: end } = several.call(rows);
    expect(hidden.shape).toEqual([5, 4]);
    expect(end.data()).toEqual(net.predict(rows).data());
  });
});

describe("what is wrong is said with its names, and leaves nothing behind", () => {
  const x = input([3], { name: "x" });
  const other = input([3], { name: "other" });
  const wide = input([5], { name: "wide" });
  const words = input([4], { name: "words", dtype: "int32" });
  const shared = dense(2, { name: "shared" });
  const two = () => {
    const [a, b] = [input([2], { name: "a" }), input([2], { name: "b" })];
    return model({ inputs: [a, b], outputs: sum()([a, b]) });
  };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => model({ inputs: x, outputs: { score: sum()([x, other]) } }),
      'ArgumentError: model(): outputs (score): expected tensors that come from the inputs given, got one that also needs an input "other" which is not among them',
    ],
    [
      () => model({ inputs: [x, other], outputs: dense(1)(x) }),
      'ArgumentError: model(): inputs: expected what the outputs are made of, got "other", which reaches none of them',
    ],
    [
      () => model({ inputs: [x, x], outputs: dense(1)(x) }),
      'ArgumentError: model(): inputs: expected each name once, got "x" twice',
    ],
    [
      () => model({ inputs: dense(1)(x), outputs: dense(1)(x) }),
      'ArgumentError: model(): outputs: expected tensors that come from the inputs given, got one that also needs an input "x" which is not among them',
    ],
    [
      () => model({ inputs: x, outputs: { y: rows as never } }),
      'ArgumentError: model(): outputs: "y": expected what input() or a layer called on it gave, got a tensor',
    ],
    [
      () => model({ inputs: {}, outputs: dense(1)(x) }),
      "ArgumentError: model(): inputs: expected at least one, got none",
    ],
    [
      () => model({ input: x, outputs: dense(1)(x) } as never),
      'ArgumentError: model(): unknown option "input"; did you mean "inputs"?',
    ],
    [
      () => model({ inputs: [x, wide], outputs: [shared(x), shared(wide)] }),
      "ShapeError: shared_1: dense(): expected inputs (…, 3), got shape [2, 5]",
    ],
    [
      () => dense(2)(words),
      "ArgumentError: dense(): expected float32 inputs (…, 4), got int32 [2, 4]",
    ],
    [() => dense(2)([x, other]), "ArgumentError: dense: expected one input, got a list of 2"],
    [
      () => sum()([x, wide]),
      "ShapeError: sum: add(): expected shapes that broadcast, got [2, 3] and [2, 5]",
    ],
    [
      () => sum()([x, rows as never]),
      "ArgumentError: sum: expected symbolic tensors only, got a tensor among them; a layer computes with it: layer((x) => …)(it)",
    ],
    [
      () => sequential([dense(3), x]),
      "ArgumentError: sequential(): layers: element 1: expected a layer or a function of a tensor, got a symbolic tensor; model() makes a model of symbolic tensors",
    ],
    [
      () => sequential([words, dense(3)]),
      "ArgumentError: dense(): expected float32 inputs (…, 4), got int32 [2, 4]",
    ],
    [
      () => sequential([two(), dense(3)]),
      "ArgumentError: sequential(): layers: element 0: expected a model of one input and one output, got one of 2 and 1; model() takes any",
    ],
    [
      () => two().call({ a: rows, c: rows } as never),
      'ArgumentError: call(): unknown input "c"; expected one of "a", "b"',
    ],
    [
      () => two().call({ a: rows }),
      'ArgumentError: call(): expected something for input "b", got none',
    ],
    [
      () => two().call([x, x]),
      'ShapeError: call(): input "a": expected float32 [2], got float32 [3]',
    ],
    [
      () => sequential([dense(2)], { inputShape: [3] }).outputsOf("dense_1"),
      'ArgumentError: outputsOf(): unknown layer "dense_1"; did you mean "dense"?',
    ],
    [
      () => model({ inputs: x, outputs: other }),
      'ArgumentError: model(): outputs: expected tensors that come from the inputs given, got one that also needs an input "other" which is not among them',
    ],
    [
      () => model({ inputs: { a: x, b: input([3], { name: "x" }) }, outputs: dense(1)(x) }),
      'ArgumentError: model(): inputs: expected what the outputs are made of, got "b", which reaches none of them',
    ],
    [
      () => model({ inputs: [x, input([3], { name: "x" })], outputs: dense(1)(x) }),
      'ArgumentError: model(): inputs: expected each name once, got "x" twice',
    ],
    [
      () => model({ inputs: x, outputs: layer((t: Tensor) => argmax(t), { name: "largest" })(x) }),
      "ArgumentError: model(): outputs: expected float32, got int32 from largest",
    ],
    [
      () => input([3], { dtype: "float16" as "int32" }),
      'ArgumentError: input(): unknown dtype "float16"; did you mean "float32"?',
    ],
  ];
  test.each(cases)("%#", async (call, message) => {
    expect(await failure(call)).toBe(message);
  });

  test("no variable is made where a graph does not fit", async () => {
    const before = owners();
    const bad = layer((t: Tensor) => mean(mul(t, 2)), { name: "bad" });
    expect(await failure(() => bad(dense(4)(x)))).toBe(
      "ShapeError: bad: expected an output (batch, …), got one that drops the batch",
    );
    expect(owners()).toBe(before);
  });
});
