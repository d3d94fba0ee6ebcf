/** What is used of jax-js. An array is freed when it is passed on, unless `ref` is passed. */
export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  reshape(shape: readonly number[]): JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  sum(axis?: number | readonly number[]): JaxArray;
  mean(axis?: number | readonly number[], options?: { keepdims: boolean }): JaxArray;
  dataSync(): Float32Array;
  dispose(): void;
}
export type Unary = (x: JaxArray) => JaxArray;
type Jitted<A extends unknown[], R> = ((...args: A) => R) & { dispose?(): void };
export interface Jax {
  init(device: "wasm"): Promise<string[]>;
  defaultDevice(device: "wasm"): void;
  jit<A extends unknown[], R>(fn: (...args: A) => R): Jitted<A, R>;
  grad(fn: (x: JaxArray) => JaxArray): Unary;
  valueAndGrad(
    fn: (parameters: JaxArray[]) => JaxArray,
  ): (parameters: JaxArray[]) => [JaxArray, JaxArray[]];
  readonly numpy: {
    array(values: Float32Array | number): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    max(x: JaxArray, axis: readonly number[]): JaxArray;
    transpose: Unary;
    tanh: Unary;
    exp: Unary;
    sqrt: Unary;
  };
  readonly nn: Readonly<Record<string, Unary>>;
  readonly lax: {
    convGeneralDilated(
      x: JaxArray,
      kernel: JaxArray,
      strides: readonly number[],
      padding: "SAME" | "VALID",
      options: { featureGroupCount: number },
    ): JaxArray;
  };
}

export const array = ({ numpy }: Jax, values: Float32Array, shape: readonly number[]): JaxArray =>
  numpy.array(values.slice()).reshape(shape);
