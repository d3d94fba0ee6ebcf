import { ArgumentError, DisposedError } from "../errors.ts";
import { leaf, type TensorLike, toTensor } from "../graph/leaf.ts";
import { type AnyTensor, isTensor, type Shape, sameShape, Tensor } from "../graph/tensor.ts";
import { type Effect, trace } from "../graph/trace.ts";
import { Executable } from "./executable.ts";
import { LruCache } from "./lru.ts";

/** What a jitted function may return. */
export type JitResult =
  | AnyTensor
  | readonly AnyTensor[]
  | Readonly<Record<string, AnyTensor>>
  // biome-ignore lint/suspicious/noConfusingVoidType: functions that only have effects return void
  | void;

/** Traces of one function that are kept: one per shapes of its arguments. */
const PROGRAMS = 16;

/** A function traced once: its arguments, its result, its effects. */
export interface Traced {
  readonly inputs: readonly AnyTensor[];
  readonly result: JitResult;
  readonly effects: readonly Effect[];
}

/** Runs `body` on placeholders and collects what it does. */
export function traceFunction(
  specs: readonly { readonly shape: Shape; readonly dtype: "float32" | "int32" }[],
  body: (inputs: readonly AnyTensor[]) => JitResult,
): Traced {
  const effects: Effect[] = [];
  const here = { effects };
  const inputs = specs.map(
    ({ shape, dtype }, index) => new Tensor(shape, dtype, { kind: "input", index, trace: here }),
  ) as AnyTensor[];
  const outer = trace.current;
  trace.current = here;
  try {
    return { inputs, result: body(inputs), effects };
  } finally {
    trace.current = outer;
  }
}

/** The tensors of a result, in order. */
function tensorsOf(result: JitResult): readonly AnyTensor[] {
  if (result === undefined) return [];
  if (isTensor(result)) return [result];
  const list = typeof result === "object" && result !== null ? Object.values(result) : [result];
  if (!list.every(isTensor)) {
    throw new ArgumentError(
      "jit(): expected a function that returns tensors, or lists or objects of them",
    );
  }
  return list;
}

/** A result of the same form with other tensors. */
function likeResult(result: JitResult, tensors: readonly AnyTensor[]): JitResult {
  if (result === undefined) return undefined;
  if (isTensor(result)) return tensors[0];
  if (Array.isArray(result)) return tensors;
  return Object.fromEntries(Object.keys(result).map((key, i) => [key, tensors[i]!]));
}

interface Entry {
  readonly inputs: readonly AnyTensor[];
  readonly executable: Executable;
  readonly outputs: readonly AnyTensor[];
  readonly result: JitResult;
}

/** A jitted function; `dispose()` frees its programs. */
export interface Jitted<A extends readonly TensorLike[], R extends JitResult> {
  (...args: A): R;
  dispose(): void;
  [Symbol.dispose](): void;
}

// biome-ignore lint/suspicious/noExplicitAny: any tensor types may be parameters
type AnyFunction = (...args: any[]) => JitResult;
type Arguments<F extends AnyFunction> = LikeEach<Parameters<F>>;
type LikeEach<P extends readonly unknown[]> = { [i in keyof P]: TensorLike };

/**
 * Traces a function once for each combination of shapes and replays it as one call into the core:
 * no allocation, nothing between the operations. Variables that it assigns or minimizes change at
 * the end of each call; if anything guarded is not finite, none does.
 *
 * @example
 * const step = jit((x: Tensor, y: Tensor) => {
 *   const loss = mean(squaredDifference(matmul(x, w), y));
 *   optimizer.minimize(loss, [w]);
 *   return loss;
 * });
 * step(x, y).item();
 * @throws StateError when the function creates a variable or reads `data()`; NumericError when a
 * loss or gradient is not finite
 */
export function jit<F extends AnyFunction>(fn: F): Jitted<Arguments<F>, ReturnType<F>> {
  const programs = new LruCache<Entry>(PROGRAMS, (entry) => entry.executable.dispose());
  /** Of the last call; being the one used last, the cache has it still. */
  let latest: Entry | undefined;
  let disposed = false;
  const call = (...args: TensorLike[]): JitResult => {
    if (disposed) throw new DisposedError("jit(): the function was disposed");
    const inputs: AnyTensor[] = [];
    for (const arg of args) inputs.push(toTensor("jit()", arg));
    if (trace.current !== null) return fn(...inputs);
    if (latest === undefined || !fits(latest, inputs)) {
      latest = programs.get(keyOf(inputs), () => compile(fn, inputs));
    }
    return replay(latest, inputs);
  };
  const dispose = () => {
    disposed = true;
    latest = undefined;
    programs.clear();
  };
  return Object.assign(call, { dispose, [Symbol.dispose]: dispose }) as unknown as Jitted<
    Arguments<F>,
    ReturnType<F>
  >;
}

function compile(fn: AnyFunction, args: readonly AnyTensor[]): Entry {
  const { inputs, result, effects } = traceFunction(args, (placeholders) => fn(...placeholders));
  const outputs = tensorsOf(result);
  return { inputs, executable: new Executable({ inputs, outputs, effects }), outputs, result };
}

const keyOf = (inputs: readonly AnyTensor[]): string =>
  inputs.map(({ dtype, shape }) => `${dtype}:${shape.join()}`).join(";");

/** Was the entry traced with arguments like these? */
function fits(entry: Entry, inputs: readonly AnyTensor[]): boolean {
  if (entry.inputs.length !== inputs.length) return false;
  for (let i = 0; i < inputs.length; i++) {
    const [now, then] = [inputs[i]!, entry.inputs[i]!];
    if (now.dtype !== then.dtype || !sameShape(now.shape, then.shape)) return false;
  }
  return true;
}

/** Copies the arguments in, runs, copies the results out. */
function replay({ executable, outputs, result }: Entry, inputs: readonly AnyTensor[]): JitResult {
  for (let i = 0; i < inputs.length; i++) {
    const values = inputs[i]!.values(); // First: computing a lazy argument may move the memory.
    executable.inputView(i).set(values);
  }
  executable.run();
  const values: AnyTensor[] = [];
  for (let i = 0; i < outputs.length; i++) {
    const { shape, dtype } = outputs[i]!;
    values.push(leaf(executable.outputView(i).slice(), shape, dtype) as AnyTensor);
  }
  return likeResult(result, values);
}
