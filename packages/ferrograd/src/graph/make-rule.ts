import { ShapeError } from "../errors.ts";
import { callable, checkConfig, isCallable, requireOptions, savedName } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { type Shape, showShape } from "../values/shape.ts";
import { type TensorLike, toTensor } from "./leaf.ts";
import { RULES, type Rule } from "./rule.ts";
import type { Tensor } from "./tensor.ts";

/** What a rule of one's own is made of. */
export interface RuleParts {
  /** What files and `loadModel` know it by. */
  readonly name: string;
  /** The options that make it again, which files hold (default none). */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What it makes of the values, by operations on tensors. */
  call(x: Tensor): TensorLike;
}

/** What the rules of a kind give. @internal */
export interface RuleKind<K extends keyof typeof RULES> {
  readonly kind: K;
  /** In messages. */
  readonly gives: string;
  fits(made: Shape, of: Shape): boolean;
}

/** How files name a rule. */
type Saved = "ours" | "own" | "not";

/** A rule from what it is made of. @internal */
export function makeRule<K extends keyof typeof RULES>(
  { kind, gives, fits }: RuleKind<K>,
  { name, config: options = {}, call }: RuleParts,
  saved: Saved = "ours",
): Rule<K> {
  const where = `${name}()`;
  const rule = (x: TensorLike): Tensor => {
    const values = toTensor(where, x) as Tensor;
    const made = toTensor(where, call(values)) as Tensor;
    if (made.dtype === FLOAT && fits(made.shape, values.shape)) return made;
    throw new ShapeError(
      `${where}: expected a ${kind} that gives ${gives}, got ${made.dtype} ${showShape(made.shape)} of ${showShape(values.shape)}`,
    );
  };
  const toJSON = () => ({ [kind]: name, options, ...(saved === "own" && { own: true }) });
  Object.defineProperty(rule, "name", { value: name });
  Object.assign(rule, { kind, options, ...(saved !== "not" && { toJSON }) });
  return RULES[kind].brand.on(rule) as unknown as Rule<K>;
}

/** A rule of one's own, from its parts or a plain function. @internal */
export function ownRule<K extends keyof typeof RULES>(
  kind: RuleKind<K>,
  given: RuleParts | RuleParts["call"],
): Rule<K> {
  const where = `${kind.kind}()`;
  if (isCallable(given)) {
    const call = given as RuleParts["call"];
    return makeRule(kind, { name: call.name || kind.kind, call }, "not");
  }
  requireOptions(where, given, ["name", "config", "call"], "; or give it a function of a tensor");
  const { config = {}, call } = given;
  const name = savedName(where, given.name);
  callable(where, "call", call);
  checkConfig(`${where}: config`, config);
  return makeRule(kind, { name, config: { ...config }, call: call.bind(given) }, "own");
}
