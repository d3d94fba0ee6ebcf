import { readFile } from "node:fs/promises"; // in Node it does not find the file itself
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

export async function predict({ units, x, onnx }, assets) {
  env.wasm.numThreads = 1;
  env.wasm.wasmBinary = await readFile(`${assets}ort-wasm-simd-threaded.wasm`);
  const session = await InferenceSession.create(onnx, { executionProviders: ["wasm"] });
  const { y } = await session.run({ x: new Tensor("float32", x, [1, units[0]]) });
  return y.data;
}
