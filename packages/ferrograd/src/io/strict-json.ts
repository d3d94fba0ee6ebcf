import { FormatError } from "../errors.ts";
import { show } from "../options/index.ts";

/** The JSON that file headers are made of: no fractions, no literals, objects as Maps. */
export type StrictJson = string | number | readonly StrictJson[] | ReadonlyMap<string, StrictJson>;

export interface StrictJsonLimits {
  /** Deepest nesting of objects and arrays. */
  readonly depth: number;
  /** Longest array. */
  readonly items: number;
}

const code = (char: string): number => char.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code("\\");
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);
const isDigit = (byte: number | undefined): byte is number =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * Parses UTF-8 JSON more strictly than `JSON.parse`: a key may stand once in its object, numbers
 * are integers from 0 to 2^53 - 1, depth and array lengths are bounded. Objects become Maps, so
 * that a key such as `__proto__` is a key like any other.
 *
 * @param start where in the file `bytes` begins, for the positions in messages
 * @throws FormatError with the position of the byte that is wrong
 */
export function parseStrictJson(
  where: string,
  bytes: Uint8Array,
  start: number,
  limits: StrictJsonLimits,
): StrictJson {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 0;

  const fail = (expected: string, position = at): never => {
    const byte = bytes[position];
    const printable = byte !== undefined && byte > 0x20 && byte < 0x7f;
    const shown = printable ? `"${String.fromCharCode(byte)}"` : `0x${byte?.toString(16)}`;
    const got = byte === undefined ? "the end of the header" : shown;
    throw new FormatError(`${where}: byte ${start + position}: expected ${expected}, got ${got}`);
  };

  const skipSpaces = () => {
    while (SPACES.has(bytes[at]!)) at++;
  };

  /** Skips spaces; takes the character if it comes next. */
  const accept = (char: string): boolean => {
    skipSpaces();
    if (bytes[at] !== code(char)) return false;
    at++;
    return true;
  };

  const expect = (char: string) => {
    if (!accept(char)) fail(`"${char}"`);
  };

  const parseString = (): string => {
    expect('"');
    const begin = at;
    while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    if (at >= bytes.length) {
      at = bytes.length;
      fail('a closing "');
    }
    const raw = bytes.subarray(begin, at++);
    try {
      const text: unknown = JSON.parse(`"${utf8.decode(raw)}"`);
      if (typeof text === "string" && !/\p{Surrogate}/u.test(text)) return text;
    } catch {
      // Bad UTF-8, a control character or an unknown escape: reported below.
    }
    return fail("a string of valid UTF-8 and escapes", begin - 1);
  };

  const parseInteger = (): number => {
    const begin = at;
    let value = 0;
    while (isDigit(bytes[at])) {
      value = value * 10 + (bytes[at]! - 0x30);
      if (value > Number.MAX_SAFE_INTEGER) fail("an integer below 2^53", begin);
      at++;
    }
    if (at - begin > 1 && bytes[begin] === 0x30) fail("an integer without leading zeros", begin);
    return value;
  };

  const parseArray = (depth: number): StrictJson[] => {
    const items: StrictJson[] = [];
    expect("[");
    if (accept("]")) return items;
    do {
      if (items.length === limits.items) fail(`at most ${limits.items} items`);
      items.push(parseValue(depth + 1));
    } while (accept(","));
    expect("]");
    return items;
  };

  const parseObject = (depth: number): Map<string, StrictJson> => {
    const entries = new Map<string, StrictJson>();
    expect("{");
    if (accept("}")) return entries;
    do {
      skipSpaces();
      const position = at;
      const key = parseString();
      if (entries.has(key)) {
        const got = `${show(key)} twice`;
        throw new FormatError(
          `${where}: byte ${start + position}: expected each key once, got ${got}`,
        );
      }
      expect(":");
      entries.set(key, parseValue(depth + 1));
    } while (accept(","));
    expect("}");
    return entries;
  };

  const parseValue = (depth: number): StrictJson => {
    skipSpaces();
    if (depth > limits.depth) fail(`at most ${limits.depth} levels of nesting`);
    const byte = bytes[at];
    if (byte === QUOTE) return parseString();
    if (byte === code("{")) return parseObject(depth);
    if (byte === code("[")) return parseArray(depth);
    if (isDigit(byte)) return parseInteger();
    return fail("a string, an integer from 0, an array or an object");
  };

  const value = parseValue(0);
  skipSpaces();
  if (at < bytes.length) fail("nothing but spaces after the header");
  return value;
}
