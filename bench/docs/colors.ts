export const OURS = "ferrograd";
/** One color for each library in all charts. */
export const COLORS: Readonly<Record<string, string>> = {
  [OURS]: "#e8590c",
  "tfjs-wasm": "#1c7ed6",
  "tfjs-cpu": "#74b9f5",
  "onnxruntime-web": "#2f9e44",
  "onnxruntime-node": "#8ac926",
  "jax-js": "#9c5ce0",
  "brain.js": "#d6336c",
  convnetjs: "#b08968",
  synaptic: "#0b7a75",
  "plain-ts": "#868e96",
  "object-loop": "#adb5bd",
  pytorch: "#d9a400",
};
