import { ArgumentError, StateError } from "../../errors.ts";
import { Variable } from "../../graph/leaf.ts";
import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { checkOptions, fraction, show } from "../../options/index.ts";
import type { DType } from "../../values/dtype.ts";
import type { Shape } from "../../values/shape.ts";
import { Optimizer } from "../optimizer.ts";
import { link, type Transform } from "../transform.ts";

const NAME = "averageWeights";

/** Options of `averageWeights`. */
export interface AverageOptions {
  /** Share of the average that stays at each step, from 0 to below 1 (default 0.99). */
  readonly decay?: number;
}

/**
 * Keeps a moving average of the weights, from what they are at the first step: a = decay·a + (1 − decay)·w after each
 * (Polyak & Juditsky 1992; use_ema of Keras, torch.optim.swa_utils.AveragedModel). It changes nothing by itself:
 * `swapAverages` puts them to use.
 *
 * @example chain(adam(), averageWeights({ decay: 0.999 }))
 * @throws ArgumentError when an option is unknown or out of range
 */
export function averageWeights(options: AverageOptions = {}): Transform {
  const where = `${NAME}()`;
  checkOptions(where, options, ["decay"]);
  const decay = fraction(where, "decay", options.decay ?? 0.99);
  return link({
    name: NAME,
    options: { decay },
    init: (variable) => ({ average: variable }),
    apply: (next, { average }) => ({
      state: { average: add(average!, mul(sub(next, average!), 1 - decay)) },
    }),
  });
}

/** A model, or the optimizer of a loop of one's own with what it trains. */
export interface Averaged {
  readonly optimizer: Optimizer;
  readonly variables: readonly Variable<Shape, DType>[];
}

/**
 * Exchanges the weights of a model with their averages, which its optimizer keeps by `averageWeights`: to evaluate,
 * predict or save with them. A second call puts the weights back, as training does not go on before, nor is the
 * optimizer's state saved: `save` is right without `includeOptimizer` (keras.callbacks.SwapEMAWeights).
 *
 * @example
 * const net = sequential([dense(3)], { inputShape: [4] })
 *   .compile({ optimizer: chain(adam(), averageWeights()), loss: "sparseCategoricalCrossentropy" });
 * net.fitSync(train, { epochs: 2 });
 * swapAverages(net);
 * net.evaluate(test).loss;
 * swapAverages(net);
 * @throws StateError for an optimizer without averages
 */
export function swapAverages(target: Averaged): void {
  const { optimizer, variables } = averaged(target);
  optimizer.core(); // after dispose there is none
  const { composition, name } = optimizer.spec;
  const at = (variable: Variable<Shape, DType>) =>
    optimizer.spec.slots(variable).findIndex((slot) => slot.name === `${NAME}.average`);
  if (composition === undefined || variables.some((variable) => at(variable) < 0)) {
    throw new StateError(
      `swapAverages(): expected an optimizer with ${NAME}() in its chain, got ${name}`,
    );
  }
  for (const variable of variables) {
    const slot = optimizer.slotOf(variable, at(variable));
    const average = slot.slice();
    slot.set(variable.data() as Float32Array);
    variable.set(average);
  }
  composition.swapped = !composition.swapped;
}

function averaged(target: Averaged): Averaged {
  const isOne = typeof target === "object" && target !== null;
  const { optimizer, variables }: Partial<Averaged> = isOne ? target : {};
  const areVariables =
    Array.isArray(variables) && variables.every((variable) => variable instanceof Variable);
  if (optimizer instanceof Optimizer && areVariables)
    return { optimizer, variables: [...variables] };
  throw new ArgumentError(`swapAverages(): expected a compiled model, got ${show(target)}`);
}
