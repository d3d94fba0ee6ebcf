import {
  adam,
  Dataset,
  dense,
  fill,
  jit,
  mul,
  sequential,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "ferrograd";

/** What a caller's own getter, proxy or function throws: it must come through as it is. */
export class Own extends Error {}

const own = (): never => {
  throw new Own("the caller's own error");
};

const everyTrap = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, own]),
);

function detached(): Float32Array {
  const values = new Float32Array(2);
  structuredClone(values, { transfer: [values.buffer] });
  return values;
}

/** A view of a buffer that became smaller; as the newest libraries have it, TypeScript's has not. */
function outOfBounds(): Float32Array {
  const buffer: ArrayBuffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]);
  const values = new Float32Array(buffer, 8);
  (buffer as ArrayBuffer & { resize?(size: number): void }).resize?.(4);
  return values;
}

/** Pages get a SharedArrayBuffer from WebAssembly only. */
const sharedBytes = (length: number): SharedArrayBuffer =>
  new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.slice(
    0,
    length,
  ) as unknown as SharedArrayBuffer;

function circular(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

function ofAnotherTrace(): Tensor {
  let escaped = zeros([2]) as Tensor;
  const traced = jit((x: Tensor) => {
    escaped = mul(x, 2);
    return own(); // so that nothing is compiled
  });
  try {
    traced([1, 2]);
  } catch {}
  return escaped;
}

function disposed<T extends { dispose(): void }>(value: T): T {
  value.dispose();
  return value;
}

function stale(): Tensor {
  const w = variable([1, 2]);
  const y = mul(w, 2);
  w.assign([3, 4]);
  w.dispose();
  return y;
}

/** Made once: nothing comes back to life. */
const disposedModel = disposed(sequential([dense(2)], { inputShape: [2] }));

class Maker {
  readonly made = 1;
}

/** Kinds of values that nobody expects, by name; each is made anew for every call. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  "0": () => 0,
  "-0": () => -0,
  "1": () => 1,
  "-1": () => -1,
  "-2": () => -2,
  "1.5": () => 1.5,
  NaN: () => Number.NaN,
  Infinity: () => Infinity,
  "-Infinity": () => -Infinity,
  "2^31": () => 2 ** 31,
  "2^53": () => 2 ** 53,
  "1e39": () => 1e39,
  "1e-50": () => 1e-50,
  '""': () => "",
  '"x"': () => "x",
  '"relu"': () => "relu",
  '"10"': () => "10",
  '"__proto__"': () => "__proto__",
  '"constructor"': () => "constructor",
  "a lone surrogate": () => "\ud800",
  "a long text": () => "a".repeat(100_000),
  "{}": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "{ a: 1 }": () => ({ a: 1 }),
  "{ length: 2 }": () => ({ length: 2 }),
  "{ length: -1 }": () => ({ length: -1 }),
  "{ data, shape }": () => ({ data: [1, 2], shape: [2] }),
  "{ data, shape } of other sizes": () => ({ data: [1, 2, 3], shape: [2] }),
  "{ data, shape } without a shape": () => ({ data: [1], shape: "x" }),
  "{ data, shape } without data": () => ({ data: 7, shape: [1] }),
  "{ x, y } of nothing": () => ({ x: 1, y: 2 }),
  "{ x, y }": () => ({ x: [[1, 2]], y: [0] }),
  "a thenable": () => ({
    [["th", "en"].join("")]: (resolve: (value: unknown) => void) => resolve(1),
  }),
  "[]": () => [],
  "[1]": () => [1],
  "[[]]": () => [[]],
  "ragged rows": () => [[1, 2], [3]],
  "a number beside a row": () => [[1], 2],
  "a sparse array": () => new Array(3),
  "an array with a hole": () => Object.assign(new Array(3), { 0: 1, 2: 3 }),
  "a long sparse array": () => new Array(1000),
  '["a"]': () => ["a"],
  "[null]": () => [null],
  "[undefined]": () => [undefined],
  "[NaN]": () => [Number.NaN],
  "[Infinity]": () => [Infinity],
  "[-1]": () => [-1],
  "[-1, -1]": () => [-1, -1],
  "[1.5]": () => [1.5],
  "[0]": () => [0],
  "[0, 0]": () => [0, 0],
  "[2, 0]": () => [2, 0],
  "[1e39]": () => [1e39],
  "[2^31, 2^31]": () => [2 ** 31, 2 ** 31],
  "nested too deep": () => nested(12),
  "a circular array": circular,
  "a frozen array": () => Object.freeze([1, 2]),
  "a frozen object": () => Object.freeze({}),
  "a Float32Array": () => Float32Array.of(1, 2),
  "a Float64Array": () => Float64Array.of(1, 2),
  "an Int8Array": () => Int8Array.of(1, 2),
  "a Uint8Array": () => Uint8Array.of(1, 2),
  "a Uint8ClampedArray": () => Uint8ClampedArray.of(1, 2),
  "an Int16Array": () => Int16Array.of(1, 2),
  "a Uint16Array": () => Uint16Array.of(1, 2),
  "an Int32Array": () => Int32Array.of(1, 2),
  "a Uint32Array": () => Uint32Array.of(1, 2),
  "a BigInt64Array": () => BigInt64Array.of(1n, 2n),
  "a BigUint64Array": () => BigUint64Array.of(1n, 2n),
  "an empty Float32Array": () => new Float32Array(0),
  "a Float32Array of NaN": () => Float32Array.of(Number.NaN, 1),
  "a detached Float32Array": detached,
  "a Float32Array whose buffer shrank": outOfBounds,
  "a shared Float32Array": () => new Float32Array(sharedBytes(8)),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "an ArrayBuffer": () => new ArrayBuffer(8),
  "a proxy that throws": () => new Proxy({}, everyTrap),
  "a proxy of an array that throws": () => new Proxy([1], everyTrap),
  "a proxy of a function that throws": () => new Proxy(() => 1, everyTrap),
  "a proxy of an array": () => new Proxy([1, 2], {}),
  "getters that throw": () =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        ["a", "data", "shape", "x", "y", "length", "axis", "seed", "name", "then"].map((name) => [
          name,
          { get: own, enumerable: true },
        ]),
      ),
    ),
  "an array whose item throws": () => Object.defineProperty([1, 2], 0, { get: own }),
  "an object that is no primitive": () => ({ [Symbol.toPrimitive]: own, toString: own }),
  "1n": () => 1n,
  "a symbol": () => Symbol("s"),
  "a Date": () => new Date(0),
  "an invalid Date": () => new Date(Number.NaN),
  "a RegExp": () => /x/,
  "a Map": () => new Map([["a", 1]]),
  "an empty Map": () => new Map(),
  "a Set": () => new Set([1]),
  "a WeakMap": () => new WeakMap(),
  "an Error": () => new Error("x"),
  "a boxed number": () => Object(2),
  "a boxed text": () => Object("x"),
  "a function": () => () => 1,
  "the identity": () => (x: unknown) => x,
  "a function that throws": () => own,
  "an async function": () => async () => 1,
  "a generator": () =>
    function* () {
      yield 1;
    },
  "a class": () => Maker,
  "an instance": () => new Maker(),
  "a scalar tensor": () => tensor(1),
  "a tensor": () => tensor([1, 2]),
  "a lazy tensor": () => mul(tensor([1, 2]), 2),
  "an int32 tensor": () => tensor(Int32Array.of(1, 0)),
  "an empty tensor": () => zeros([0]),
  "a disposed tensor": () => disposed(fill([2], 1)),
  "a tensor of another trace": ofAnotherTrace,
  "a tensor whose variable is gone": stale,
  "a disposed variable": () => disposed(variable([1, 2])),
  "an optimizer": () => adam(),
  "a layer": () => dense(2),
  "a disposed model": () => disposedModel,
  "a data set": () => new Dataset({ x: [[1, 2]], y: [0] }),
};
