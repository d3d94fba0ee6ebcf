import { ArgumentError, ShapeError } from "../../errors.ts";
import { transpose } from "../../graph/ops/shape.ts";
import { checkOptions, listOf, positiveInteger, show } from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/**
 * The axes of each row in another order: axis `dims[i]` comes i-th, counted from 1, as the batch is 0 and stays.
 * Keras's Permute.
 *
 * @example sequential([permute([2, 1]), dense(3)], { inputShape: [4, 5] })
 * @throws ArgumentError unless `dims` has each of 1, 2, … once; ShapeError for rows of another number of axes
 */
export function permute(dims: readonly number[], options: { readonly name?: string } = {}): Layer {
  const where = "permute()";
  const order = listOf(where, "dims", dims, positiveInteger);
  checkOptions(where, options, ["name"]);
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length === 0 || sorted.some((one, i) => one !== i + 1)) {
    throw new ArgumentError(
      `${where}: dims: expected each of 1, 2, … once (the batch is 0), got ${show(dims)}`,
    );
  }
  return createLayer({
    type: "permute",
    name: options.name,
    config: { dims: order },
    elementwise: "linear",
    call(x) {
      if (x.rank === order.length + 1) return transpose(x, [0, ...order]);
      throw new ShapeError(
        `${where}: expected rows of ${order.length} axes, as dims has, got shape ${showShape(x.shape.slice(1))}`,
      );
    },
  });
}
