import { ACTIVATION_FORMULAS, type Formula } from "../engine/formulas.generated.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import type { Code } from "./code.ts";
import { isSimd } from "./instructions.ts";

/** Names of a formula, and what pushes their values. */
export type Names = Readonly<Record<string, () => void>>;

/** Shifts by a known number, which stands before them. */
const SHIFTS: Readonly<Record<string, readonly ["shl" | "sar" | "shr", number]>> = {
  shl23: ["shl", 23],
  sar23: ["sar", 23],
  shr1: ["shr", 1],
};

/** Writes a formula; what it computes is on the stack then. */
export function formula(code: Code, text: Formula, names: Names): void {
  code.scope(() => {
    const kept = new Map<string, number>();
    for (const word of text.split(" ")) {
      const [shift, local] = [SHIFTS[word], kept.get(word)];
      if (word.startsWith("=")) {
        const own = code.local("v128");
        kept.set(word.slice(1), own);
        code.tee(own);
      } else if (local !== undefined) code.get(local);
      else if (shift !== undefined) code.integer(shift[1]).simd(shift[0]);
      else if (isSimd(word)) code.simd(word);
      else if (word in names) names[word]!();
      else code.vector(Number(word));
    }
  });
}

/** Puts f or f' of it in the place of the vector that is on the stack. */
export function activate(
  code: Code,
  { activation, p0, p1 }: { activation: ActivationName; p0: number; p1: number },
  which: "f" | "df",
): void {
  const x = code.keep();
  formula(code, ACTIVATION_FORMULAS[activation][which], {
    x: () => code.get(x),
    p: () => code.vector(p0),
    q: () => code.vector(p1),
  });
}
