import { ACTIVATIONS, type ActivationName, type ActivationRow } from "./engine/ops.generated.ts";
import type { Config, Layer } from "./layers/layer.ts";
import { layerRegistry } from "./layers/registry.ts";
import type { LossName } from "./losses/by-name.ts";
import { classifications } from "./losses/classification.ts";
import { crossentropies } from "./losses/crossentropy.ts";
import type { LossOf } from "./losses/loss.ts";
import { regressions } from "./losses/regression.ts";
import { type MetricName, metricNames } from "./metrics/by-name.ts";
import { type OptimizerName, optimizers as optimizersByName } from "./optimizers/by-name.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import type { OptimizerOptions } from "./optimizers/rule.ts";
import { listOf, oneOf, text } from "./options/index.ts";

/** What is known of an activation beside its formula. */
export interface ActivationFacts {
  /** What its derivative is computed from: its input x, its output y, or either. */
  readonly derivativeFrom: ActivationRow["derivativeFrom"];
  /** On which side its gradient vanishes. */
  readonly saturates: ActivationRow["saturates"];
  /** The initializer that suits it, which `dense` takes by default. */
  readonly initializer: ActivationRow["initializer"];
  /** Is its range that of probabilities? */
  readonly probabilities: boolean;
  /** Its options: name, default, least and largest value. */
  readonly params: ActivationRow["params"];
}

/**
 * Every activation by its name, with what is known of it.
 *
 * @example
 * activations.relu.initializer // "heNormal"
 * activations.elu.params[0].default // 1
 */
export const activations: { readonly [name in ActivationName]: ActivationFacts } =
  /* @__PURE__ */ (() =>
    Object.freeze(
      Object.fromEntries(
        Object.entries(ACTIVATIONS).map(([name, { code, ...facts }]) => [
          name,
          Object.freeze({ ...facts, params: facts.params.map((param) => ({ ...param })) }),
        ]),
      ),
    ) as never)();

/**
 * Every optimizer that `compile` takes as text, by that name: each takes its options.
 *
 * @example
 * const optimizer = optimizers.adam({ learningRate: 0.01 });
 * optimizer.learningRate // 0.01
 */
export const optimizers: {
  readonly [name in OptimizerName]: (options?: OptimizerOptions) => Optimizer;
} = /* @__PURE__ */ (() => Object.freeze({ ...optimizersByName }))();

/**
 * Every loss that `compile` takes as text, by that name: each takes its options, or targets and predictions.
 *
 * @example
 * losses.meanSquaredError([[1, 2]], [[1, 4]]).item() // 2
 */
export const losses: { readonly [name in LossName]: LossOf<object> } = /* @__PURE__ */ (() =>
  Object.freeze(
    Object.fromEntries(
      [...crossentropies, ...regressions, ...classifications].map((loss) => [loss.row.name, loss]),
    ),
  ) as never)();

/**
 * The names of all metrics that `compile` takes as text.
 *
 * @example metrics.slice(0, 2) // ["accuracy", "binaryAccuracy"]
 */
export const metrics: readonly MetricName[] = /* @__PURE__ */ (() =>
  Object.freeze([...metricNames]))();

/**
 * Every layer by the type that files name: each makes a layer from the options that a file has, and its name.
 *
 * @example
 * const layer = layers.dense({ units: 3 }, "scores");
 * layer.name // "scores"
 */
export const layers: {
  readonly [type: string]: (options: Config, name: string) => Layer;
} = /* @__PURE__ */ (() => Object.freeze(Object.fromEntries(layerRegistry)))();

/**
 * Gives a name back that is one of some; refuses another, and says which is nearest.
 *
 * @param where What the message begins with.
 * @param kind What it is a name of.
 * @throws ArgumentError `train.ts: unknown optimizer "admm"; did you mean "adam"?`
 * @example
 * named("train.ts", "optimizer", "adam", Object.keys(optimizers)) // "adam"
 */
export function named<T extends string>(
  where: string,
  kind: string,
  name: unknown,
  names: readonly T[],
): T {
  const what = "named()";
  const allowed = listOf(what, "names", names, text) as T[];
  return oneOf(text(what, "where", where), text(what, "kind", kind), name, allowed);
}
