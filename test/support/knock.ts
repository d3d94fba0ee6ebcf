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
import { isOurs } from "./shares.ts";

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

function hasWeights(value: unknown): value is Model {
  return isDisposable(value) && "getWeights" in value;
}

/** The weights of the models among the arguments. */
const weightsIn = (args: readonly unknown[]): string =>
  JSON.stringify(
    args.filter(hasWeights).map((arg) => {
      try {
        return arg.getWeights().map((values) => Array.from(values));
      } catch {
        return "none";
      }
    }),
  );

/** How a call ended: `wrong` is undefined where it is right; `same`: it was refused, and left all as it was. */
interface Ending {
  readonly wrong?: string;
  readonly same?: boolean;
}

async function endOf(
  door: Door,
  call: (...args: never[]) => unknown,
  args: unknown[],
  begins: readonly string[],
  expected?: "taken" | "refused",
): Promise<Ending> {
  const weights = weightsIn(args);
  let result: unknown;
  let phase = "called";
  try {
    result = call(...(args as never[]));
    if (result instanceof Promise) result = await result;
    if (expected === "refused") return { wrong: "was taken" };
    phase = "used";
    if (result instanceof Tensor) result.data();
    door.use?.(result as never);
    return {};
  } catch (error) {
    const same = phase === "called" && weightsIn(args) === weights;
    if (error instanceof Own) return { same };
    if (!(error instanceof FerrogradError) || error instanceof InternalError) {
      return { wrong: `${phase}: ${(error as Error)?.stack ?? error}` };
    }
    const { message, code } = error;
    if (expected === "taken") return { wrong: `was refused: ${message}` };
    if (/\[object |undefined \(/.test(message)) return { wrong: `${phase}: ${message}` };
    if (phase === "called" && !begins.some((text) => message.startsWith(text))) {
      return { wrong: `${phase}: begins otherwise: ${message}` };
    }
    // What a hook may not do is known once it has done it, after a step.
    const isEarly = phase === "called" && ["argument", "data"].includes(code);
    return isEarly && !same ? { wrong: "changed weights" } : { same };
  } finally {
    dispose(result);
  }
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
  const { stackTraceLimit } = Error;
  let faults: string[];
  try {
    Error.stackTraceLimit = 0; // hundreds of thousands are thrown
    faults = await faultsOf(name, door, kinds);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const again = faults.length > 0 ? await faultsOf(name, door, kinds) : []; // with stacks
  return again.length > 0 ? again : faults;
}

async function faultsOf(name: string, door: Door, kinds: typeof HOSTILE): Promise<string[]> {
  const call = door.call ?? (functions.get(name) as (...args: never[]) => unknown);
  const own = name.replace(/^(?:constraints|initializers|metrics|regularizers)\./, "");
  const begins = [`${own}()`, ...(door.says ?? [])];
  const faults: string[] = [];
  const start = memory().bytes;
  // The right arguments serve on where a call was refused, which leaves them as they were.
  let right: unknown[] | undefined;
  const giveBack = (what: string) => {
    dispose(right);
    right = undefined;
    const left = memory().bytes - start;
    if (left > 0) faults.push(`${what} leaves ${left} bytes`);
  };
  const attempt = async (what: string, change: (args: unknown[]) => unknown[], by?: unknown) => {
    right ??= door.args();
    const before = memory().bytes;
    const args = change(right);
    const expected = args === right ? (door.refused ? "refused" : "taken") : undefined;
    const { wrong, same } = await endOf(door, call, args, begins, expected);
    if (wrong !== undefined) faults.push(`${what} ${wrong}`);
    const isAsBefore = same && memory().bytes <= before;
    if (!isAsBefore) dispose(args);
    dispose(by);
    if (!isAsBefore) giveBack(what);
  };

  await attempt("the right call", (args) => args);
  right ??= door.args();
  const shape = right;
  const places = paths(right).filter((path) => !(door.self && path[0] === 0));
  for (let count = door.self ? 1 : 0; count < shape.length; count++) {
    await attempt(`${count} arguments`, (args) => args.slice(0, count));
  }
  // All in the long run; else each value at every second place of a door, or at every fourth where calls are slow.
  const share = LONG ? 1 : door.slow ? 4 : places.length > 1 ? 2 : 1;
  for (const [place, path] of places.entries()) {
    for (const [at, [kind, make]] of Object.entries(kinds).entries()) {
      const turn = (at + place) / share;
      if (!Number.isInteger(turn) || !isOurs(turn)) continue;
      const value = make();
      const isLarge = typeof value === "number" && value > 1000;
      if (isLarge && door.endless?.includes(`${path.at(-1)}`)) continue;
      const change = (args: unknown[]) => replaced(args, path, value) as unknown[];
      await attempt(`${path.join(".")} = ${kind}`, change, value);
    }
  }
  if (right) await attempt("the right call, after those refused,", (args) => args);
  if (right) giveBack("the right call");
  return faults;
}
