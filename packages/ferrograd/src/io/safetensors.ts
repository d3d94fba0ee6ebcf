import { ArgumentError, FormatError, ShapeError } from "../errors.ts";
import { checkOptions, isPlain, listOf, oneOf, show, text } from "../options/index.ts";
import { foreignKind } from "./foreign.ts";
import { parseStrictJson, type StrictJson } from "./strict-json.ts";

/** Array type of each dtype; F16 and BF16 are the raw bits, BOOL is 0 and 1 in bytes. */
const ARRAYS = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** Element types as safetensors names them. */
export type SafetensorsDType = keyof typeof ARRAYS;

/** One named array of a safetensors file. */
export type SafetensorsTensor = {
  [D in SafetensorsDType]: {
    readonly dtype: D;
    /** `[]` for a scalar; a dimension may be 0. */
    readonly shape: readonly number[];
    /** Row-major. */
    readonly data: InstanceType<(typeof ARRAYS)[D]>;
  };
}[SafetensorsDType];

/** Contents of a safetensors file, in the order of the file. */
export interface SafetensorsFile {
  readonly tensors: Map<string, SafetensorsTensor>;
  readonly metadata: Map<string, string>;
}

const DTYPES = Object.keys(ARRAYS) as SafetensorsDType[];
const METADATA = "__metadata__";
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;
const ALIGNMENT = 8;
const LIMITS = { depth: 3, items: 64 };

/** Number of elements; Infinity or above 2^53 where the product overflows, never a wrapped value. */
const elementCount = (shape: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((product, d) => product * d, 1);

// ---- writing

function checkTensor(caller: string, name: string, tensor: SafetensorsTensor): void {
  const where = `${caller}: tensor ${show(name)}`;
  text(where, "name", name);
  if (!isPlain(tensor)) {
    throw new ArgumentError(`${where}: expected { dtype, shape, data }, got ${show(tensor)}`);
  }
  checkOptions(where, tensor, ["dtype", "shape", "data"]);
  if (name === METADATA || /\p{Surrogate}/u.test(name)) {
    throw new ArgumentError(`${where}: expected another name: this one cannot be stored`);
  }
  const dtype = oneOf(where, "dtype", tensor.dtype, DTYPES);
  if (!(tensor.data instanceof ARRAYS[dtype])) {
    const expected = `a ${ARRAYS[dtype].name} for ${dtype}`;
    throw new ArgumentError(`${where}: expected ${expected}, got ${show(tensor.data)}`);
  }
  const dimensions = listOf(where, "shape", tensor.shape, (_where, _name, d) => d as number).every(
    (d) => Number.isSafeInteger(d) && d >= 0,
  );
  const count = elementCount(tensor.shape);
  if (!dimensions || tensor.shape.length > LIMITS.items || count !== tensor.data.length) {
    const got = `[${tensor.shape.join(", ")}] and ${tensor.data.length} values`;
    throw new ShapeError(`${where}: expected a shape that fits its data, got ${got}`);
  }
}

function metadataJson(where: string, metadata: ReadonlyMap<string, string>): string {
  const entries = [...metadata].map(([key, value]) => {
    if (typeof value !== "string" || /\p{Surrogate}/u.test(key + value)) {
      const got = typeof value === "string" ? "a lone surrogate" : show(value);
      throw new ArgumentError(
        `${where}: metadata ${show(key)}: expected a well-formed string, got ${got}`,
      );
    }
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  });
  return `${JSON.stringify(METADATA)}:{${entries.join(",")}}`;
}

/**
 * The bytes of a safetensors file. Tensors stand by element size, largest first, then in the order
 * given, after a header padded to 8 bytes: so each is aligned to its element. Equal input gives
 * equal bytes. Format: https://huggingface.co/docs/safetensors
 *
 * @example
 * const tensors = new Map([["w", { dtype: "F32", shape: [2], data: new Float32Array([1, 2]) }]]);
 * const bytes = writeSafetensors(tensors, { made: "by hand" });
 *
 * @throws ArgumentError on an unknown dtype, data of another type, or a name that JSON cannot hold
 * @throws ShapeError when the data do not fill the shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = new Map(),
  where = "writeSafetensors()",
): Uint8Array<ArrayBuffer> {
  if (!(tensors instanceof Map)) {
    throw new ArgumentError(`${where}: expected a Map of tensors, got ${show(tensors)}`);
  }
  if (!(metadata instanceof Map) && !isPlain(metadata)) {
    throw new ArgumentError(
      `${where}: metadata: expected an object of texts, got ${show(metadata)}`,
    );
  }
  const notes: ReadonlyMap<string, string> =
    metadata instanceof Map ? metadata : new Map(Object.entries(metadata));
  for (const [name, tensor] of tensors) checkTensor(where, name, tensor);
  const ordered = [...tensors].sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  const fields = notes.size > 0 ? [metadataJson(where, notes)] : [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const offsets = `${end},${end + data.byteLength}`;
    const info = `{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${offsets}]}`;
    fields.push(`${JSON.stringify(name)}:${info}`);
    end += data.byteLength;
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const padded = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  if (padded > MAX_HEADER_BYTES) {
    const got = `${padded} bytes`;
    throw new ArgumentError(`${where}: expected a header below 100 MB, got ${got}`);
  }

  const bytes = new Uint8Array(LENGTH_BYTES + padded + end).fill(0x20, LENGTH_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + padded;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

// ---- reading

interface TensorInfo {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const isMap = (value: StrictJson | undefined): value is ReadonlyMap<string, StrictJson> =>
  value instanceof Map;

const isIntegers = (value: StrictJson | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === "number");

function readHeader(where: string, bytes: Uint8Array): { header: StrictJson; dataStart: number } {
  const fail = (expected: string, got: string): never => {
    throw new FormatError(`${where}: expected ${expected}, got ${got}`);
  };
  if (bytes.length < LENGTH_BYTES) fail("at least 8 bytes", `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) fail("a header of at most 100,000,000 bytes", `${length}`);
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.length) {
    fail(`${dataStart} bytes of length and header`, `${bytes.length}: the file is truncated`);
  }
  if (bytes[LENGTH_BYTES] !== 0x7b || length === 0n) {
    fail(`the header to begin with "{" at byte ${LENGTH_BYTES}`, "something else");
  }
  const text = bytes.subarray(LENGTH_BYTES, dataStart);
  return { header: parseStrictJson(where, text, LENGTH_BYTES, LIMITS), dataStart };
}

function readMetadata(where: string, value: StrictJson | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!isMap(value)) {
    throw new FormatError(`${where}: ${METADATA}: expected an object of strings`);
  }
  for (const [key, text] of value) {
    if (typeof text !== "string") {
      throw new FormatError(`${where}: ${METADATA}: ${show(key)}: expected a string`);
    }
    metadata.set(key, text);
  }
  return metadata;
}

function readInfo(where: string, name: string, value: StrictJson): TensorInfo {
  const fail = (text: string): never => {
    throw new FormatError(`${where}: tensor ${show(name)}: ${text}`);
  };
  if (!isMap(value)) return fail("expected an object with dtype, shape and data_offsets");
  const extra = [...value.keys()].find((k) => !["dtype", "shape", "data_offsets"].includes(k));
  if (extra !== undefined) fail(`unknown field ${show(extra)}`);
  const [dtypeName, shape, offsets] = ["dtype", "shape", "data_offsets"].map((k) => value.get(k));
  const dtype = DTYPES.find((known) => known === dtypeName);
  if (dtype === undefined) {
    const got = dtypeName === undefined ? "none" : show(dtypeName);
    return fail(`dtype: expected one of ${DTYPES.join(", ")}, got ${got}`);
  }
  if (!isIntegers(shape)) return fail("shape: expected an array of integers");
  if (!isIntegers(offsets) || offsets.length !== 2) {
    return fail("data_offsets: expected two integers");
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) fail(`data_offsets: expected an end after ${begin}, got ${end}`);
  const size = elementCount(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT;
  if (!(size <= Number.MAX_SAFE_INTEGER) || size !== end - begin) {
    const stated = `${dtype} [${shape.join(", ")}]`;
    fail(`expected data_offsets to span the ${size} bytes of ${stated}, got ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Refuses holes, overlaps and bytes that belong to no tensor. */
function checkLayout(where: string, infos: readonly TensorInfo[], dataLength: number): void {
  let expected = 0;
  for (const { name, begin, end } of infos) {
    if (begin !== expected) {
      const fault = begin < expected ? "overlaps the one before" : "leaves a hole before it";
      const detail = `expected data to begin at ${expected}, got ${begin}`;
      throw new FormatError(`${where}: tensor ${show(name)} ${fault}: ${detail}`);
    }
    expected = end;
  }
  if (expected !== dataLength) {
    const fault = dataLength < expected ? "the file is truncated" : "the file has trailing bytes";
    throw new FormatError(
      `${where}: expected ${expected} bytes of data, got ${dataLength}: ${fault}`,
    );
  }
}

/**
 * Reads a safetensors file and refuses every file that breaks a rule of the format: header length,
 * UTF-8, JSON with each key once, dtype, shape, and data without holes, overlaps or trailing bytes.
 * All is checked before anything is copied; the copies together are no larger than the file.
 *
 * @param where the caller, for messages
 * @example
 * const { tensors, metadata } = readSafetensors(await readFile("model.safetensors"));
 * tensors.get("dense/kernel")?.shape; // [64, 10]
 *
 * @throws FormatError with the position or the tensor that is wrong
 * @throws ArgumentError when `bytes` is not a Uint8Array
 */
export function readSafetensors(bytes: Uint8Array, where = "readSafetensors()"): SafetensorsFile {
  if (!(bytes instanceof Uint8Array)) {
    throw new ArgumentError(`${where}: expected a Uint8Array, got ${show(bytes)}`);
  }
  const kind = foreignKind(bytes);
  if (kind !== undefined)
    throw new FormatError(`${where}: expected a safetensors file, got ${kind}`);
  const { header, dataStart } = readHeader(where, bytes);
  if (!isMap(header)) throw new FormatError(`${where}: expected the header to be an object`);
  const metadata = readMetadata(where, header.get(METADATA));
  const infos = [...header]
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readInfo(where, name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(where, infos, bytes.length - dataStart);

  const tensors = new Map<string, SafetensorsTensor>();
  for (const { name, dtype, shape, begin, end } of infos) {
    const copy = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    const data = new ARRAYS[dtype](copy.buffer);
    tensors.set(name, { dtype, shape, data } as SafetensorsTensor);
  }
  return { tensors, metadata };
}
