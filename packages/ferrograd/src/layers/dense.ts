import { ACTIVATIONS } from "../engine/ops.generated.ts";
import type { Variable } from "../graph/leaf.ts";
import type { ActivationFunction, ActivationOption, OptionsOf } from "../graph/ops/activation.ts";
import { add as plus } from "../graph/ops/elementwise.ts";
import { matrixProduct } from "../graph/ops/matmul.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Constraint, Regularizer } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type InitializerName, initializerOf, namedInitializers } from "../initializers/by-name.ts";
import { type Initializer, zeros } from "../initializers/initializers.ts";
import { boolean, checkOptions, positiveInteger } from "../options/index.ts";
import { activatedBy, numbersOf } from "./activated.ts";
import { createLayer } from "./create.ts";
import { expectInputs, widthOf } from "./expect.ts";
import { activeRow, type Layer } from "./layer.ts";
import { penalize, rulesOf } from "./rules.ts";

/** Options of `dense`, beside those of its activation. */
export interface DenseOptions<N extends ActivationOption = ActivationOption> {
  /**
   * A row of the activation table (default "linear": none), "softmax", "logSoftmax", or a function of a tensor;
   * of functions, files hold ours, by their names.
   */
  readonly activation?: N | ActivationFunction;
  /** Add a bias (default true). */
  readonly useBias?: boolean;
  /**
   * Default: what suits the activation, its own or that of a layer which its outputs go into:
   * heNormal for relu and its kin, lecunNormal for selu, else glorotUniform.
   */
  readonly kernelInitializer?: InitializerName | Initializer;
  /** Default zeros. */
  readonly biasInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the kernel, such as `regularizers.l2(1e-4)` (default none). */
  readonly kernelRegularizer?: Regularizer;
  /** The same for the bias. */
  readonly biasRegularizer?: Regularizer;
  /** The same for the outputs, in the mean over the rows of the batch. */
  readonly activityRegularizer?: Regularizer;
  /** What each step makes of the kernel, such as `constraints.maxNorm(2)` (default nothing). */
  readonly kernelConstraint?: Constraint;
  /** The same of the bias. */
  readonly biasConstraint?: Constraint;
  /** Its name in messages, summaries and files (default `dense`, `dense_1`, ...). */
  readonly name?: string;
}

const OWN = ["activation", "useBias", "name", "activityRegularizer"].concat(
  ["kernel", "bias"].flatMap((name) =>
    ["Initializer", "Regularizer", "Constraint"].map((kind) => name + kind),
  ),
);

/**
 * A fully connected layer: f(x·W + b), (…, in) → (…, units). W is (in, units), b (units).
 * As Keras's Dense and torch.nn.Linear, with an initializer that suits the activation.
 *
 * @example dense(128, { activation: "relu" })
 * @example dense(64, { activation: "leakyRelu", negativeSlope: 0.2 })
 * @example dense(64, { activation: (x) => mul(x, tanh(x)) })
 * @throws ArgumentError `dense(): unknown activation "rleu"; did you mean "relu"?`
 */
export function dense<N extends ActivationOption = "linear">(
  units: number,
  options: DenseOptions<N> & OptionsOf<N> = {} as DenseOptions<N> & OptionsOf<N>,
): Layer {
  positiveInteger("dense()", "units", units);
  checkOptions("dense()", options, () => [
    ...OWN,
    ...numbersOf("dense()", options.activation ?? "linear"),
  ]);
  const {
    activation = "linear",
    useBias = true,
    kernelInitializer,
    biasInitializer,
    kernelRegularizer,
    biasRegularizer,
    activityRegularizer,
    kernelConstraint,
    biasConstraint,
    name,
    ...params
  } = options as DenseOptions & Record<string, unknown>;
  const activated = activatedBy("dense()", activation, params);
  const { row } = activated;
  boolean("dense()", "useBias", useBias);
  const kernelStart = (suited: InitializerName) =>
    initializerOf("dense()", "kernelInitializer", kernelInitializer ?? suited);
  kernelStart("zeros"); // What was asked for is refused at once.
  const biasStart = initializerOf("dense()", "biasInitializer", biasInitializer ?? zeros);
  const rules = rulesOf("dense()", {
    ...{ kernelRegularizer, biasRegularizer, activityRegularizer },
    ...{ kernelConstraint, biasConstraint },
  });
  let kernel: Variable; // (in, units)
  let bias: Variable | undefined; // (units)
  return createLayer({
    type: "dense",
    name,
    config: {
      units,
      activation: activated.option,
      useBias,
      ...namedInitializers({ kernelInitializer, biasInitializer }),
      ...rules,
      ...params,
    },
    build(inputShape, add, ahead) {
      const width = widthOf("dense()", inputShape, "in");
      const { initializer } = ACTIVATIONS[row === undefined ? "linear" : activeRow(row, ahead)];
      kernel = add("kernel", [width, units], kernelStart(initializer), {
        ...{ regularizer: kernelRegularizer, constraint: kernelConstraint },
      });
      if (!useBias) return;
      bias = add("bias", [units], biasStart, {
        ...{ regularizer: biasRegularizer, constraint: biasConstraint },
      });
    },
    call(x, info) {
      const width = kernel.shape[0]!;
      expectInputs("dense()", x, ["…", width]);
      const rows = x.rank === 2 ? x : reshape(x, [-1, width]);
      const product = matrixProduct(rows, kernel);
      const sums = bias === undefined ? product : plus(product, bias);
      const inPlace = (y: Tensor) =>
        x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), units]);
      // A row joins the product; a function of one's own sees the shape of the outputs.
      const y = row === undefined ? activated.call(inPlace(sums)) : inPlace(activated.call(sums));
      return penalize(y, activityRegularizer, info);
    },
    affine() {
      let weights: Float32Array | undefined; // (in, units), copied at the first row
      return {
        map(x) {
          weights ??= kernel.data();
          return product(x, weights, bias?.data() ?? new Float32Array(units));
        },
        shifts: useBias,
        ...(activation !== "linear" && { activation: { activation: activated.option, ...params } }),
      };
    },
  });
}

/** x·W + b in float64 for one row: (in) → (units). */
function product(x: Float64Array, w: Float32Array, b: Float32Array): Float64Array {
  const units = b.length;
  const y = Float64Array.from(b);
  x.forEach((v, i) => {
    if (v !== 0) for (let j = 0; j < units; j++) y[j]! += v * w[i * units + j]!;
  });
  return y;
}
