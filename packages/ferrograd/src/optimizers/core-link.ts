import { RULE_FORMULAS } from "../engine/formulas.generated.ts";
import { HYPER, RULE_NUMBERS, type RuleName } from "../engine/ops.generated.ts";
import * as write from "../engine/writers.generated.ts";
import { leaf, zeros } from "../graph/constants.ts";
import { evaluate, type Words } from "../graph/formula.ts";
import { ends } from "../graph/meaning.ts";
import { apply, type OpDef } from "../graph/op.ts";
import { words } from "../graph/ops/curvature.ts";
import { add, neg, sign } from "../graph/ops/elementwise.ts";
import { gather } from "../graph/ops/indexing.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { type Link, link } from "./transform.ts";
import type { CoreRule } from "./update.ts";

/** Hyper-parameters before a rule's own: the rate, weight decay and three clips. */
const COMMON = 5;
const SLOTS = ["a", "b", "c"];

/** The numbers that a rule's formula takes in a step: the core makes them, in f64. */
const coefficientsOp: OpDef<{ readonly rule: RuleName }> = {
  name: "coefficients",
  infer: () => [{ shape: [RULE_NUMBERS], dtype: "float32" }],
  meaning: ends,
  gradient: () => [null, null, null],
  emit: ({ w, attrs, inputs, outputs }) =>
    write.prepareUpdate(w, {
      ...attrs,
      decoupled: false,
      ...{ hyper: inputs[0]!, step: inputs[1]!, peak: inputs[2]! },
      numbers: outputs[0]!,
      ranges: [],
    }),
};

/** What the words of a rule's formula do: the sign that Lion takes is a bit, put on 1 and left as it is at 0. */
const ruleWords = (): Words => ({
  ...words,
  andnot: (one, _bit) => add(one, 0),
  and: (x, _bit) => sign(x),
  or: (_one, signed) => add(signed, 0),
});

/**
 * A rule of the core as a link: from the gradient to the direction that the rate is multiplied with, which is what a
 * step of rate 1 takes from a variable that is 0.
 */
export function coreLink(name: string, { rule, slots }: CoreRule, own: readonly number[]): Link {
  const numbers = new Float64Array(HYPER);
  numbers[0] = 1;
  numbers.set(own, COMMON);
  const hyper = leaf(new Int32Array(numbers.buffer), [2 * HYPER], "int32") as AnyTensor;
  const peak = leaf(new Float32Array(4), [4], "float32") as AnyTensor;
  const places = Array.from({ length: 7 }, (_, i) => leaf(Int32Array.of(i), [1], "int32"));
  const formula = RULE_FORMULAS[rule];
  const used = [...places.keys()].filter((i) => formula.split(" ").includes(`k${i}`));
  return link({
    name,
    options: {},
    init: (variable) => Object.fromEntries(slots.map((slot) => [slot, zeros(variable.shape)])),
    update(g, state, { count }) {
      const all = apply(coefficientsOp, [hyper, count, peak], { rule });
      const known = used.map((i) => [`k${i}`, reshape(gather(all, places[i]!), [])] as const);
      const kept = slots.map((slot, i) => [SLOTS[i]!, state[slot]!] as const);
      const names = { w: 0, g, ...Object.fromEntries(known), ...Object.fromEntries(kept) };
      const [step, ...next] = evaluate(formula, names, ruleWords()) as Tensor[];
      const now = Object.fromEntries(slots.map((slot, i) => [slot, next[i]!]));
      return { update: neg(step!), state: now };
    },
  });
}
