import { grad } from "../compile/differentiate.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { type AnyTensor, isTensor, type Tensor } from "../graph/tensor.ts";
import { callable } from "../options/index.ts";
import { isFloat } from "../values/dtype.ts";
import { showShape } from "../values/shape.ts";
import { Reference64 } from "./evaluate.ts";

/** One component of a gradient, computed in both ways. */
export interface Component {
  /** Number of the input. */
  readonly input: number;
  /** Element of the input, row-major. */
  readonly index: number;
  /** As `grad` gives it, in float32. */
  readonly analytic: number;
  /** As finite differences give it, in float64. */
  readonly numeric: number;
}

/** What `checkGradients` found. */
export interface GradientCheck {
  /** Largest |analytic − numeric| / max(1, |numeric|); NaN where either is. */
  readonly maxError: number;
  /** The component with that error. */
  readonly worst: Component;
}

/**
 * Compares the gradients of a function with finite differences. `fn` takes the inputs as tensors and
 * returns a scalar tensor. Gradients come from `grad` and the core's float32 kernels; differences
 *
 *     (f(x + h) − f(x − h)) / 2h,   h = 1e-6·max(1, |x|)
 *
 * from evaluating fn's graph in float64 by plain loops, so that they are exact to about 1e-9. A
 * correct gradient has `maxError` below 1e-4, most of them below 1e-6. Kinks need distance: at a
 * place where the slope jumps (relu at 0) the two rightly differ.
 *
 * Float32 inputs are differentiated, int32 inputs (labels, indices) are passed on. An input that is
 * a tensor or variable is passed on as it is, so parameters that `fn` uses without taking them can
 * be checked too.
 *
 * @example
 * const swish = (x: Tensor) => mul(x, sigmoid(x));
 * checkGradients((x: Tensor) => sum(swish(x)), [-1, 0.5, 2]).maxError; // about 1e-8
 * @example
 * const { worst } = checkGradients(() => loss(model(x)), kernel, bias);
 * @throws ShapeError when fn returns more than one element; ArgumentError when it returns no tensor
 * or does not depend on an input
 */
export function checkGradients(
  // biome-ignore lint/suspicious/noExplicitAny: any tensor types may be parameters
  fn: (...inputs: any[]) => AnyTensor,
  ...inputs: readonly TensorLike[]
): GradientCheck {
  const where = "checkGradients()";
  callable(where, "fn", fn);
  const tensors = inputs.map((input) => toTensor(where, input));
  const loss = fn(...tensors);
  if (!isTensor(loss))
    throw new ArgumentError(`${where}: fn: expected a function that returns a tensor`);
  if (loss.size !== 1) {
    throw new ShapeError(
      `${where}: fn: expected a result of one element, got shape ${showShape(loss.shape)}; ` +
        "mean() or sum() make one",
    );
  }
  const targets = tensors.filter(isFloat);
  if (!targets.some(({ size }) => size > 0)) {
    throw new ArgumentError(`${where}: expected a float32 input with an element, got none`);
  }
  const graph = new Reference64(loss);
  const gradients = grad(loss as Tensor, targets).map((gradient) => gradient.data());
  const components = targets.flatMap((target, i) =>
    differences(graph, target).map((numeric, index) => ({
      input: tensors.indexOf(target),
      index,
      analytic: gradients[i]![index]!,
      numeric,
    })),
  );
  const worst = components.reduce((a, b) => (badness(b) > badness(a) ? b : a));
  return { maxError: error(worst), worst };
}

function error({ analytic, numeric }: Component): number {
  return Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
}

/** The error, with NaN as the worst of all. */
function badness(component: Component): number {
  const size = error(component);
  return Number.isNaN(size) ? Infinity : size;
}

/** Central differences of a scalar graph in every element of a tensor. */
function differences(graph: Reference64, target: AnyTensor): number[] {
  const values = Float64Array.from(target.values());
  const at = (index: number, value: number): number => {
    const moved = values.slice();
    moved[index] = value;
    return graph.evaluate(new Map([[target, moved]]))[0]!;
  };
  return Array.from(values, (x, index) => {
    const h = 1e-6 * Math.max(1, Math.abs(x));
    return (at(index, x + h) - at(index, x - h)) / (x + h - (x - h));
  });
}
