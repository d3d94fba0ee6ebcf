import { RULE_FORMULAS } from "../../engine/formulas.generated.ts";
import type { UpdateOp, UpdateRanges } from "../../engine/ops.generated.ts";
import { after, type Code, FLOAT } from "../code.ts";
import { formula } from "../formula.ts";
import { each } from "../loops.ts";
import { isSmall, type Unroller, type Unrolling } from "./unrolling.ts";

const COEFFICIENTS = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"];
const SLOTS = ["a", "b", "c"];

/** By the rule's formula; where gradients are clipped or decayed, the core performs the op. */
export const update: Unroller<UpdateOp> = {
  fits: ({ ranges }) => ranges.every(({ len }) => isSmall(len)),
  write(op, unrolling) {
    const { code, perform, coefficients } = unrolling;
    const address = code.local("i32");
    coefficients();
    code.tee(address).op("i32.eqz");
    code.if(perform, () => {
      const text = RULE_FORMULAS[op.rule];
      const names = COEFFICIENTS.filter((name) => text.includes(name));
      const known = loaded(code, names, (name) => {
        code.loadSplat({ local: address, offset: COEFFICIENTS.indexOf(name) * FLOAT });
      });
      for (const range of op.ranges) step(text, known, range, unrolling);
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
function step(text: string, known: Locals, range: UpdateRanges, { code, at }: Unrolling): void {
  const { len, slots } = range;
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
