/** What is used of the package onnx-proto: ONNX's own protobuf schema. */
export interface OnnxFormat {
  readonly ModelProto: {
    encode(message: object): { finish(): Uint8Array };
    fromObject(value: object): object;
  };
  readonly AttributeProto: { readonly AttributeType: Readonly<Record<string, number>> };
}

const FLOAT = 1; // TensorProto.DataType

export function floatInput(name: string, dims: readonly number[]): object {
  const dim = dims.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

export function floatValues(name: string, values: Float32Array, dims: readonly number[]): object {
  const { buffer, byteOffset, byteLength } = values;
  return { name, dataType: FLOAT, dims, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}

const INT64 = 7;

export function intValues(name: string, values: readonly number[]): object {
  const { buffer } = BigInt64Array.from(values, BigInt);
  return { name, dataType: INT64, dims: [values.length], rawData: new Uint8Array(buffer) };
}

const INTEGERS = ["transA", "transB", "keepdims", "group"];

/** Attributes: texts, the integers of INTEGERS, lists of integers, otherwise floats. */
export function node(
  { AttributeProto }: OnnxFormat,
  opType: string,
  input: readonly string[],
  output: string,
  attributes: object,
): object {
  const { FLOAT: float, INT: int, INTS: list, STRING: string } = AttributeProto.AttributeType;
  type Value = string | number | readonly number[];
  const attribute = Object.entries(attributes).map(([name, value]: [string, Value]) => {
    if (typeof value === "object") return { name, type: list, ints: value };
    if (typeof value === "string")
      return { name, type: string, s: new TextEncoder().encode(value) };
    return INTEGERS.includes(name)
      ? { name, type: int, i: value }
      : { name, type: float, f: value };
  });
  return { opType, input, output: [output], attribute };
}

/** A model with one output, y. */
export function onnxModel(
  { ModelProto }: OnnxFormat,
  graph: { node: object[]; initializer: object[]; inputs: object[] },
): Uint8Array {
  const { inputs, ...rest } = graph;
  const output = [{ name: "y", type: { tensorType: { elemType: FLOAT } } }];
  const model = {
    irVersion: 9,
    opsetImport: [{ domain: "", version: 20 }],
    graph: { name: "graph", ...rest, input: inputs, output },
  };
  return new Uint8Array(ModelProto.encode(ModelProto.fromObject(model)).finish());
}
