import { ArgumentError, ShapeError } from "../../errors.ts";
import { reshape } from "../../graph/ops/shape.ts";
import { checkOptions, listOf, show } from "../../options/index.ts";
import { showShape, sizeOf } from "../../values/shape.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

const size = (where: string, name: string, value: unknown): number => {
  if (Number.isSafeInteger(value) && ((value as number) > 0 || value === -1))
    return value as number;
  throw new ArgumentError(
    `${where}: ${name}: expected a positive integer, or -1 once, got ${show(value)}`,
  );
};

/**
 * Each row in another shape, its elements in order: (batch, …) → (batch, ...targetShape). One size may be −1: what is
 * left. Keras's Reshape, torch.nn.Unflatten.
 *
 * @example sequential([reshapeLayer([2, -1]), dense(3)], { inputShape: [8] })
 * @throws ArgumentError for sizes that are none; ShapeError where a row has another number of elements
 */
export function reshapeLayer(
  targetShape: readonly number[],
  options: { readonly name?: string } = {},
): Layer {
  const where = "reshapeLayer()";
  const target = listOf(where, "targetShape", targetShape, size);
  checkOptions(where, options, ["name"]);
  const open = target.indexOf(-1);
  if (open !== target.lastIndexOf(-1)) {
    throw new ArgumentError(`${where}: targetShape: expected -1 at most once, got ${show(target)}`);
  }
  const known = sizeOf(target.filter((one) => one !== -1));
  return createLayer(
    {
      type: "reshape",
      name: options.name,
      config: { targetShape: target },
      elementwise: "linear",
      call(x) {
        const rows = x.shape.slice(1);
        const count = sizeOf(rows);
        if (open < 0 ? count !== known : count % known !== 0) {
          throw new ShapeError(
            `${where}: expected rows of ${open < 0 ? known : `a multiple of ${known}`} elements, ` +
              `as ${showShape(target)} has, got shape ${showShape(rows)}`,
          );
        }
        const shape = target.map((one) => (one === -1 ? count / known : one));
        return reshape(x, [x.shape[0]!, ...shape]);
      },
    },
    where,
  );
}
