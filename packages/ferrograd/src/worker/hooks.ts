import {
  type Callbacks,
  checkCallback,
  type FitModel,
  type FitRun,
  HOOKS,
  type Hook,
} from "../callbacks/callback.ts";
import { StateError } from "../errors.ts";
import type { AnyModel } from "../model/model.ts";
import type { Channel } from "./channel.ts";
import type { Sent } from "./errors.ts";

/** A `fit` as it goes there: what it was given, and which functions of callbacks are to be called. */
export interface FitCall {
  readonly fit: number;
  readonly args: readonly unknown[];
  readonly hooks: readonly Hook[];
}

/** A call of a hook, from where the model trains to where the callbacks are. */
export interface HookCall {
  readonly fit: number;
  readonly hook: Hook;
  readonly args: readonly unknown[];
  /** What the error is, where the hook is told of one. */
  readonly error?: Sent;
  /** Not with steps of callbacks that have not asked for the model. */
  readonly weights: Float32Array[] | undefined;
  readonly learningRate: number;
}

/** What the callbacks want. */
export interface HookAnswer {
  readonly stop: boolean;
  /** Has one of them asked for the model, whose weights it may want? */
  readonly asked: boolean;
  readonly weights?: readonly Float32Array[];
  readonly learningRate?: number;
}

/** The callbacks of a `fit` here, with the model as it was when they were last called. */
export class Hooks {
  readonly names: readonly Hook[];
  private readonly callbacks: readonly Callbacks[];
  private weights: readonly Float32Array[] | undefined;
  private asked = false;
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
      getWeights() {
        if (hooks.weights !== undefined) return hooks.weights.map((values) => values.slice());
        throw new StateError(
          "getWeights(): expected a callback that takes run.model in onTrainBegin, got one that asks for it while a step is done; from a worker the weights come with each step only for one that did",
        );
      },
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
    return { stop: this.stop, asked: this.asked, ...this.changed };
  }

  /** The run as callbacks see it; the rows stay in the worker. */
  private run(run: FitRun): FitRun {
    const hooks = this;
    return {
      ...run,
      samples: undefined,
      get model() {
        hooks.asked = true;
        return hooks.model;
      },
    };
  }
}

/** What is called where the model trains: each asks the other side, and does what is wanted there. */
export function remoteHooks(
  channel: Channel,
  fit: number,
  model: AnyModel,
  names: readonly Hook[],
): Callbacks {
  let asked = false;
  const hook = (name: Hook) => async (given?: unknown, logs?: unknown) => {
    const { learningRate } = model.optimizer;
    const isStep = name === "onBatchBegin" || name === "onBatchEnd";
    const weights = asked || !isStep ? model.getWeights() : undefined;
    const call: HookCall = {
      fit,
      hook: name,
      ...argsOf(channel, given, logs),
      weights,
      learningRate,
    };
    const buffers = (weights ?? []).map(({ buffer }) => buffer as ArrayBuffer);
    const answer = await channel.ask<HookAnswer>("hook", call, buffers);
    asked = answer.asked;
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
