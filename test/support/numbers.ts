import { type Shape, type Tensor, tensor } from "ferrograd";

/** A repeatable sequence in [0, 1), apart from the library's own generator (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** float32 numbers spread over [min, max). */
export function floats(n: number, seed = 1, min = -2, max = 2): Float32Array {
  const next = sequence(seed);
  return Float32Array.from({ length: n }, () => min + next() * (max - min));
}

/** A tensor of such numbers. */
export function random(shape: Shape, seed = 1, min = -2, max = 2): Tensor {
  return tensor(floats(sizeOf(shape), seed, min, max), shape);
}

/** An int32 tensor of numbers in 0..bound-1. */
export function integers(shape: Shape, bound: number, seed = 1): Tensor<Shape, "int32"> {
  const next = sequence(seed);
  const data = Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * bound));
  return tensor(data, shape, "int32");
}
