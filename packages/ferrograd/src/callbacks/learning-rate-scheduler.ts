import { callable } from "../options/index.ts";
import type { Callbacks, FitRun } from "./callback.ts";
import { checkRate } from "./reduce-lr-on-plateau.ts";

/**
 * Sets the learning rate before each epoch, to what a function makes of the epoch, counted from 1, and of the rate until then:
 * Keras's LearningRateScheduler, which counts from 0. A schedule as `learningRate` of an optimizer does it before each step.
 *
 * @example
 * const callbacks = learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9));
 * await model.fit(x, y, { epochs: 30, callbacks });
 *
 * @throws ArgumentError for what is no function, and from `fit` for a rate below 0 or not finite; StateError from `fit` where
 * the rate is a schedule
 */
export function learningRateScheduler(rateOf: (epoch: number, rate: number) => number): Callbacks {
  const where = "learningRateScheduler()";
  callable(where, "schedule", rateOf);
  let run: FitRun;
  return {
    onTrainBegin(started: FitRun) {
      checkRate(where, started);
      run = started;
    },
    onEpochBegin(epoch: number) {
      const { optimizer } = run.model;
      optimizer.learningRate = rateOf(epoch, optimizer.learningRate);
    },
  };
}
