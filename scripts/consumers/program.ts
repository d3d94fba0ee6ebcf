// What every consumer runs: the same lines, the same bits. It asks nothing of its host, not even a hash.
import {
  adam,
  type DatasetLike,
  dense,
  type FitOptions,
  type Model,
  sequential,
  sgd,
} from "ferrograd";
import { digits } from "ferrograd/datasets";

/** Trains a model where it stands. */
const here = async (model: Model, data: DatasetLike, options: FitOptions): Promise<void> => {
  await model.fit(data, options);
};

/** Learns exclusive or and the digits; the SHA-256 of all weights. */
export async function train(learn = here): Promise<string> {
  const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const xor = sequential([dense(8, { activation: "tanh" }), dense(1)], {
    inputShape: [2],
    seed: 1,
  }).compile({ optimizer: adam({ learningRate: 0.1 }), loss: "binaryCrossentropy" });
  await learn(xor, { x, y: [0, 1, 1, 0] }, { epochs: 100, batchSize: 4 });
  const { train: rows, test } = digits();
  const layers = [dense(32, { activation: "relu" }), dense(10)];
  const reader = sequential(layers, { inputShape: [64], seed: 2 }).compile({
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  await learn(reader, rows, { epochs: 5, batchSize: 32 });
  const { accuracy } = reader.evaluate(test.x, test.y);
  if (!(Number(accuracy) > 0.9)) throw new Error(`expected digits that are read, got ${accuracy}`);
  return sha256([...xor.getWeights(), ...reader.getWeights()]);
}

const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter((n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
});

/** 32 bits after the point of the square root (degree 2) or cube root (degree 3) of n. */
function rootBits(n: number, degree: 2 | 3): number {
  const value = BigInt(n) << BigInt(32 * degree);
  let root = BigInt(0);
  for (let bit = BigInt(1) << BigInt(36); bit > BigInt(0); bit >>= BigInt(1)) {
    const next = root | bit;
    if ((degree === 2 ? next * next : next * next * next) <= value) root = next;
  }
  return Number(BigInt.asUintN(32, root));
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** FIPS 180-4. Pages that are not secure contexts have no `crypto.subtle`. */
function sha256(arrays: Float32Array[]): string {
  const message = arrays.flatMap((array) => [
    ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  ]);
  const padded = new DataView(new ArrayBuffer(((message.length + 72) >> 6) << 6));
  for (const [at, byte] of [...message, 0x80].entries()) padded.setUint8(at, byte);
  padded.setUint32(padded.byteLength - 4, message.length * 8);
  const state = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2) | 0);
  const keys = PRIMES.slice(0, 64).map((prime) => rootBits(prime, 3) | 0);
  const w = new Int32Array(64);
  for (let block = 0; block < padded.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = padded.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const [p, q] = [w[i - 15]!, w[i - 2]!];
      const s0 = rotate(p, 7) ^ rotate(p, 18) ^ (p >>> 3);
      const s1 = rotate(q, 17) ^ rotate(q, 19) ^ (q >>> 10);
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + keys[i]! + w[i]!) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + word) | 0;
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
