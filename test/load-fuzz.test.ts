import {
  adam,
  dense,
  dropout,
  FormatError,
  flatten,
  loadModel,
  memory,
  normalization,
  preluLayer,
  readSafetensors,
  rescaling,
  type SafetensorsTensor,
  sequential,
  softmaxLayer,
  writeSafetensors,
} from "ferrograd";
import { readIdx } from "ferrograd/idx";
import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

const ROUNDS = import.meta.env.FERROGRAD_LONG ? 20_000 : 200;

type Next = () => number;
const pick = <T>(next: Next, items: readonly T[]): T => items[Math.floor(next() * items.length)]!;

/** Files of small models with layers of every kind, one with an optimizer's state. */
function files(): Uint8Array[] {
  using plain = sequential(
    [
      normalization({ mean: [0, 1], deviation: [1, 2] }),
      flatten(),
      dense(3, { activation: "leakyRelu", negativeSlope: 0.2 }),
      preluLayer(),
      dropout(0.5),
      rescaling({ scale: 2, offset: -1 }),
      dense(2, { useBias: false }),
      softmaxLayer(),
    ],
    { inputShape: [2, 2], classNames: ["a", "b"] },
  );
  using trained = sequential([dense(2, { activation: "tanh" }), dense(1)], {
    inputShape: [4],
  }).compile({ optimizer: adam(), loss: "meanSquaredError" });
  trained.trainOnBatch([[1, 2, 3, 4]], [[1]]);
  return [plain.save({ metadata: { note: "x" } }), trained.save({ includeOptimizer: true })];
}

const STRANGE = [0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, "", "dense", null, true, [], {}, [2, 2], "x"];

type Json = { [key: string]: unknown } | unknown[];

/** Every object and array in a JSON value. */
const insides = (value: unknown): Json[] =>
  typeof value === "object" && value !== null
    ? [value as Json, ...Object.values(value).flatMap(insides)]
    : [];

/** One change somewhere in the architecture: a value replaced, removed, doubled, moved or added. */
function changeArchitecture(next: Next, metadata: Map<string, string>): void {
  const model: unknown = JSON.parse(metadata.get("model")!);
  const place = pick(next, insides(model)) as { [key: string]: unknown };
  const key = pick(next, [...Object.keys(place), "units", "name"]);
  const kind = Math.floor(next() * 4);
  if (Array.isArray(place) && kind === 0) place.splice(Math.floor(next() * place.length), 1);
  else if (Array.isArray(place) && kind === 1) place.push(place[0]);
  else if (kind === 2) delete place[key];
  else place[key] = structuredClone(pick(next, next() < 0.3 ? insides(model) : STRANGE));
  metadata.set("model", JSON.stringify(model));
}

/** One change among the tensors. */
function changeTensors(next: Next, tensors: Map<string, SafetensorsTensor>): void {
  const name = pick(next, [...tensors.keys()]);
  const tensor = tensors.get(name)!;
  const data = tensor.data as Float32Array;
  const change = Math.floor(next() * 5);
  if (change === 0) tensors.delete(name);
  else if (change === 1) tensors.set(`${name}/x`, tensor);
  else if (change === 2 && data.length > 0) data[0] = pick(next, [Number.NaN, -1, 1e38, 0]);
  else if (change === 3) tensors.set(name, { ...tensor, shape: [...tensor.shape, 1] });
  else tensors.set(name, { dtype: "F32", shape: [1], data: Float32Array.of(1) });
}

function mutated(next: Next, file: Uint8Array): Uint8Array {
  const { tensors, metadata } = readSafetensors(file);
  for (let i = 0; i <= next() * 3; i++) {
    if (next() < 0.6) changeArchitecture(next, metadata);
    else if (tensors.size > 0) changeTensors(next, tensors);
  }
  return writeSafetensors(tensors, metadata);
}

test(`${ROUNDS} changed files of models are refused, or load to models that save and load alike`, () => {
  const valid = files();
  const before = memory().bytes;
  let loaded = 0;
  const rounds = ours(Array.from({ length: ROUNDS }, (_, round) => round));
  for (const round of rounds) {
    const next = sequence(round);
    const bytes = mutated(next, pick(next, valid));
    try {
      using model = loadModel(bytes);
      loaded++;
      const shape = [2, ...model.inputShape.map((size) => size ?? 3)];
      const x = { data: new Float32Array(shape.reduce((a, b) => a * b)), shape };
      using again = loadModel(model.save());
      expect(again.getWeights()).toEqual(model.getWeights());
      expect(again.predict(x).data()).toEqual(model.predict(x).data());
    } catch (error) {
      if (!(error instanceof FormatError)) {
        throw new Error(`round ${round}: ${readSafetensors(bytes).metadata.get("model")}`, {
          cause: error,
        });
      }
      expect(error.message.length).toBeLessThan(1200); // the longest lists the types of all layers
    }
    expect(memory().bytes, `round ${round}`).toBe(before);
  }
  expect(loaded).toBeGreaterThan(rounds.length / 50);
  expect(loaded).toBeLessThan(rounds.length);
});

test(`${ROUNDS} changed IDX files, plain and gzip, are refused, or hold what their header says`, () => {
  const body = Array.from({ length: 24 }, (_, i) => i);
  const valid = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, ...body);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = sequence(round);
    let bytes: Uint8Array = valid.slice();
    for (let i = 0; i <= next() * 2; i++) {
      const at = Math.floor(next() * Math.min(20, bytes.length));
      bytes[at] = pick(next, [0, 1, 2, 3, 4, 8, 9, 0x0b, 0x0c, 0x0d, 0x0e, 255, bytes[at]!]);
      if (next() < 0.2) bytes = bytes.slice(0, at);
    }
    if (next() < 0.5) bytes = gzipSync(bytes);
    try {
      const { data, shape } = readIdx(bytes);
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(ROUNDS / 4);
  expect(refused).toBeLessThan(ROUNDS);
});
