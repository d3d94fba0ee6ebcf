import { RULE_FORMULAS } from "../../engine/formulas.generated.ts";
import { RULE_NUMBERS, type UpdateOp, type UpdateRanges } from "../../engine/ops.generated.ts";
import { type At, after, type Code, FLOAT } from "../code.ts";
import { formula } from "../formula.ts";
import { each } from "../loops.ts";
import { isSmall, type Unroller, type Unrolling } from "./unrolling.ts";

const COEFFICIENTS = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"];
/** Which of the numbers says whether the formula sees the gradients as they are. */
export const PLAIN = RULE_NUMBERS - 2;
/** Which is how large the slot is at most that w is changed by. */
const REACH = RULE_NUMBERS - 1;
const SLOTS = ["a", "b", "c"];

/** By the rule's formula; where gradients are clipped or decayed, the core performs the op. */
export const update: Unroller<UpdateOp> = {
  fits: ({ ranges }) => ranges.every(({ len }) => isSmall(len)),
  write(op, unrolling) {
    const { code, at, perform } = unrolling;
    const numbers = at(op.numbers);
    const number = (index: number) => after(numbers, index * FLOAT);
    code.get(numbers.local).memory("i32.load", number(PLAIN).offset).op("i32.eqz");
    code.if(perform, () => {
      const text = RULE_FORMULAS[op.rule];
      const names = COEFFICIENTS.filter((name) => text.includes(name));
      const known = loaded(code, names, (name) => {
        code.loadSplat(number(COEFFICIENTS.indexOf(name)));
      });
      for (const range of op.ranges) step(text, known, range, number(REACH), unrolling);
    });
  },
};

type Locals = ReadonlyMap<string, number>;

/** A local for each name, with what is pushed for it. */
function loaded(code: Code, names: readonly string[], push: (name: string) => void): Locals {
  return new Map(
    names.map((name) => {
      push(name);
      return [name, code.keep()];
    }),
  );
}

/** One variable: w and its slots, which lie one after the other. */
function step(
  text: string,
  known: Locals,
  range: UpdateRanges,
  reach: At,
  { code, at }: Unrolling,
): void {
  const { len, slots } = range;
  if (slots > 0) {
    const own = at(range.reach);
    code.get(own.local).get(reach.local);
    code.memory("f32.load", reach.offset).memory("f32.store", own.offset);
  }
  const [w, g, state] = [at(range.w), at(range.g), at(range.state)];
  const own = SLOTS.slice(0, slots);
  const runs = Object.fromEntries(own.map((name, i) => [name, after(state, i * len * FLOAT)]));
  each<string>(code, len, { ...runs, w, g }, (places, lanes) => {
    const changed = ["w", ...own];
    const locals = loaded(code, [...changed, "g"], (name) => code.load(places[name]!, lanes));
    const names = [...known, ...locals].map(
      ([name, local]) => [name, () => void code.get(local)] as const,
    );
    formula(code, text, Object.fromEntries(names));
    for (const name of [...changed].reverse()) code.set(locals.get(name)!);
    for (const name of changed) code.store(places[name]!, locals.get(name)!, lanes);
  });
}
