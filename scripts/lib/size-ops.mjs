import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./run.mjs";
import { readWasm } from "./wasm-output.mjs";

const ENGINE = "packages/ferrograd/src/engine";

/** Passes after which a function no longer has what nothing jumps to. */
const UNREACHED = ["dce", "remove-unused-brs", "remove-unused-names", "merge-blocks", "vacuum"];

/** The core's ops in the order of their codes, from the generated table of a checkout. */
function opNames(root) {
  const text = readFileSync(join(root, ENGINE, "writers.generated.ts"), "utf8");
  return [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
}

/** Bytes of each function's body, in the order in which a module has them. */
function bodySizes(wasm) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    if (section !== 10) at = end;
    else
      return Array.from({ length: number() }, () => {
        const size = number();
        at += size;
        return size;
      });
  }
  return [];
}

/** The functions of a module as text, by name; what is not a function; and which it always keeps. */
function takeApart(text) {
  const functions = new Map();
  const frame = text.replaceAll(/^ \(func (\$\S+)[\s\S]*?^ \)$/gm, (body, name) => {
    functions.set(name, body);
    return "";
  });
  const kept = [...frame.matchAll(/^ \((?:export|elem|start) .*$/gm)];
  return { functions, frame, kept: new Set(kept.flatMap(([line]) => line.match(/\$[\w.]+/g))) };
}

/** A function of the same type that does nothing. */
const stub = (body) => `${body.split("\n", 1)[0]}\n  (unreachable)\n )`;

/**
 * Bytes of wasm that are there for one op alone: the core without its arm in the dispatch, and without what only that
 * called. What is reached through tables of functions (activations, elementwise functions) belongs to no op.
 *
 * @param asked which ops, by name; all of them where it is left out
 * @returns a map from the names of ops to bytes
 */
export async function wasmByOp(root, asked = opNames(root)) {
  const { default: binaryen } = await import("binaryen");
  const wasm = readWasm(join(root, ENGINE, "generated"));
  const module = binaryen.readBinary(wasm);
  module.setFeatures(binaryen.Features.All);
  const { functions, frame, kept } = takeApart(module.emitText());
  module.dispose();
  const names = opNames(root);
  const [dispatch, arms] = dispatchOf(functions, names.length);
  const stubs = [...functions].map(([name, body]) => (name === dispatch ? "" : stub(body)));
  const sizes = bodySizes(wasm);
  const sizeOf = new Map([...functions.keys()].map((name, i) => [name, sizes[i]]));

  /** The dispatch with some body, and all that is still reached. */
  const measure = (body) => {
    const text = `${frame.trimEnd().slice(0, -1)}${stubs.join("\n")}\n${body}\n)`;
    const part = binaryen.parseText(text);
    part.setFeatures(binaryen.Features.All);
    part.runPassesOnFunction(dispatch.slice(1), UNREACHED);
    const own = part.emitText();
    const bytes = part.emitBinary().length;
    part.dispose();
    const bodies = new Map([...functions, [dispatch, takeApart(own).functions.get(dispatch)]]);
    const reached = new Set(kept);
    for (const name of reached) {
      const body = bodies.get(name) ?? "";
      for (const [, callee] of body.matchAll(/\((?:return_)?call (\$\S+)/g)) reached.add(callee);
    }
    const others = [...reached].filter((name) => name !== dispatch);
    return others.reduce((total, name) => total + (sizeOf.get(name) ?? 0), bytes);
  };
  const body = functions.get(dispatch);
  const whole = measure(body);
  const end = arms.at(-1);
  return new Map(
    asked.map((name) => {
      const rest = arms.map((arm, code) => (names[code] === name ? end : arm)).join(" ");
      return [name, whole - measure(body.replace(arms.join(" "), rest))];
    }),
  );
}

/** The function with the jump by an op's code, and where that goes for each op, last for none. */
function dispatchOf(functions, ops) {
  const found = [...functions].flatMap(([name, body]) =>
    [...body.matchAll(/\(br_table ([^(\n]*)/g)]
      .map(([, arms]) => [name, arms.trim().split(/\s+/)])
      .filter(([, arms]) => arms.length === ops + 1),
  );
  if (found.length === 1) return found[0];
  throw new Failure(`size: expected one jump of ${ops} ops in the core, got ${found.length}`);
}
