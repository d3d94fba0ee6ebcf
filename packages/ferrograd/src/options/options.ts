import { ArgumentError } from "../errors.ts";
import { isPlain, quote, show } from "./show.ts";
import { hint, list } from "./suggest.ts";

/** Options of what has none. */
export type NoOptions = Readonly<Record<never, never>>;

/**
 * Refuses options that do not exist, by name, and all that is no object of options.
 *
 * @throws ArgumentError `dense(): unknown option "actvation"; did you mean "activation"?`
 */
export function checkOptions(
  where: string,
  options: unknown,
  allowed: readonly string[] | (() => readonly string[]),
  remedy = "",
): void {
  if (options !== undefined) requireOptions(where, options, allowed, remedy);
}

/** As `checkOptions`, where some option has no default. */
export function requireOptions(
  where: string,
  options: unknown,
  allowed: readonly string[] | (() => readonly string[]),
  remedy = "",
): void {
  const names = () => (typeof allowed === "function" ? allowed() : allowed);
  if (!isPlain(options)) {
    const isValue = ["number", "string", "boolean"].includes(typeof options);
    const [first] = isValue ? names() : [];
    const named = first === undefined ? "" : `; options have names: { ${first}: ... }`;
    throw new ArgumentError(
      `${where}: expected an object of options, got ${show(options)}${remedy || named}`,
    );
  }
  const known = names();
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      const help = hint(name, known, elsewhere(name));
      throw new ArgumentError(`${where}: unknown option ${quote(name)}; ${help}`);
    }
  }
}

/** Of an option that layers of other libraries have: what takes it here. */
const elsewhere = (name: string): string | undefined =>
  /input.?(shape|dim|length)/i.test(name)
    ? "the model takes it: sequential([...], { inputShape })"
    : undefined;

/**
 * `value` if it is one of `allowed`; `kind` names what it is in the message, `example` a value that does as well as a name.
 *
 * @throws ArgumentError `dense(): unknown activation "rleu"; did you mean "relu"?`
 */
export function oneOf<T extends string>(
  where: string,
  kind: string,
  value: unknown,
  allowed: readonly T[],
  example?: string,
): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  const all = `expected one of ${list(allowed)}${example ? ` or a value such as ${example}` : ""}`;
  if (typeof value === "string") {
    const help = hint(value, allowed, example && all);
    throw new ArgumentError(`${where}: unknown ${kind} ${quote(value)}; ${help}`);
  }
  throw new ArgumentError(`${where}: ${kind}: ${all}, got ${show(value)}`);
}
