import { INTERPOLATIONS, type Interpolation, resized } from "../../graph/ops/resize.ts";
import { requireImages, requirePixels } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, oneOf, positiveInteger, shapeOf } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options of `resizing`. */
export interface ResizingOptions {
  /** Default "bilinear". */
  readonly interpolation?: Interpolation;
  readonly name?: string;
}

/**
 * Images of another size: (batch, any, any, channels) → (batch, height, width, channels). The middles of pixels are
 * where they are in the picture, without antialiasing: Keras's Resizing, tf.image.resize,
 * torch.nn.functional.interpolate.
 *
 * @example sequential([resizing(28, 28), flatten(), dense(10)], { inputShape: [64, 48, 1] })
 * @example resizing(1, 2)([[[[0], [1], [2], [3]]]]).array() // [[[[0.5], [2.5]]]]
 * @throws ShapeError for what is no image
 */
export function resizing(height: number, width: number, options: ResizingOptions = {}): Layer {
  const where = "resizing()";
  const size = [positiveInteger(where, "height", height), positiveInteger(where, "width", width)];
  checkOptions(where, options, ["interpolation", "name"]);
  const interpolation = oneOf(
    where,
    "interpolation",
    options.interpolation ?? "bilinear",
    INTERPOLATIONS,
  );
  return createLayer({
    type: "resizing",
    name: options.name,
    config: { height, width, interpolation },
    call(x) {
      const images = requirePixels(where, requireImages(where, x, 2) as Tensor);
      shapeOf(where, "size", [x.shape[0]!, ...size, x.shape[3]!]);
      return resized(images, size, interpolation);
    },
  });
}
