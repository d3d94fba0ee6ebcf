/// <reference path="./relaxed-module.d.ts" />
import { BenchError } from "../error.ts";
import type { Peer } from "../types.ts";

/** (v128, v128, v128) -> v128: f32x4.relaxed_madd */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b],
);

/** The relaxed build: a second copy of the library with a core of its own (relaxed-bundle.mjs). */
export const relaxed: Peer = {
  name: "relaxed",
  installed: false,
  async load(host) {
    if (!WebAssembly.validate(PROBE)) throw new BenchError("this engine has no relaxed SIMD");
    const { ferrograd } = await import("ferrograd-relaxed");
    const engine = await ferrograd.load(host);
    return engine && { ...engine, firstPrediction: undefined }; // its program is the published one
  },
};
