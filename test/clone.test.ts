import { dense, loadModel, StateError, sequential } from "ferrograd";
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
