import type { Peer } from "../types.ts";
import { brainJs } from "./brain-js.ts";
import { convnetjs } from "./convnetjs.ts";
import { jaxJs } from "./jax-js.ts";
import { objectLoop } from "./object-loop.ts";
import { onnxruntimeNode, onnxruntimeWeb } from "./onnxruntime.ts";
import { plainTs } from "./plain-ts.ts";
import { numpy, pytorch } from "./pytorch.ts";
import { synaptic } from "./synaptic.ts";
import { tfjsCpu, tfjsWasm } from "./tfjs.ts";

export const peers: readonly Peer[] = [
  ...[tfjsWasm, tfjsCpu, onnxruntimeWeb, onnxruntimeNode],
  ...[jaxJs, brainJs, convnetjs, synaptic, plainTs, objectLoop, pytorch, numpy],
];
