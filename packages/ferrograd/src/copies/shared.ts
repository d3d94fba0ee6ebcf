import { BUILD, VERSION } from "./version.generated.ts";

// Copies of this version and op table work together: what ESM and CommonJS, two bundles on a page or two
// folders of node_modules load is one library in several pieces.
const KEY = Symbol.for(`ferrograd/${BUILD}`);
const place = globalThis as { [KEY]?: Record<string, unknown> };
place[KEY] ??= {};
const registry = place[KEY];

/** What a process has one of, whichever copies it loads: made by the first that asks. */
export function shared<T>(name: string, make: () => T): T {
  registry[name] ??= make();
  return registry[name] as T;
}

/** The kinds of things that are branded, the latest first: a variable is a tensor too. */
const kinds: { readonly name: string; readonly mark: symbol; readonly remedy: string }[] = [];

/** A mark that things of one kind carry, known to all copies of this version. */
export class Brand {
  private readonly mark: symbol;

  constructor(name: string, remedy = "") {
    this.mark = Symbol.for(`ferrograd/${name}`);
    kinds.unshift({ name, mark: this.mark, remedy });
  }

  /** Marks a function, or a prototype and with it all objects of a class. */
  on<T extends object>(thing: T): T {
    return Object.defineProperty(thing, this.mark, { value: BUILD });
  }

  has(value: unknown): boolean {
    return markOf(value, this.mark) === BUILD;
  }
}

function markOf(value: unknown, mark: symbol): unknown {
  const carries = (typeof value === "object" && value !== null) || typeof value === "function";
  return carries ? (value as { [mark: symbol]: unknown })[mark] : undefined;
}

type Class = (abstract new (...args: never[]) => object) & { readonly prototype: object };

/**
 * `instanceof` goes by the brand: the objects of other copies are of this class too.
 *
 * @param remedy what to do with one where numbers are expected, behind the error's "; "
 */
export function brandClass(name: string, type: Class, remedy?: string): void {
  const brand = new Brand(name, remedy);
  brand.on(type.prototype);
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === type ? brand.has(value) : ordinary.call(this as Class, value);
    },
  });
}

/** `a tensor`, `an optimizer`. */
export const withArticle = (name: string): string =>
  `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`;

/** The kind of something of this version: "tensor"; undefined of all else. */
export const kindOf = (value: unknown) => kinds.find(({ mark }) => markOf(value, mark) === BUILD);

/** What something of another version is, with both versions; undefined of all else. */
export function foreign(value: unknown): string | undefined {
  for (const { name, mark } of kinds) {
    const build = markOf(value, mark);
    if (typeof build !== "string" || build === BUILD) continue;
    const version = build.split("+", 1)[0]!;
    const their =
      version === VERSION ? `another build of ferrograd ${version}` : `ferrograd ${version}`;
    return `${withArticle(name)} of ${their}, where this is ${VERSION}`;
  }
  return undefined;
}
