import { ArgumentError, FormatError } from "../errors.ts";
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from "../io/safetensors.ts";
import { isPlain, show } from "../options/index.ts";

/** Arrays that a file holds as they are. */
const ARRAYS = [
  ["F64", Float64Array],
  ["F32", Float32Array],
  ["I32", Int32Array],
  ["U32", Uint32Array],
  ["I16", Int16Array],
  ["U16", Uint16Array],
  ["I8", Int8Array],
  ["U8", Uint8Array],
] as const;

const FORMAT = "ferrograd checkpoint";
/** The keys of what JSON does not have: an array by its place in the file, a number, nothing, and objects with such keys. */
const [ARRAY, NUMBER, NOTHING, OBJECT] = ["$array", "$number", "$undefined", "$object"] as const;
/** Objects in objects. */
const DEEPEST = 100;

/**
 * The bytes of data: of what JSON has, undefined, any numbers and typed arrays, which keep their bits.
 *
 * @throws ArgumentError for anything else, with where it stands
 */
export function pack(where: string, value: unknown): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, SafetensorsTensor>();
  const json = JSON.stringify(packed(where, value, tensors, 0));
  return writeSafetensors(tensors, { format: FORMAT, state: json }, where);
}

function packed(
  where: string,
  value: unknown,
  tensors: Map<string, SafetensorsTensor>,
  depth: number,
): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return { [NOTHING]: true };
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { [NUMBER]: worded(value) };
  }
  const found = ARRAYS.find(([, type]) => value instanceof type);
  if (found !== undefined) {
    const name = String(tensors.size);
    const data = value as Float32Array<ArrayBuffer>;
    tensors.set(name, { dtype: found[0], shape: [data.length], data } as SafetensorsTensor);
    return { [ARRAY]: name };
  }
  const inside = (part: unknown, key: string | number) =>
    packed(`${where}: ${key}`, part, tensors, depth + 1);
  if (depth < DEEPEST && Array.isArray(value)) return value.map(inside);
  if (depth < DEEPEST && isPlain(value)) {
    const entries = Object.entries(value).map(([key, part]) => [key, inside(part, key)]);
    const object = Object.fromEntries(entries);
    return Object.keys(value).some((key) => key.startsWith("$")) ? { [OBJECT]: object } : object;
  }
  throw new ArgumentError(
    `${where}: expected data that a file can hold, got ${depth < DEEPEST ? show(value) : "objects in objects without end"}`,
  );
}

const worded = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/**
 * The data of such bytes.
 *
 * @throws FormatError for anything else
 */
export function unpack(where: string, bytes: Uint8Array): unknown {
  const { tensors, metadata } = readSafetensors(bytes, where);
  const json = metadata.get("state");
  if (metadata.get("format") !== FORMAT || json === undefined) {
    throw new FormatError(
      `${where}: expected what checkpoint() made, got safetensors without its metadata; loadModel() reads models`,
    );
  }
  const arrayOf = (name: unknown) => {
    const data = tensors.get(String(name))?.data;
    if (data !== undefined) return data;
    throw new FormatError(`${where}: array ${show(name)}: expected in the file, got none`);
  };
  const part = (value: unknown, depth: number): unknown => {
    if (depth > DEEPEST) throw new FormatError(`${where}: expected fewer objects in objects`);
    if (Array.isArray(value)) return value.map((one) => part(one, depth + 1));
    if (typeof value !== "object" || value === null) return value;
    const tagged = value as Readonly<Record<string, unknown>>;
    if (ARRAY in tagged) return arrayOf(tagged[ARRAY]);
    if (NUMBER in tagged) return Number(tagged[NUMBER]);
    if (NOTHING in tagged) return undefined;
    const object = Object.entries(Object(OBJECT in tagged ? tagged[OBJECT] : tagged));
    return Object.fromEntries(object.map(([key, one]) => [key, part(one, depth + 1)]));
  };
  return part(parsed(where, json), 0);
}

function parsed(where: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new FormatError(`${where}: metadata "state": expected JSON`);
  }
}
