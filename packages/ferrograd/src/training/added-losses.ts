import { ArgumentError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { add, mul } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/shape.ts";
import { inScope } from "../graph/scope.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Measured } from "../losses/measured.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Head } from "./heads.ts";

/** What regularizers say of variables that train, each once. */
export const penaltiesOf = (variables: readonly Variable<Shape, DType>[]): Tensor[] =>
  variables.flatMap((variable) => {
    const { regularizer } = variable.rules;
    const [scope] = variable.name.split(/\/[^/]*$/);
    return regularizer ? inScope(scope!, () => regularizer(variable)) : [];
  });

/** What is added to the loss joins that of every row, so that it is in all means of it. */
export function addLosses(
  losses: readonly Tensor[],
  heads: readonly Head[],
  measured: readonly Measured[][],
): void {
  const at = heads.findIndex(({ lossWeight }) => lossWeight !== 0);
  for (const added of at < 0 ? [] : losses) {
    const { lossWeight, loss } = heads[at]!;
    if (loss.reduction === "sum") {
      throw new ArgumentError(
        'loss: reduction: expected "mean" in a model whose layers add losses or have regularizers, got "sum"',
      );
    }
    const { values, weight, added: before } = measured[at]![0]!;
    const one = reshape(lossWeight === 1 ? added : mul(added, 1 / lossWeight), []);
    measured[at]![0] = weight
      ? { values, weight, added: before ? add(before, one) : one }
      : { values: add(values, one), weight };
  }
}
