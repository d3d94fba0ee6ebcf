import { shared } from "../copies/shared.ts";
import type { Tensor } from "../graph/tensor.ts";
import { trace } from "../graph/trace.ts";
import type { Shape } from "../values/shape.ts";
import type { AnyLayer, BuildOptions } from "./layer.ts";

/** What a model tells the layers it calls. */
export interface CallContext {
  /** Training, or predicting and evaluating? */
  readonly training: boolean;
  readonly seed: number;
  /** Steps done, one int32, so that each step draws its own random numbers. */
  readonly step: Tensor<Shape, "int32"> | undefined;
  /** What layers add to the loss; absent where nobody asks. */
  readonly losses?: Tensor[];
  /** While a layer that contains others is built, or found out about: how theirs are. */
  readonly building?: Building;
}

/** How layers inside a layer are built when they are called. */
export interface Building extends Omit<BuildOptions, "path"> {
  readonly paths: ReadonlyMap<AnyLayer, string>;
  /** Is nothing to be made yet, only found out? */
  readonly dry: boolean;
}

/** A prediction, seed 0. */
export const OUTSIDE: CallContext = { training: false, seed: 0, step: undefined };

const calls = shared("context", (): { current: CallContext } => ({ current: OUTSIDE }));

/** The context of the call under way; outside models, of a prediction. */
export const context = {
  get(): CallContext {
    return calls.current;
  },
  tracing(): boolean {
    return trace.current !== null;
  },
  /** Runs `body` in another context. */
  run<T>(next: CallContext, body: () => T): T {
    const outer = calls.current;
    calls.current = next;
    try {
      return body();
    } finally {
      calls.current = outer;
    }
  },
};
