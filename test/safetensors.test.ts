import {
  ArgumentError,
  readSafetensors,
  type SafetensorsTensor,
  ShapeError,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { fileOf, info } from "./support/safetensors.ts";

const f32 = (shape: number[], values: number[]): SafetensorsTensor => ({
  dtype: "F32",
  shape,
  data: new Float32Array(values),
});

describe("round trip", () => {
  test("every dtype, scalars, empty tensors and odd names", () => {
    const tensors = new Map<string, SafetensorsTensor>([
      ["__proto__", f32([2, 2], [1, -0, Number.NaN, Number.POSITIVE_INFINITY])],
      ["constructor", { dtype: "F64", shape: [], data: new Float64Array([Math.PI]) }],
      ['quoted "é" \n 𝛼', { dtype: "I64", shape: [1], data: new BigInt64Array([-(2n ** 63n)]) }],
      ["10", { dtype: "U64", shape: [1], data: new BigUint64Array([2n ** 64n - 1n]) }],
      ["", { dtype: "I32", shape: [1, 2], data: new Int32Array([-1, 2]) }],
      ["u32", { dtype: "U32", shape: [1], data: new Uint32Array([4294967295]) }],
      ["f16", { dtype: "F16", shape: [1], data: new Uint16Array([0x3c00]) }],
      ["bf16", { dtype: "BF16", shape: [1], data: new Uint16Array([0x3f80]) }],
      ["i16", { dtype: "I16", shape: [1], data: new Int16Array([-5]) }],
      ["u16", { dtype: "U16", shape: [1], data: new Uint16Array([5]) }],
      ["i8", { dtype: "I8", shape: [3], data: new Int8Array([-1, 0, 1]) }],
      ["u8", { dtype: "U8", shape: [1], data: new Uint8Array([255]) }],
      ["bool", { dtype: "BOOL", shape: [1], data: new Uint8Array([1]) }],
      ["empty", f32([0, 9007199254740991], [])],
    ]);
    const metadata = new Map([["__proto__", "x"]]);
    const file = readSafetensors(writeSafetensors(tensors, metadata));
    expect(file.tensors.size).toBe(tensors.size);
    for (const [name, tensor] of tensors) expect(file.tensors.get(name)).toEqual(tensor);
    expect(file.metadata).toEqual(metadata);
  });

  test("data are aligned to their element and keep the given order within a size", () => {
    const bytes = writeSafetensors(
      new Map<string, SafetensorsTensor>([
        ["flags", { dtype: "BOOL", shape: [3], data: new Uint8Array(3) }],
        ["b", f32([1], [2])],
        ["a", f32([1], [1])],
      ]),
      { note: "é" },
    );
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerLength % 8).toBe(0);
    expect([...readSafetensors(bytes).tensors.keys()]).toEqual(["b", "a", "flags"]);
    expect(readSafetensors(bytes).metadata.get("note")).toBe("é");
  });

  test("the published layout, byte for byte", () => {
    const bytes = writeSafetensors(new Map([["w", f32([2], [1, 2])]]));
    const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  ';
    expect(bytes).toEqual(
      new Uint8Array([
        ...[header.length, 0, 0, 0, 0, 0, 0, 0],
        ...new TextEncoder().encode(header),
        ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0x40],
      ]),
    );
  });

  test("copies: neither side sees the other's later changes", () => {
    const data = new Float32Array([1]);
    const bytes = writeSafetensors(new Map([["w", { dtype: "F32", shape: [1], data } as const]]));
    const { tensors } = readSafetensors(bytes);
    data[0] = 5;
    bytes.fill(0);
    expect(tensors.get("w")?.data[0]).toBe(1);
  });

  test("reads from the middle of a larger buffer, spaces and other key orders", () => {
    const header = `{ "b" : ${info("[1]", 4, 8)} ,\t"a":${info("[ 1 ]", 0, 4)}}\n `;
    const inner = fileOf(header, 8);
    const outer = new Uint8Array(inner.length + 5);
    outer.set(inner, 3);
    const { tensors } = readSafetensors(outer.subarray(3, 3 + inner.length));
    expect([...tensors.keys()]).toEqual(["a", "b"]);
  });

  test("no tensors at all", () => {
    expect(readSafetensors(writeSafetensors(new Map())).tensors.size).toBe(0);
    expect(readSafetensors(fileOf('{"__metadata__":{}}')).metadata.size).toBe(0);
  });
});

describe("writeSafetensors refuses", () => {
  test("data that do not fill the shape", () => {
    expect(() => writeSafetensors(new Map([["w", f32([3], [1, 2])]]))).toThrow(
      new ShapeError(
        'writeSafetensors(): tensor "w": expected a shape that fits its data, got [3] and 2 values',
      ),
    );
  });

  test("an unknown dtype, with the nearest", () => {
    const tensor = { dtype: "F33", shape: [1], data: new Float32Array(1) };
    expect(() => writeSafetensors(new Map([["w", tensor as SafetensorsTensor]]))).toThrow(
      new ArgumentError('writeSafetensors(): tensor "w": unknown dtype "F33"; did you mean "F32"?'),
    );
  });

  test("data of another type", () => {
    const tensor = { dtype: "F32", shape: [1], data: new Float64Array(1) };
    expect(() =>
      writeSafetensors(new Map([["w", tensor as unknown as SafetensorsTensor]])),
    ).toThrow(
      new ArgumentError(
        'writeSafetensors(): tensor "w": expected a Float32Array for F32, got a Float64Array',
      ),
    );
  });

  test("names and metadata that cannot be stored", () => {
    for (const name of ["__metadata__", "\ud800"]) {
      expect(() => writeSafetensors(new Map([[name, f32([1], [1])]]))).toThrow(ArgumentError);
    }
    const numbers = { epochs: 3 } as unknown as Record<string, string>;
    expect(() => writeSafetensors(new Map(), numbers)).toThrow(
      new ArgumentError(
        'writeSafetensors(): metadata "epochs": expected a well-formed string, got 3',
      ),
    );
  });
});
