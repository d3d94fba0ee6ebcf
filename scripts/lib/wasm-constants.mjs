/**
 * Moves the vector constants of loops to locals that are set at the start of their function. LLVM
 * puts them where they are used, and V8 from 13 on leaves them there: four instructions for each,
 * in each iteration. As a splat of one float a constant is also a third of the size. Text in, text
 * out, in the layout of wasm-dis: an expression is closed by a parenthesis below its first one.
 *
 * @returns the text, and how many constants were moved
 */
export function hoistConstants(text) {
  const functions = text.split(/^(?= \(func )/m);
  const parts = functions.map((part) =>
    part.startsWith(" (func ") ? hoistOf(part) : { text: part },
  );
  return {
    text: parts.map((part) => part.text).join(""),
    count: parts.reduce((sum, { count = 0 }) => sum + count, 0),
  };
}

function hoistOf(text) {
  const constants = new Map();
  const local = (value) => {
    if (!constants.has(value)) constants.set(value, `$constant${constants.size}`);
    return `(local.get ${constants.get(value)})`;
  };
  const loops = []; // indents of those that are open
  const lines = text.split("\n").map((line) => {
    const indent = line.search(/\S/);
    if (line.startsWith("(loop", indent)) loops.push(indent);
    else if (indent === loops.at(-1) && line.endsWith(")")) loops.pop();
    return loops.length === 0 ? line : line.replace(SPLAT, (_, bits) => local(splat(bits)));
  });
  const body = lines.findIndex((line, i) => i > 0 && !line.startsWith("  (local "));
  const all = [...constants];
  const declared = all.map(([, name]) => `  (local ${name} v128)`);
  const set = all
    .filter(([value]) => value !== ZERO) // as a local is to begin with
    .map(([value, name]) => `  (local.set ${name} ${value})`);
  const moved = [...lines.slice(0, body), ...declared, ...set, ...lines.slice(body)];
  return { text: moved.join("\n"), count: all.length };
}

const SPLAT = /\(v128\.const i32x4 (0x\w+) \1 \1 \1\)/;
const ZERO = splat("0x00000000");

function splat(bits) {
  const [value] = new Float32Array(Uint32Array.of(Number(bits)).buffer);
  return Number.isFinite(value)
    ? `(f32x4.splat (f32.const ${Object.is(value, -0) ? "-0" : value}))`
    : `(i32x4.splat (i32.const ${bits}))`;
}
