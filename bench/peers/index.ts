import type { Peer } from "../types.ts";
import { objectLoop } from "./object-loop.ts";
import { plainTs } from "./plain-ts.ts";
import { tfjsWasm } from "./tfjs-wasm.ts";

export const peers: readonly Peer[] = [tfjsWasm, plainTs, objectLoop];
