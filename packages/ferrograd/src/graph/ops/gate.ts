import { ShapeError } from "../../errors.ts";
import { INT } from "../../values/dtype.ts";
import { showShape } from "../../values/shape.ts";
import { tensor } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { sigmoid } from "./activation.ts";
import { add, exceeds, keep, mul, sub } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import {
  type AxisOptions,
  axisOf,
  checkAxisOptions,
  requireFloat,
  requireRank,
} from "./require.ts";
import { broadcastShapes, reshape, transpose } from "./shape.ts";

/**
 * x where x > 0, else alpha·x; alpha broadcasts to x and gets a gradient. At 0 the slope is alpha
 * (torch.nn.functional.prelu). `preluLayer` trains one alpha per channel.
 *
 * @example prelu([-2, 3], 0.25).array() // [-0.5, 3]
 */
export function prelu(x: TensorLike, alpha: TensorLike): Tensor {
  const input = requireFloat("prelu", toTensor("prelu()", x)) as Tensor;
  const slope = requireFloat("prelu", toTensor("prelu()", alpha)) as Tensor;
  broadcastShapes("prelu", input.shape, slope.shape);
  const above = exceeds(input, 0);
  return mul(input, add(above, keep(slope, sub(1, above))));
}

/**
 * Gated linear unit: a·σ(b), a and b the halves of x along an axis (default the last)
 * (Dauphin et al. 2017, torch.nn.functional.glu).
 *
 * @example glu([[1, 2, 0, 0]]).array() // [[0.5, 1]]
 * @throws ShapeError when the axis has an odd size
 */
export function glu(x: TensorLike, options: AxisOptions = {}): Tensor {
  const input = requireRank("glu", requireFloat("glu", toTensor("glu()", x)), 1) as Tensor;
  checkAxisOptions("glu", options, ["axis"]);
  const { axis = -1 } = options;
  const at = axisOf("glu", axis, input.rank);
  const { shape } = input;
  const size = shape[at]!;
  if (size % 2 !== 0) {
    throw new ShapeError(
      `glu(): expected an even size along axis ${at}, got shape ${showShape(shape)}`,
    );
  }
  const half = [...shape.slice(0, at), size / 2, ...shape.slice(at + 1)];
  // (…, 2, size / 2, …) → (2, …)
  const split = reshape(input, [...shape.slice(0, at), 2, ...half.slice(at)]);
  const rest = split.shape.map((_, i) => i).filter((i) => i !== at);
  const halves = transpose(split, [at, ...rest]);
  const part = (i: number) => reshape(gather(halves, tensor([i], [1], INT)), half);
  return mul(part(0), sigmoid(part(1)));
}
