/** The peers' packages as browsers have them, each started when it is asked for. */
import manifest from "./package.json" with { type: "json" };

const PACKAGES = {
  "@tensorflow/tfjs-core": () => import("@tensorflow/tfjs-core"),
  "@tensorflow/tfjs-layers": () => import("@tensorflow/tfjs-layers"),
  "@tensorflow/tfjs-backend-cpu": () => import("@tensorflow/tfjs-backend-cpu"),
  "@tensorflow/tfjs-backend-wasm": () => import("@tensorflow/tfjs-backend-wasm"),
  "onnxruntime-web": () => import("onnxruntime-web/wasm"),
  "onnx-proto": () => import("onnx-proto"),
  "@jax-js/jax": () => import("@jax-js/jax"),
  "brain.js": () => import("brain.js"),
  convnetjs: () => import("convnetjs"),
  synaptic: () => import("synaptic"),
  "convnetjs/package.json": () => import("convnetjs/package.json"),
};

export async function importPackage(name) {
  const load = PACKAGES[name];
  if (load === undefined) throw new Error(`${name} is not for browsers`);
  const loaded = await load();
  return loaded.default ?? loaded;
}

export const versionOf = (name) => manifest.dependencies[name] ?? "";
