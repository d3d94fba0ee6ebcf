import type { TensorLike } from "./leaf.ts";
import type { Tensor } from "./tensor.ts";

/** What the words of a formula do with the values before them. */
export type Words = Readonly<Record<string, (...operands: TensorLike[]) => Tensor>>;

/**
 * What a formula makes of its names, as graphs: what it leaves on the stack. The words are those of a stack machine: operands, then
 * what is done with them; `=A` keeps the top of the stack under a name.
 */
export function evaluate(
  formula: string,
  names: Readonly<Record<string, Tensor | number>>,
  words: Words,
): (Tensor | number)[] {
  const stack: (Tensor | number)[] = [];
  const kept = new Map(Object.entries(names));
  for (const word of formula.split(" ")) {
    const made = words[word];
    if (word.startsWith("=")) kept.set(word.slice(1), stack.at(-1)!);
    else if (made) stack.push(made(...stack.splice(-made.length)));
    else stack.push(kept.get(word) ?? Number(word));
  }
  return stack;
}
