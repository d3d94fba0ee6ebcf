import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";

export async function predict({ units, x, onnx }, assets) {
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = assets;
  const session = await InferenceSession.create(onnx, { executionProviders: ["wasm"] });
  const { y } = await session.run({ x: new Tensor("float32", x, [1, units[0]]) });
  return y.data;
}
