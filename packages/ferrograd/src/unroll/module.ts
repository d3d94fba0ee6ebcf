import type { Raw } from "../engine/raw.ts";
import { Bytes } from "./bytes.ts";
import type { Code } from "./code.ts";

/** The functions of the core that the code calls, with how many integers they take. */
const IMPORTS = { bases: 1, perform: 2 } as const;
type Import = keyof typeof IMPORTS;
const names = Object.keys(IMPORTS) as Import[];

/** Calls a function of the core with the integers on the stack; an integer takes their place. */
export const call = (code: Code, name: Import): Code => code.call(names.indexOf(name));

const START = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTION = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;
const FUNCTION = 0;
const MEMORY = 2;
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;

/** How many, then each. */
function list<Item>(into: Bytes, items: readonly Item[], write: (item: Item) => void): void {
  into.unsigned(items.length);
  for (const item of items) write(item);
}

function text(into: Bytes, value: string): void {
  list(into, [...value], (letter) => into.byte(letter.charCodeAt(0)));
}

/** How long, then the content. */
function sized(into: Bytes, content: Bytes): void {
  into.unsigned(content.length);
  into.append(content);
}

/** The bytes of a module that exports the code as `run` and works on the memory it is given. */
function moduleOf(code: Code): Bytes {
  const module = new Bytes();
  module.bytes(...START);
  const section = <Item>(
    id: keyof typeof SECTION,
    items: readonly Item[],
    write: (into: Bytes, item: Item) => void,
  ) => {
    const content = new Bytes();
    list(content, items, (item) => write(content, item));
    module.byte(SECTION[id]);
    sized(module, content);
  };
  const own = names.length;
  section("types", [...Object.values(IMPORTS), 0], (into, parameters) => {
    into.bytes(FUNCTION_TYPE, parameters, ...new Array<number>(parameters).fill(I32), 1, I32);
  });
  section("imports", [...names, "memory"], (into, name) => {
    text(into, "core");
    text(into, name);
    const index = names.indexOf(name as Import);
    into.bytes(...(index >= 0 ? [FUNCTION, index] : [MEMORY, 0, 1]));
  });
  section("functions", [own], (into, type) => into.byte(type));
  section("exports", ["run"], (into, name) => {
    text(into, name);
    into.bytes(FUNCTION, own);
  });
  section("code", [code.function()], sized);
  return module;
}

/** Compiles the code to a function that works on the core's memory. */
export function functionOf(code: Code, core: Raw): () => number {
  const module = new WebAssembly.Module(moduleOf(code).all());
  return new WebAssembly.Instance(module, { core: { ...core } }).exports.run as () => number;
}
