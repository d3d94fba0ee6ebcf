import {
  type Callbacks,
  checkCallback,
  type FitModel,
  type FitRun,
  HOOKS,
  type Hook,
} from "../callbacks/callback.ts";
import type { AnyModel } from "../model/model.ts";
import type { Channel } from "./channel.ts";
import type { Sent } from "./errors.ts";

/** A call of a hook, from where the model trains to where the callbacks are. */
export interface HookCall {
  readonly fit: number;
  readonly hook: Hook;
  readonly args: readonly unknown[];
  /** What the error is, where the hook is told of one. */
  readonly error?: Sent;
  readonly weights: Float32Array[];
  readonly learningRate: number;
}

/** What the callbacks want. */
export interface HookAnswer {
  readonly stop: boolean;
  readonly weights?: readonly Float32Array[];
  readonly learningRate?: number;
}

/** The callbacks of a `fit` here, with the model as it was when they were last called. */
export class Hooks {
  readonly names: readonly Hook[];
  private readonly callbacks: readonly Callbacks[];
  private weights: Float32Array[] = [];
  private rate = 0;
  private stop = false;
  private changed: { weights?: readonly Float32Array[]; learningRate?: number } = {};
  private readonly model: FitModel;

  constructor(given: unknown) {
    this.callbacks = (Array.isArray(given) ? [...given] : [given]) as Callbacks[];
    for (const callback of this.callbacks) checkCallback("fit()", callback);
    this.names = HOOKS.filter((hook) => this.callbacks.some((one) => one[hook] !== undefined));
    const hooks = this;
    this.model = {
      optimizer: {
        get learningRate() {
          return hooks.rate;
        },
        set learningRate(value) {
          hooks.rate = value;
          hooks.changed.learningRate = value;
        },
      },
      stop() {
        hooks.stop = true;
      },
      getWeights: () => hooks.weights.map((values) => values.slice()),
      setWeights(weights) {
        hooks.weights = weights.map((values) => Float32Array.from(values));
        hooks.changed.weights = hooks.weights;
      },
    };
  }

  /** Calls a hook of each callback. */
  async call({ hook, args, weights, learningRate }: HookCall, error: unknown): Promise<HookAnswer> {
    [this.weights, this.rate, this.stop, this.changed] = [weights, learningRate, false, {}];
    const given = error === undefined ? args : [error];
    const all = hook === "onTrainBegin" ? [this.run(given[0] as FitRun)] : given;
    for (const callback of this.callbacks) {
      const body = callback[hook] as ((...args: unknown[]) => unknown) | undefined;
      if ((await body?.call(callback, ...all)) === "stop") this.stop = true;
    }
    return { stop: this.stop, ...this.changed };
  }

  /** The run as callbacks see it; the rows stay in the worker. */
  private run(run: FitRun): FitRun {
    return { ...run, model: this.model, samples: undefined };
  }
}

/** What is called where the model trains: each asks the other side, and does what is wanted there. */
export function remoteHooks(
  channel: Channel,
  fit: number,
  model: AnyModel,
  names: readonly Hook[],
): Callbacks {
  const hook = (name: Hook) => async (given?: unknown, logs?: unknown) => {
    const { learningRate } = model.optimizer;
    const weights = model.getWeights();
    const call: HookCall = {
      fit,
      hook: name,
      ...argsOf(channel, given, logs),
      weights,
      learningRate,
    };
    const buffers = weights.map(({ buffer }) => buffer as ArrayBuffer);
    const answer = await channel.ask<HookAnswer>("hook", call, buffers);
    if (answer.weights !== undefined) model.setWeights(answer.weights);
    if (answer.learningRate !== undefined) model.optimizer.learningRate = answer.learningRate;
    return answer.stop ? "stop" : undefined;
  };
  return Object.fromEntries(names.map((name) => [name, hook(name)]));
}

function argsOf(channel: Channel, given: unknown, logs: unknown): Pick<HookCall, "args" | "error"> {
  if (given instanceof Error) return { args: [], error: channel.errors.send(given) };
  if (typeof given !== "object" || given === null) return { args: [given, logs] };
  const { logged, initialEpoch, epochs, stepsPerEpoch } = given as FitRun;
  return { args: [{ logged, initialEpoch, epochs, stepsPerEpoch }] };
}
