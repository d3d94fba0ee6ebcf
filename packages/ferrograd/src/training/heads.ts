import type { LossRow } from "../losses/loss.ts";
import type { Reading } from "../losses/reading.ts";
import type { OutputMetrics } from "../metrics/by-name.ts";
import { type MetricResult, nameIn, type States } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { DType } from "../values/dtype.ts";
import type { Dims } from "../values/shape.ts";

/** An input or an output of a model. */
export interface Port {
  readonly name: string;
  /** Of one row, `null` where any size will do. */
  readonly shape: Dims;
  readonly dtype: DType;
  /** Do its rows come as a batch that someone has put together? */
  readonly batch?: boolean;
}

/** How one output is trained. */
export interface Head extends OutputMetrics {
  /** Of the output; empty where it is the only one. */
  readonly name: string;
  /** The name of the output, in any case. */
  readonly output: string;
  readonly outputShape: Dims;
  /** Of one row of targets. */
  readonly targetShape: Dims;
  readonly loss: LossRow;
  /** How the loss takes the outputs, where that makes a difference. */
  readonly reading: Reading | undefined;
  /** What its loss is multiplied by in the sum of all. */
  readonly lossWeight: number;
}

/** What `compile` decided. */
export interface Training {
  readonly optimizer: Optimizer;
  /** Of each output, in their order. */
  readonly heads: readonly Head[];
  /** States of metrics while training. */
  readonly trained: States | undefined;
  /** And while evaluating: a callback may do so within an epoch. */
  readonly evaluated: States | undefined;
}

/** Does a loss mix the rows of a batch, for all that is known? Then none must be added to them. */
export const mayMixRows = ({ heads }: Training): boolean =>
  heads.some(({ loss }) => loss.mixesRows === true);

/** Of what is measured, output by output, the losses: behind each are the metrics of its output. */
export function lossesOf<T>(measured: readonly T[], heads: readonly Head[]): T[] {
  let at = 0;
  return heads.map(({ metrics }) => {
    const loss = measured[at]!;
    at += 1 + metrics.size;
    return loss;
  });
}

/** The loss and the metrics by name. */
export type Measures = Record<string, MetricResult>;

/** Numbers by name. */
const named = (names: readonly string[], values: readonly number[]): Measures =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));

/** What training says of means, which programs measure, and of the states of metrics. */
export class Report {
  /** Names of the means: the loss and the metrics of each output in their order. */
  readonly measured: readonly string[];
  /** Of each of them: is it a loss, whose mean over a batch training programs give? Of metrics it is the sum. */
  readonly isMean: readonly boolean[];
  /** Is it said as a sum over all rows? */
  readonly isSum: readonly boolean[];
  /** Names of the numbers that are said: of several outputs also the sum of their losses. */
  readonly names: readonly string[];
  readonly states: States | undefined;
  /** Is it of one output, so that the loss comes first and is all there is to add up? */
  readonly isPlain: boolean;
  private readonly heads: readonly Head[];

  constructor(heads: readonly Head[], states: States | undefined) {
    this.heads = heads;
    this.states = states;
    this.isPlain = heads.length === 1;
    this.measured = heads.flatMap((head) =>
      ["loss", ...head.metrics.keys()].map((measure) => nameIn(head, measure)),
    );
    const flags = (isSum: boolean) =>
      heads.flatMap(({ loss, metrics }) => [
        (loss.reduction === "sum") === isSum,
        ...Array.from(metrics, () => false),
      ]);
    this.isMean = flags(false);
    this.isSum = flags(true);
    this.names = [...(this.isPlain ? [] : ["loss"]), ...this.measured, ...(states?.numbers ?? [])];
  }

  of(means: readonly number[]): Measures {
    const said = named(this.measured, means);
    if (!this.isPlain) {
      const losses = lossesOf(means, this.heads);
      const loss = this.heads.reduce((sum, { lossWeight }, i) => sum + lossWeight * losses[i]!, 0);
      return this.withStates({ loss, ...said });
    }
    return this.withStates(said);
  }

  /** Adds what the states of metrics say. */
  withStates(said: Measures): Measures {
    return this.states?.addTo(said) ?? said;
  }

  /** For callbacks: the numbers. */
  logs(said: Measures): Record<string, number> {
    return this.states?.numbersIn(said) ?? (said as Record<string, number>);
  }
}
