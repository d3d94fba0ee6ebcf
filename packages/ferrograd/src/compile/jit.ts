import { ArgumentError, askedBy, DisposedError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { type Lineage, lineageOf, settled } from "../graph/lineage.ts";
import { given, logitsOf, type Meaning, signature, withLogits } from "../graph/meaning.ts";
import { type AnyTensor, isTensor, Tensor } from "../graph/tensor.ts";
import { type Effect, trace } from "../graph/trace.ts";
import { callable, isPlain, own, show } from "../options/index.ts";
import { warnOnConsole } from "../platform/warn.ts";
import { type DType, FLOAT } from "../values/dtype.ts";
import { type Shape, sameShape } from "../values/shape.ts";
import { Executable } from "./executable.ts";
import { type Kept, keeping, left } from "./kept.ts";
import { leaves, topological } from "./order.ts";
import { ProgramCache } from "./program-cache.ts";

/** What a jitted function may return. */
export type JitResult =
  | AnyTensor
  | readonly AnyTensor[]
  | Readonly<Record<string, AnyTensor>>
  // biome-ignore lint/suspicious/noConfusingVoidType: functions that only have effects return void
  | void;

/** A function traced once: its arguments, its result, its effects. */
export interface Traced {
  readonly inputs: readonly AnyTensor[];
  readonly result: JitResult;
  readonly effects: readonly Effect[];
}

/** What a placeholder stands for. */
interface Argument {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly meaning?: Meaning | undefined;
}

/**
 * Runs `body` on placeholders and collects what it does. The logits of an argument, if it means
 * probabilities with known ones, are an input before it.
 */
export function traceFunction(
  specs: readonly Argument[],
  body: (inputs: readonly AnyTensor[]) => JitResult,
): Traced {
  const effects: Effect[] = [];
  const here = { effects };
  const inputs: AnyTensor[] = [];
  const placeholder = ({ shape, dtype, meaning }: Argument): AnyTensor => {
    const logits = logitsOf(meaning);
    const known = withLogits(meaning, logits && (placeholder(logits) as Tensor));
    const source = { kind: "input", index: inputs.length, trace: here, meaning: known } as const;
    const input = new Tensor(shape, dtype, source) as AnyTensor;
    inputs.push(input);
    return input;
  };
  const args = specs.map(placeholder);
  const outer = trace.current;
  trace.current = here;
  try {
    return { inputs, result: body(args), effects };
  } finally {
    trace.current = outer;
  }
}

/** The tensors of a result, in order. */
function tensorsOf(result: JitResult): readonly AnyTensor[] {
  if (result === undefined) return [];
  if (isTensor(result)) return [result];
  own("jit()", "a result", result);
  const list: unknown[] =
    Array.isArray(result) || isPlain(result) ? Object.values(result) : [result];
  for (const item of list) {
    if (isTensor(item)) continue;
    throw new ArgumentError(
      `jit(): expected a function that returns tensors, or lists or objects of them, got ${show(item)}`,
    );
  }
  return list as AnyTensor[];
}

/** Lists or objects of tensors like a result, with other tensors. */
function likeResult(result: JitResult, tensors: readonly AnyTensor[]): JitResult {
  if (result === undefined) return undefined;
  if (Array.isArray(result)) return tensors;
  return Object.fromEntries(Object.keys(result).map((key, i) => [key, tensors[i]!]));
}

interface Entry {
  readonly inputs: readonly AnyTensor[];
  readonly executable: Executable;
  readonly outputs: readonly AnyTensor[];
  readonly meanings: Kept["meanings"];
  /** What the results are computed from beside the arguments. */
  readonly captured: Lineage;
  /** What the last results were computed from: often the arguments are the same again. */
  lineage: Lineage;
  readonly result: JitResult;
  /** Is the result a tensor, in no list? */
  readonly single: boolean;
  readonly bytes: number;
  dispose(): void;
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
 * JavaScript runs only while it is traced: numbers and flags that the function takes from outside stay
 * what they were then, and so do tensors. What changes between calls is an argument (a tensor, or a
 * number) or a variable.
 *
 * @example
 * const optimizer = sgd({ learningRate: 0.1 });
 * const step = jit((x: Tensor, y: Tensor) => {
 *   const loss = mean(squaredDifference(matmul(x, w), y));
 *   optimizer.minimize(loss, [w]);
 *   return loss;
 * });
 * step(x, y).item();
 * @example
 * let factor = 2;
 * const rate = variable(2);
 * const frozen = jit((v: Tensor) => mul(v, factor)); // 2 for ever
 * const follows = jit((v: Tensor) => mul(v, rate));
 * const given = jit((v: Tensor, by: Tensor) => mul(v, by));
 * [frozen([1]).item(), follows([1]).item(), given([1], factor).item()]; // [2, 2, 2]
 * factor = 3;
 * rate.assign(3);
 * [frozen([1]).item(), follows([1]).item(), given([1], factor).item()]; // [2, 3, 3]
 * @throws StateError when the function creates a variable or reads `data()`; NumericError when a
 * loss or gradient is not finite
 */
export function jit<F extends AnyFunction>(fn: F): Jitted<Arguments<F>, ReturnType<F>> {
  callable("jit()", "fn", fn);
  const programs = new ProgramCache<Entry>("jit()", warnOnConsole);
  /** Of the last call; being the one used last, the cache has it still. */
  let latest: Entry | undefined;
  let disposed = false;
  const find = (args: readonly AnyTensor[], inputs: readonly AnyTensor[]): Entry =>
    programs.get(keyOf(inputs), () => compile(fn, args));
  const call = (...args: TensorLike[]): JitResult => {
    if (disposed) throw new DisposedError("jit(): the function was disposed");
    for (let i = 0; i < args.length; i++) args[i] = toTensor("jit()", args[i]);
    const tensors = args as AnyTensor[];
    if (trace.current !== null) return fn(...tensors);
    const inputs = inputsOf(tensors);
    if (latest === undefined || !fits(latest, inputs)) latest = find(tensors, inputs);
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
  const before = new Tensor([], FLOAT, { kind: "disposed" }).id; // what is made from here on is nobody's
  const specs = args.map((arg) => ({ shape: arg.shape, dtype: arg.dtype, meaning: given(arg) }));
  const { inputs, result, effects } = traceFunction(specs, (placeholders) => {
    const given = fn(...placeholders);
    for (const tensor of tensorsOf(given)) toTensor("jit()", tensor);
    return given;
  });
  const tensors = tensorsOf(result);
  const { outputs, meanings } = keeping(tensors);
  const executable = new Executable({ inputs, outputs, effects });
  const read = [...leaves(topological(outputs), outputs)];
  const outside = read.filter(({ source, id }) => source.kind !== "input" && id < before);
  const captured = settled(lineageOf(outside));
  const single = isTensor(result);
  return {
    inputs,
    executable,
    outputs: tensors,
    meanings,
    captured,
    lineage: captured,
    result,
    single,
    bytes: executable.bytes,
    dispose: () => executable.dispose(),
  };
}

/** The arguments, computed, each after its logits, if it has any. */
function inputsOf(args: readonly AnyTensor[]): readonly AnyTensor[] {
  let plain = true;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg.source.kind === "node") askedBy("jit()", () => arg.values());
    plain &&= given(arg) === undefined;
  }
  if (plain) return args;
  return args.flatMap((arg) => [logitsOf(given(arg)) ?? [], arg].flat() as AnyTensor[]);
}

const keyOf = (inputs: readonly AnyTensor[]): string =>
  inputs.map((x) => `${x.dtype}:${x.shape.join()}:${signature(given(x))}`).join(";");

/** Was the entry traced with arguments like these? */
function fits(entry: Entry, inputs: readonly AnyTensor[]): boolean {
  if (entry.inputs.length !== inputs.length) return false;
  for (let i = 0; i < inputs.length; i++) {
    const [now, then] = [inputs[i]!, entry.inputs[i]!];
    if (now.dtype !== then.dtype || !sameShape(now.shape, then.shape)) return false;
    const [means, meant] = [given(now), given(then)];
    if (means !== meant && signature(means) !== signature(meant)) return false;
  }
  return true;
}

/** Copies the arguments in, runs, copies the results out. */
function replay(entry: Entry, inputs: readonly AnyTensor[]): JitResult {
  const { executable, outputs, lineage } = entry;
  let same = true;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    executable.inputView(i).set(input.values());
    same &&= lineage.last[i] === input.id;
  }
  executable.run();
  if (!same) entry.lineage = lineageOf(inputs, entry.captured);
  if (entry.single) return valuesOf(entry, 0);
  return likeResult(
    entry.result,
    outputs.map((_, i) => valuesOf(entry, i)),
  );
}

/** The values of an output. */
function valuesOf({ executable, outputs, lineage, meanings }: Entry, index: number): AnyTensor {
  const { shape, dtype } = outputs[index]!;
  const values = left(executable, index, lineage, meanings[index]);
  return new Tensor(shape, dtype, values) as AnyTensor;
}
