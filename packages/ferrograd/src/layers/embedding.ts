import { ArgumentError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { gather } from "../graph/ops/indexing.ts";
import type { Constraint, Regularizer } from "../graph/rule.ts";
import { type InitializerName, initializerOf, namedInitializers } from "../initializers/by-name.ts";
import type { Initializer } from "../initializers/initializers.ts";
import { stepByRows } from "../optimizers/step-by-rows.ts";
import { checkOptions, positiveInteger, show } from "../options/index.ts";
import { type DType, INT } from "../values/dtype.ts";
import { createLayer } from "./create.ts";
import type { Layer } from "./layer.ts";
import { penalize, rulesOf } from "./rules.ts";

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** Default "uniform", from −0.05 to 0.05 as in Keras; PyTorch's are normal with deviation 1. */
  readonly embeddingsInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the table, such as `regularizers.l2(1e-4)` (default none). */
  readonly embeddingsRegularizer?: Regularizer;
  /** The same for the outputs, in the mean over the rows of the batch. */
  readonly activityRegularizer?: Regularizer;
  /** What each step makes of the table, such as `constraints.unitNorm({ axis: 1 })` (default nothing). */
  readonly embeddingsConstraint?: Constraint;
  readonly name?: string;
}

const OPTIONS = ["embeddingsInitializer", "embeddingsRegularizer", "embeddingsConstraint"].concat(
  "activityRegularizer",
  "name",
);

/**
 * A trained vector for each of `inputDim` ids: int32 (batch, …) → (batch, …, outputDim). Its variable, embeddings, is
 * (inputDim, outputDim). With `sgd` and `lazyAdam` a step costs what the rows used cost. Keras's Embedding without masks, torch.nn.Embedding.
 *
 * @example sequential([input([4], { dtype: "int32" }), embedding(1000, 8), flatten(), dense(1)])
 * @throws ArgumentError for inputs that are not int32; DataError for an id outside 0..inputDim-1, as the step runs
 */
export function embedding(
  inputDim: number,
  outputDim: number,
  options: EmbeddingOptions = {},
): Layer {
  const where = "embedding()";
  positiveInteger(where, "inputDim", inputDim);
  positiveInteger(where, "outputDim", outputDim);
  checkOptions(where, options, OPTIONS);
  const { embeddingsInitializer, name } = options;
  const { embeddingsRegularizer, embeddingsConstraint, activityRegularizer } = options;
  const rules = rulesOf(where, {
    ...{ embeddingsRegularizer, embeddingsConstraint, activityRegularizer },
  });
  const start = initializerOf(where, "embeddingsInitializer", embeddingsInitializer ?? "uniform");
  let table: Variable; // (inputDim, outputDim)
  return createLayer({
    type: "embedding",
    name,
    config: {
      inputDim,
      outputDim,
      ...namedInitializers({ embeddingsInitializer }),
      ...rules,
    },
    build(_rows, add) {
      table = add("embeddings", [inputDim, outputDim], start, {
        ...{ regularizer: embeddingsRegularizer, constraint: embeddingsConstraint },
      });
      table.rules = { ...table.rules, byRows: stepByRows };
    },
    call(ids, info) {
      if ((ids.dtype as DType) === INT) {
        return penalize(gather(table, ids), activityRegularizer, info);
      }
      throw new ArgumentError(
        `${where}: expected int32 inputs, got ${show(ids)}; ` +
          'write input(shape, { dtype: "int32" }) before it, in sequential([...]) too, or cast() them',
      );
    },
  });
}
