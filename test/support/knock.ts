import {
  FerrogradError,
  InternalError,
  jit,
  type Model,
  memory,
  softmax,
  sum,
  Tensor,
  tanh,
} from "ferrograd";
import { DOORS, type Door, ENTRIES, MORE, model } from "./doors.ts";
import { HOSTILE, Own } from "./hostile.ts";

/** Functions that are exported, by name; `./slim` repeats those of the main entry, `./metrics` those of `metrics`. */
function exported(): Map<string, unknown> {
  const functions = new Map<string, unknown>();
  const add = (name: string, value: unknown) => {
    if (typeof value === "function") functions.set(name, value);
    else if (
      typeof value === "object" &&
      ["constraints", "initializers", "metrics", "regularizers"].includes(name) &&
      !Array.isArray(value)
    ) {
      for (const [member, one] of Object.entries(value as object)) add(`${name}.${member}`, one);
    }
  };
  for (const [path, entry] of Object.entries(ENTRIES)) {
    const space = path === "./metrics" ? "metrics." : "";
    for (const [name, value] of Object.entries(entry)) add(space + name, value);
  }
  return functions;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

type Path = readonly (string | number)[];

/** Where something can be replaced: every argument, every option, the first and last item of a list. */
function paths(value: unknown, at: Path = []): Path[] {
  const keys = Array.isArray(value)
    ? [...new Set([0, value.length - 1])].filter((i) => i >= 0 && i < value.length)
    : isPlain(value)
      ? Object.keys(value)
      : [];
  const inside =
    at.length < 4 ? keys.flatMap((key) => paths(childOf(value, key), [...at, key])) : [];
  return at.length === 0 ? inside : [at, ...inside];
}

const childOf = (value: unknown, key: string | number) => Reflect.get(value as object, key);

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, replaced(childOf(value, key), rest, by));
  return copy;
}

/** All that has memory to give back, in arguments and results. */
function dispose(value: unknown): void {
  if (isList(value)) {
    for (const item of value) if (item !== value) dispose(item);
  } else if (isDisposable(value)) value.dispose();
}

/** One that does not throw. */
function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value) && [...value].length < 100;
  } catch {
    return false;
  }
}

function isDisposable(value: unknown): value is { dispose(): void } {
  try {
    return typeof (value as { dispose?: unknown })?.dispose === "function";
  } catch {
    return false; // a proxy that throws
  }
}

/** The weights of the models among the arguments. */
const weightsIn = (args: readonly unknown[]): string =>
  JSON.stringify(
    args.filter(isDisposable).map((arg) => {
      try {
        return (arg as unknown as Model).getWeights().map((values) => Array.from(values));
      } catch {
        return "none";
      }
    }),
  );

/** What a call ended in: undefined if it is right. */
async function fault(
  door: Door,
  call: (...args: never[]) => unknown,
  args: unknown[],
  begins: readonly string[],
  mustRefuse: boolean,
): Promise<string | undefined> {
  const weights = weightsIn(args);
  let result: unknown;
  let phase = "called";
  try {
    result = call(...(args as never[]));
    if (result instanceof Promise) result = await result;
    if (mustRefuse) return "was taken";
    phase = "used";
    if (result instanceof Tensor) result.data();
    door.use?.(result as never);
  } catch (error) {
    if (error instanceof Own) return undefined;
    if (!(error instanceof FerrogradError)) return `${phase}: ${(error as Error)?.stack ?? error}`;
    if (error instanceof InternalError) return `${phase}: ${error.stack}`;
    if (/\[object |undefined \(/.test(error.message)) return `${phase}: ${error.message}`;
    if (phase === "called" && !begins.some((text) => error.message.startsWith(text))) {
      return `${phase}: begins otherwise: ${error.message}`;
    }
    // What a hook may not do is known once it has done it, after a step.
    if (
      phase === "called" &&
      ["argument", "data"].includes(error.code) &&
      weightsIn(args) !== weights
    ) {
      return "changed weights";
    }
  } finally {
    dispose(result);
  }
  return undefined;
}

/** Numbers that come out the same whatever was called before. */
export function reference(): readonly (readonly number[])[] {
  const eager = softmax(tanh([[0.1, 0.2, 0.3]])).data();
  using fn = jit((x: Tensor) => sum(tanh(x)));
  const jitted = fn([1, 2]).data();
  using trained = model();
  trained.trainOnBatch([[1, 2]], [1]);
  const predicted = trained.predict([[1, 2]]).data();
  return [eager, jitted, predicted].map((values) => Array.from(values));
}

export const doors = new Map<string, Door>([...Object.entries(DOORS), ...Object.entries(MORE)]);
export const functions = exported();

const LONG = Boolean(import.meta.env.FERROGRAD_LONG);

/** Replaces one part at a time of a right call by every hostile value: what went wrong, in words. */
export async function knock(name: string, door: Door, kinds = HOSTILE): Promise<string[]> {
  const call = door.call ?? (functions.get(name) as (...args: never[]) => unknown);
  const own = name.replace(/^(?:constraints|initializers|metrics|regularizers)\./, "");
  const begins = [`${own}()`, ...(door.says ?? [])];
  const faults: string[] = [];
  const attempt = async (what: string, change: (args: unknown[]) => unknown[], refused = false) => {
    const start = memory().bytes;
    const base = door.args();
    const args = change(base);
    const found = await fault(door, call, args, begins, refused);
    dispose(args);
    dispose(base);
    const left = memory().bytes - start;
    if (found !== undefined) faults.push(`${what} ${found}`);
    if (left > 0) faults.push(`${what} leaves ${left} bytes`);
  };

  await attempt("the right call", (args) => args, door.refused);
  if (door.refused ? faults.length > 0 : faults.length > 0) return faults;
  const right = door.args();
  const places = paths(right).filter((path) => !(door.self && path[0] === 0));
  dispose(right);
  for (let count = door.self ? 1 : 0; count < right.length; count++) {
    await attempt(`${count} arguments`, (args) => args.slice(0, count));
  }
  for (const path of places) {
    for (const [at, [kind, make]] of Object.entries(kinds).entries()) {
      if (door.slow && !LONG && (at + places.indexOf(path)) % 4 !== 0) continue;
      const value = make();
      const isLarge = typeof value === "number" && value > 1000;
      if (isLarge && door.endless?.includes(`${path.at(-1)}`)) continue;
      await attempt(`${path.join(".")} = ${kind}`, (args) => [
        ...(replaced(args, path, value) as unknown[]),
      ]);
      dispose(value);
    }
  }
  return faults;
}
