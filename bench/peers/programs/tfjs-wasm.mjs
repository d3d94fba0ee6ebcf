import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { setBackend } from "@tensorflow/tfjs-core";
import { predictWithLayers } from "./tfjs-layers.mjs";

export async function predict(task, assets) {
  setThreadsCount(1);
  setWasmPaths(assets);
  await setBackend("wasm");
  return predictWithLayers(task);
}
