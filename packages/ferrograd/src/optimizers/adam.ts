import { checkOptions, fraction, nonNegativeNumber } from "../suggest.ts";
import { Optimizer } from "./optimizer.ts";

/** Options of `adam`. */
export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of the gradients (default 0.9). */
  readonly beta1?: number;
  /** Decay of the mean of their squares (default 0.999). */
  readonly beta2?: number;
  /** Added to the root (default 1e-8, as in PyTorch; Keras has 1e-7). */
  readonly epsilon?: number;
}

const checks = {
  learningRate: nonNegativeNumber,
  beta1: fraction,
  beta2: fraction,
  epsilon: nonNegativeNumber,
};

/**
 * Adam (Kingma & Ba 2015): m and v are decaying means of g and g², and
 * w −= rate · m̂ / (√v̂ + epsilon) with m̂ = m/(1 − beta1ᵗ), v̂ = v/(1 − beta2ᵗ) (torch.optim.Adam).
 *
 * @example adam({ learningRate: 1e-3 })
 * @throws ArgumentError when a number is out of range
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions("adam()", options, Object.keys(checks));
  const check = (name: string, value: number) =>
    checks[name as keyof typeof checks]("adam()", name, value);
  return new Optimizer({
    name: "adam",
    hyper: {
      learningRate: check("learningRate", options.learningRate ?? 1e-3),
      beta1: check("beta1", options.beta1 ?? 0.9),
      beta2: check("beta2", options.beta2 ?? 0.999),
      epsilon: check("epsilon", options.epsilon ?? 1e-8),
    },
    check,
    slots: ["m", "v"],
    emit(w, write, { hyper, step, ranges }) {
      const moments = ranges.map(({ slots, ...range }) => ({
        ...range,
        m: slots[0]!,
        v: slots[1]!,
      }));
      write.adam(w, { hyper, step, ranges: moments });
    },
  });
}
