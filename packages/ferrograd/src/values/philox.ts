import { ArgumentError, OutOfMemoryError } from "../errors.ts";
import { listOf, nonNegativeInteger, show } from "../options/index.ts";

/** Four 32-bit words: a counter, or the random block it gives. */
export type Words4 = readonly [number, number, number, number];
/** Two 32-bit words: the key. */
export type Words2 = readonly [number, number];

/**
 * High 32 bits of the 64-bit product of two 32-bit words, as a signed integer: engines keep it out of
 * floating point. Every partial sum stays below 2^32.
 */
function mulhi(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

const TWO_32 = 0x1_0000_0000;
const M0 = 0xd2511f53 | 0;
const M1 = 0xcd9e8d57 | 0;
const W0 = 0x9e3779b9 | 0;
const W1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/**
 * Philox4x32-10, a counter-based generator: the same function as the core's, bit for bit.
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 *
 * @example philox4x32([0, 0, 0, 0], [0, 0]) // [1713891541, 3781805453, 3159862348, 2600524760]
 */
export function philox4x32(counter: Words4, key: Words2): [number, number, number, number] {
  const where = "philox4x32()";
  return block(words<Words4>(where, "counter", counter, 4), words<Words2>(where, "key", key, 2));
}

function words<W extends readonly number[]>(where: string, name: string, list: W, n: number): W {
  if (Array.isArray(list) && list.length === n) {
    // Blocks are drawn by the million, nearly all of words, of which nothing is copied.
    for (let i = 0; i < n; i++) {
      if (!(Number.isSafeInteger(list[i]) && list[i]! >= 0)) {
        return listOf(where, name, list, nonNegativeInteger) as readonly number[] as W;
      }
    }
    return list;
  }
  throw new ArgumentError(`${where}: ${name}: expected ${n} words, got ${show(list)}`);
}

function block(counter: Words4, key: Words2): [number, number, number, number] {
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = mulhi(M0, c0);
    const high1 = mulhi(M1, c2);
    const low0 = Math.imul(M0, c0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** A seed (an integer from 0 to 2^53 - 1) as philox's key, low word first. */
export const seedKey = (seed: number): Words2 => [seed >>> 0, Math.floor(seed / TWO_32) >>> 0];

/**
 * The words of one stream, in order: word e is philox([e / 4, 0, step, stream], key)[e % 4].
 * The core draws from the same sequence.
 */
export function wordStream(seed: number, stream: number, step: number): () => number {
  const key = seedKey(seed);
  let lanes: Words4 = [0, 0, 0, 0];
  let next = 0;
  return () => {
    const lane = next % 4;
    if (lane === 0) lanes = block([(next / 4) >>> 0, 0, step >>> 0, stream >>> 0], key);
    next++;
    return lanes[lane]!;
  };
}

/** @internal A uniform integer in 0..bound-1; words that would favor the low values are drawn again. */
export function below(bound: number, word: () => number): number {
  const n = bound >>> 0; // told that both sides are 32 bits wide, engines divide integers
  for (;;) {
    const w = word() >>> 0;
    // Only words of the last n can be among them: nearly all are spared a second division.
    if (w <= TWO_32 - n || w < TWO_32 - (((0xffff_ffff % n) + 1) % n)) return w % n;
  }
}

/** Most numbers that are put in order. */
const MOST_ROWS = 1 << 30;

/** Stream of the row order, apart from the streams that layers draw from. */
const ORDER_STREAM = 0x0bde0bde;

/** The stream of the orders of epochs, apart from those of layers, which are hashes of their paths. */
export const SHUFFLE_STREAM = 1;

/**
 * A random order of 0..n-1, each of the n! equally likely up to the seed's 53 bits (Fisher-Yates,
 * exactly unbiased draws). Equal arguments give equal orders in every runtime.
 *
 * @param step counts epochs: another step is another, independent order from the same seed
 * @throws ArgumentError when n or seed is not an integer of 0 or more
 */
export function permutation(
  n: number,
  seed: number,
  stream: number = ORDER_STREAM,
  step = 0,
): Uint32Array {
  const where = "permutation()";
  nonNegativeInteger(where, "n", n);
  if (n > MOST_ROWS) {
    throw new OutOfMemoryError(`${where}: n: expected at most ${MOST_ROWS}, got ${n}`);
  }
  for (const [name, value] of Object.entries({ seed, stream, step })) {
    nonNegativeInteger(where, name, value);
  }
  return shuffled(n, seed, stream, step);
}

/** The same without looking at what it is given. */
export function shuffled(n: number, seed: number, stream: number, step: number): Uint32Array {
  const word = wordStream(seed, stream, step);
  const order = new Uint32Array(n).map((_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1, word);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/**
 * The first k of a random order of 0..n-1, without making the rest: k different numbers, each such list
 * equally likely (Fisher-Yates from the front, of which only the numbers that moved are kept).
 */
export function sample(n: number, k: number, seed: number, stream: number): Uint32Array {
  const word = wordStream(seed, stream, 0);
  const moved = new Map<number, number>();
  return new Uint32Array(Math.min(n, k)).map((_, i) => {
    const j = i + below(n - i, word);
    const chosen = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return chosen;
  });
}
