import { leaf } from "../graph/constants.ts";
import { update, type Variable } from "../graph/leaf.ts";
import { add } from "../graph/ops/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { context } from "../layers/context.ts";
import { boolean, checkOptions } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";

/** Options of `call`. */
export interface CallOptions {
  /**
   * Are layers to do what they do while training: drop out, take the statistics of the batch and let their own follow (default: what
   * the call around it does; outside of layers false)? Keras's argument of this name; PyTorch's `train()` and `eval()`.
   */
  readonly training?: boolean;
}

interface Called {
  readonly seed: number;
  readonly stepVariable: Variable<Shape, "int32">;
}

/** Runs `body`, a call of the model, as training or not where that is said. */
export function calledWith<T>(model: Called, training: boolean | undefined, body: () => T): T {
  const around = context.get();
  if (training === undefined || training === around.training) return body();
  const counted = training ? { seed: model.seed, step: nextStep(model) } : {};
  return context.run({ ...around, ...counted, training }, body);
}

/** What `options` say of training, checked. */
export function trainingOf(where: string, options: CallOptions | undefined): boolean | undefined {
  checkOptions(where, options, ["training"]);
  const { training } = options ?? {};
  return training === undefined ? undefined : boolean(where, "training", training);
}

/** Steps before this call, which counts as one, so that no two calls draw the same random numbers. */
function nextStep({ stepVariable }: Called): Tensor<Shape, "int32"> {
  let step: Tensor<Shape, "int32"> = context.tracing()
    ? stepVariable
    : leaf(Int32Array.from(stepVariable.data()), stepVariable.shape, INT);
  update(stepVariable, (now) => {
    if (context.tracing()) step = now;
    return add(now, 1) as never;
  });
  return step;
}
