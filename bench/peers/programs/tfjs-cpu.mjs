import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { predictWithLayers } from "./tfjs-layers.mjs";

export async function predict(task) {
  await setBackend("cpu");
  return predictWithLayers(task);
}
