import { ArgumentError } from "../errors.ts";
import { isPlain, show } from "./show.ts";

/** What files know something by. */
export function savedName(where: string, value: unknown, name = "name"): string {
  if (typeof value === "string" && value !== "" && !value.includes("/")) return value;
  throw new ArgumentError(`${where}: ${name}: expected text without "/", got ${show(value)}`);
}

/** Deepest nesting of options. */
const DEEPEST = 16;

/** Refuses options that a file would not give back as they are. */
export function checkConfig(where: string, value: unknown, depth = 0): void {
  const isObject = isPlain(value);
  if (depth > 0) {
    if (value === null || typeof value === "string" || typeof value === "boolean") return;
    if (typeof value === "number" && Number.isFinite(value)) return;
  }
  if ((!isObject && !(depth > 0 && Array.isArray(value))) || depth > DEEPEST) {
    throw new ArgumentError(`${where}: expected options that JSON holds, got ${show(value)}`);
  }
  for (const [key, part] of Object.entries(value)) checkConfig(`${where}.${key}`, part, depth + 1);
}
