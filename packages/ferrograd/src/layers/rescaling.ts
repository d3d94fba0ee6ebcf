import { add, mul } from "../graph/ops/elementwise.ts";
import { finiteFloat32, requireOptions } from "../options/index.ts";
import { createLayer } from "./create.ts";
import type { Layer } from "./layer.ts";

/** Options of `rescaling`. */
export interface RescalingOptions {
  /** What each element is multiplied by. */
  readonly scale: number;
  /** What is added then (default 0). */
  readonly offset?: number;
  readonly name?: string;
}

/**
 * x · scale + offset, of any shape: brings pixels of 0 to 255 to 0 to 1, or to −1 to 1. Keras's
 * Rescaling.
 *
 * @example sequential([rescaling({ scale: 1 / 255 }), flatten(), dense(10)], { inputShape: [28, 28] })
 * @throws ArgumentError for numbers that are not finite
 */
export function rescaling(options: RescalingOptions): Layer {
  const where = "rescaling()";
  requireOptions(where, options, ["scale", "offset", "name"]);
  const scale = finiteFloat32(where, "scale", options.scale);
  const offset = finiteFloat32(where, "offset", options.offset ?? 0);
  return createLayer({
    type: "rescaling",
    name: options.name,
    config: { scale, offset },
    call: (x) => (offset === 0 ? mul(x, scale) : add(mul(x, scale), offset)),
    affine: () => ({
      map: (x) => x.map((v) => v * Math.fround(scale) + Math.fround(offset)),
      shifts: offset !== 0,
      diagonal: true,
    }),
  });
}
