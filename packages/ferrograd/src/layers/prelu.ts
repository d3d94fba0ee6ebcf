import { fill } from "../graph/constants.ts";
import type { Variable } from "../graph/leaf.ts";
import { prelu } from "../graph/ops/gate.ts";
import type { Constraint, Regularizer } from "../graph/rule.ts";
import { type InitializerName, initializerOf, namedInitializers } from "../initializers/by-name.ts";
import type { Initializer } from "../initializers/initializers.ts";
import { checkOptions } from "../options/index.ts";
import { createLayer } from "./create.ts";
import { expectInputs, widthOf } from "./expect.ts";
import type { Layer } from "./layer.ts";
import { rulesOf } from "./rules.ts";

/** Options of `preluLayer`. */
export interface PreluOptions {
  /** Of the slopes (default 0.25 each, as torch.nn.PReLU; Keras has 0). */
  readonly alphaInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the slopes (default none). */
  readonly alphaRegularizer?: Regularizer;
  /** What each step makes of the slopes (default nothing). */
  readonly alphaConstraint?: Constraint;
  readonly name?: string;
}

const quarter: Initializer = (shape) => fill(shape, 0.25);

/**
 * Parametric relu: x where x > 0, else alpha·x, (…, channels) → (…, channels). alpha (channels) is
 * trained, one slope per channel (He et al. 2015; torch.nn.PReLU with num_parameters = channels).
 *
 * @example sequential([dense(16), preluLayer(), dense(1)], { inputShape: [4] })
 * @throws ShapeError for inputs of another number of channels
 */
export function preluLayer(options: PreluOptions = {}): Layer {
  const where = "preluLayer()";
  checkOptions(where, options, [
    ...["alphaInitializer", "alphaRegularizer", "alphaConstraint", "name"],
  ]);
  const { alphaInitializer, alphaRegularizer, alphaConstraint, name } = options;
  const rules = rulesOf(where, { alphaRegularizer, alphaConstraint });
  const start = initializerOf(where, "alphaInitializer", alphaInitializer ?? quarter);
  let alpha: Variable; // (channels)
  return createLayer(
    {
      type: "prelu",
      name,
      config: { ...namedInitializers({ alphaInitializer }), ...rules },
      build(inputShape, add) {
        const channels = widthOf(where, inputShape, "channels");
        alpha = add("alpha", [channels], start, {
          ...{ regularizer: alphaRegularizer, constraint: alphaConstraint },
        });
      },
      call(x) {
        expectInputs(where, x, ["…", alpha.shape[0]!]);
        return prelu(x, alpha);
      },
    },
    where,
  );
}
