// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/check

// Internal: missingReferences

export interface ActivationReference {
  f(x: number, p0: number, p1: number): number;
  df(xy: number, p0: number, p1: number): number;
}

export interface Component {
  readonly input: number;
  readonly index: number;
  readonly analytic: number;
  readonly numeric: number;
}

export interface GradientCheck {
  readonly maxError: number;
  readonly worst: Component;
}

export declare const activationsF64: {
  readonly [name in ActivationName]: ActivationReference;
};

export declare function checkGradients(
  fn: (...inputs: any[]) => AnyTensor,
  ...inputs: readonly TensorLike[]
): GradientCheck;

export declare function evaluateF64(tensor: AnyTensor): Float64Array;

// Not exported, but spoken of above.

type AnyTensor = Tensor<Shape, DType>;
