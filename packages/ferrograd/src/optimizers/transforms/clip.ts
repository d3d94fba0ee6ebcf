import { ArgumentError } from "../../errors.ts";
import {
  abs,
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  sqrt,
  square,
} from "../../graph/ops/elementwise.ts";
import { max, sum } from "../../graph/ops/reduce.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { finiteFloat32 } from "../../options/index.ts";
import { link, type Transform } from "../transform.ts";

const positive = (where: string, value: unknown, name: string): number => {
  const number = finiteFloat32(where, name, value);
  if (number > 0) return number;
  throw new ArgumentError(`${where}: ${name}: expected a number above 0, got ${number}`);
};

/** As in torch.nn.utils.clip_grad_norm_. */
const SMALL = 1e-6;
/** Below the square root of the smallest normal float. */
const LEAST = 1e-20;

/** What makes the norm over all of these `norm` at most: squares are taken of shares of the largest, so that none overflows. */
function scaleTo(norm: number, updates: readonly Tensor[]): Tensor {
  const some = updates.filter(({ size }) => size > 0);
  const largest = some.map((update) => max(abs(update))).reduce(maximum, max([LEAST]));
  const squares = some.map((update) => sum(square(div(update, largest))));
  const length = sqrt(squares.reduce(add, sum([0])));
  return minimum(1, div(div(norm, largest), add(length, div(SMALL, largest))));
}

/**
 * Clips each number to ±value (torch.nn.utils.clip_grad_value_).
 *
 * @example chain(clipByValue(0.5), adam())
 * @throws ArgumentError for all but a number above 0
 */
export function clipByValue(value: number): Transform {
  const most = positive("clipByValue()", value, "value");
  return link({
    name: "clipByValue",
    byRows: true,
    options: { value: most },
    update: (update) => ({ update: maximum(minimum(update, most), neg(most)) }),
  });
}

/**
 * Scales what comes for a variable to this norm, where it is larger.
 *
 * @example chain(clipByNorm(1), sgd())
 * @throws ArgumentError for all but a number above 0
 */
export function clipByNorm(norm: number): Transform {
  const most = positive("clipByNorm()", norm, "norm");
  return link({
    name: "clipByNorm",
    options: { norm: most },
    update: (update) => ({ update: mul(update, scaleTo(most, [update])) }),
  });
}

/**
 * Scales what comes for all variables together to this norm, where theirs is larger: by
 * min(1, norm / (‖g‖ + 1e-6)) (torch.nn.utils.clip_grad_norm_).
 *
 * @example chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 }))
 * @throws ArgumentError for all but a number above 0
 */
export function clipByGlobalNorm(norm: number): Transform {
  const most = positive("clipByGlobalNorm()", norm, "norm");
  return link({
    name: "clipByGlobalNorm",
    options: { norm: most },
    update: (update, _state, { updates }) => ({ update: mul(update, scaleTo(most, updates)) }),
  });
}
