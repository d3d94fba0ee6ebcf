/** Uniform numbers in [-1, 1) from a linear congruential generator, the same in every runtime. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** `length` numbers, uniform in [-limit, limit). */
export function uniform(seed: number, length: number, limit = 1): Float32Array {
  const next = generator(seed);
  const numbers = new Float32Array(length); // a loop, as `from` takes half of the time that a case is opened in
  for (let i = 0; i < length; i++) numbers[i] = next() * limit;
  return numbers;
}
