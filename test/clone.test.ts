import { add, dense, input, loadModel, StateError, sequential, tensor, variable } from "ferrograd";
import { expect, test } from "vitest";

test("a model cannot be cloned or sent, and says how it travels", () => {
  using model = sequential([dense(2)], { inputShape: [3] });
  const clones: (() => unknown)[] = [
    () => structuredClone(model),
    () => structuredClone({ model }),
    () => JSON.stringify(model),
    () => new MessageChannel().port1.postMessage(model),
  ];
  for (const clone of clones) {
    expect(clone).toThrow(StateError);
    expect(clone).toThrow(
      /copy or send model\.save\(\), and make it again there with loadModel\(\)$/,
    );
  }
  using copy = loadModel(structuredClone(model.save()));
  expect(copy.getWeights()).toEqual(model.getWeights());
});

test.each([
  ["a leaf", () => tensor([1, 2])],
  ["what is not computed yet", () => add([1, 2], 1)],
  ["a variable", () => variable([1, 2])],
])("a tensor cannot be cloned or sent: %s", (_, make) => {
  const value = make();
  expectUnclonable(value, "got a tensor; send its data() and shape, make it again with tensor()");
  const { shape } = value;
  const sent = structuredClone({ data: value.data(), shape });
  expect(tensor(sent.data, sent.shape).array()).toEqual(value.array());
});

test("nor can a symbolic tensor", () => {
  for (const value of [input([3]), dense(2)(input([3]))]) {
    expectUnclonable(value, "got a symbolic tensor; send its shape, make it again with input()");
    expect(input(structuredClone(value.shape)).shape).toEqual(value.shape);
  }
});

function expectUnclonable(value: unknown, message: string): void {
  const clones: (() => unknown)[] = [
    () => structuredClone(value),
    () => structuredClone([value]),
    () => new MessageChannel().port1.postMessage({ value }),
  ];
  for (const clone of clones) {
    const error = thrown(clone);
    expect(error).toBeInstanceOf(DOMException);
    expect((error as DOMException).name).toBe("DataCloneError");
    expect((error as DOMException).message).toContain(message);
  }
}

function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}
