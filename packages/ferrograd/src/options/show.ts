import { foreign, kindOf, withArticle } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";

/** Text in quotes, cut where it is long for a message. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** Text of a file as a terminal may show it: what would move its cursor, change colors or turn text around is spelled out. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
  );

/** A value as an error message shows it: short, in one line, strings in quotes. */
export function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  const other = foreign(value);
  if (other !== undefined) return other;
  const kind = kindOf(value);
  if (kind !== undefined) return withArticle(kind.name);
  if (typeof value === "function") return isCallable(value) ? "a function" : "a class";
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const [, tag = "object"] =
    /^\[object (\w{1,30})\]$/.exec(Object.prototype.toString.call(value)) ?? [];
  return withArticle(tag === "Object" ? "object" : tag);
}

/** Refuses what another version of the package made, where something of anyone's own would do. */
export function own(where: string, what: string, value: unknown): void {
  if (foreign(value) === undefined) return;
  throw new ArgumentError(`${where}: expected ${what} of the same version, got ${show(value)}`);
}

/** Is it an object literal, of this realm or another, rather than an instance of a class? */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Can it be called, as classes cannot? */
export function isCallable(value: unknown): value is (...args: never[]) => unknown {
  if (typeof value !== "function") return false;
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable !== false;
}
