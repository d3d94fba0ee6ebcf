import { ArgumentError, FormatError, readSafetensors, writeSafetensors } from "ferrograd";
import { describe, expect, test } from "vitest";
import { fileOf, info } from "./support/safetensors.ts";

function messageOf(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as FormatError).message;
  }
  return "no error";
}

const one = info("[1]", 0, 4);
const latin1 = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);

const REFUSED: Record<string, { file: Uint8Array; message: string }> = {
  "no bytes": { file: new Uint8Array(0), message: "expected at least 8 bytes, got 0" },
  "header too small": {
    file: fileOf(""),
    message: 'expected the header to begin with "{" at byte 8',
  },
  "header too large": {
    file: fileOf("{}", 0, 100_000_001n),
    message: "expected a header of at most 100,000,000 bytes, got 100000001",
  },
  "header length of 2^64 - 1": {
    file: fileOf("{}", 0, 2n ** 64n - 1n),
    message: "expected a header of at most 100,000,000 bytes, got 18446744073709551615",
  },
  "truncated header": {
    file: fileOf("{}", 0, 3n),
    message: "expected 11 bytes of length and header, got 10: the file is truncated",
  },
  "leading space": {
    file: fileOf(" {}"),
    message: 'expected the header to begin with "{" at byte 8',
  },
  "not JSON": { file: fileOf("{x}"), message: 'byte 9: expected """, got "x"' },
  "not an object": {
    file: fileOf("[]"),
    message: 'expected the header to begin with "{" at byte 8',
  },
  "text after the header": {
    file: fileOf("{} {}"),
    message: 'byte 11: expected nothing but spaces after the header, got "{"',
  },
  "not UTF-8": {
    file: fileOf(latin1),
    message: 'byte 9: expected a string of valid UTF-8 and escapes, got """',
  },
  "lone surrogate": {
    file: fileOf(`{"\\ud800":${one}}`, 4),
    message: "byte 9: expected a string of valid UTF-8 and escapes",
  },
  "unclosed string": {
    file: fileOf('{"a'),
    message: 'byte 11: expected a closing ", got the end of the header',
  },
  "unclosed escape": { file: fileOf('{"a\\'), message: 'byte 12: expected a closing "' },
  "duplicate tensor": {
    file: fileOf(`{"a":${one},"a":${one}}`, 4),
    message: 'byte 62: expected each key once, got "a" twice',
  },
  "duplicate by escape": {
    file: fileOf(`{"a":${one},"\\u0061":${one}}`, 4),
    message: 'expected each key once, got "a" twice',
  },
  "duplicate field": {
    file: fileOf('{"a":{"dtype":"F32","dtype":"F32"}}'),
    message: 'byte 28: expected each key once, got "dtype" twice',
  },
  "metadata that is not text": {
    file: fileOf('{"__metadata__":{"a":1}}'),
    message: '__metadata__: "a": expected a string',
  },
  "metadata that is no object": {
    file: fileOf('{"__metadata__":"a"}'),
    message: "__metadata__: expected an object of strings",
  },
  "tensor that is no object": {
    file: fileOf('{"a":[]}'),
    message: 'tensor "a": expected an object with dtype, shape and data_offsets',
  },
  "missing field": {
    file: fileOf('{"a":{"dtype":"F32","shape":[]}}'),
    message: 'tensor "a": data_offsets: expected two integers',
  },
  "unknown field": {
    file: fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}', 4),
    message: 'tensor "a": unknown field "x"',
  },
  "unknown dtype": {
    file: fileOf(`{"a":${info("[1]", 0, 4, "F31")}}`, 4),
    message: 'tensor "a": dtype: expected one of F64, I64',
  },
  "inherited name as dtype": {
    file: fileOf(`{"a":${info("[1]", 0, 4, "constructor")}}`, 4),
    message: 'tensor "a": dtype: expected one of F64, I64',
  },
  "shape of strings": {
    file: fileOf(`{"a":${info('["1"]', 0, 4)}}`, 4),
    message: 'tensor "a": shape: expected an array of integers',
  },
  "negative dimension": {
    file: fileOf(`{"a":${info("[-1]", 0, 4)}}`, 4),
    message: 'expected a string, an integer from 0, an array or an object, got "-"',
  },
  "fractional dimension": {
    file: fileOf(`{"a":${info("[1.5]", 0, 4)}}`, 4),
    message: 'expected "]", got "."',
  },
  "dimension with an exponent": {
    file: fileOf(`{"a":${info("[1e0]", 0, 4)}}`, 4),
    message: 'expected "]", got "e"',
  },
  "dimension with a leading zero": {
    file: fileOf(`{"a":${info("[01]", 0, 4)}}`, 4),
    message: "expected an integer without leading zeros",
  },
  "dimension above 2^53": {
    file: fileOf(`{"a":${info("[9007199254740993]", 0, 4)}}`, 4),
    message: "expected an integer below 2^53",
  },
  "dimension of 400 digits": {
    file: fileOf(`{"a":${info(`[${"9".repeat(400)}]`, 0, 4)}}`, 4),
    message: "expected an integer below 2^53",
  },
  "product that wraps to 4 in 64 bits": {
    file: fileOf(`{"a":${info("[4194305,4194305,211106198978564]", 0, 16)}}`, 16),
    message: 'tensor "a": expected data_offsets to span',
  },
  "product that wraps to 0 in 32 bits": {
    file: fileOf(`{"a":${info("[65536,65536]", 0, 0)}}`),
    message:
      'tensor "a": expected data_offsets to span the 17179869184 bytes of F32 [65536, 65536]',
  },
  "terabytes in a small file": {
    file: fileOf(`{"a":${info("[1000000,1000000,1000000]", 0, "4000000000000000000")}}`),
    message: "expected an integer below 2^53",
  },
  "65 dimensions": {
    file: fileOf(`{"a":${info(`[${Array(65).fill(1).join()}]`, 0, 4)}}`, 4),
    message: "expected at most 64 items",
  },
  "deep nesting": {
    file: fileOf(`{"a":${"[".repeat(100_000)}`),
    message: "expected at most 3 levels of nesting",
  },
  "end before begin": {
    file: fileOf(`{"a":${info("[1]", 4, 0)}}`, 4),
    message: 'tensor "a": data_offsets: expected an end after 4, got 0',
  },
  hole: {
    file: fileOf(`{"a":${one},"b":${info("[1]", 8, 12)}}`, 12),
    message: 'tensor "b" leaves a hole before it: expected data to begin at 4, got 8',
  },
  "hole at the front": {
    file: fileOf(`{"a":${info("[1]", 4, 8)}}`, 8),
    message: 'tensor "a" leaves a hole before it: expected data to begin at 0, got 4',
  },
  overlap: {
    file: fileOf(`{"a":${info("[2]", 0, 8)},"b":${info("[1]", 4, 8)}}`, 8),
    message: 'tensor "b" overlaps the one before: expected data to begin at 8, got 4',
  },
  "same data twice": {
    file: fileOf(`{"a":${one},"b":${one}}`, 4),
    message: 'tensor "b" overlaps the one before: expected data to begin at 4, got 0',
  },
  "trailing bytes": {
    file: fileOf(`{"a":${one}}`, 5),
    message: "expected 4 bytes of data, got 5: the file has trailing bytes",
  },
  "truncated data": {
    file: fileOf(`{"a":${one}}`, 3),
    message: "expected 4 bytes of data, got 3: the file is truncated",
  },
};

describe("refused with a typed error", () => {
  for (const [name, { file, message }] of Object.entries(REFUSED)) {
    test(name, () => {
      expect(messageOf(file)).toContain(message);
    });
  }

  test("every truncation of a valid file", () => {
    const bytes = writeSafetensors(
      new Map([["w", { dtype: "F32", shape: [2], data: new Float32Array(2) } as const]]),
      { a: "b" },
    );
    for (let length = 0; length < bytes.length; length++) {
      expect(messageOf(bytes.subarray(0, length))).not.toBe("no error");
    }
  });

  test("what is not bytes", () => {
    expect(() => readSafetensors("text" as unknown as Uint8Array)).toThrow(
      new ArgumentError('readSafetensors(): expected a Uint8Array, got "text"'),
    );
  });
});
