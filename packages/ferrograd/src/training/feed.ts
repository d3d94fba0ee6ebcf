import { shuffledByCore } from "../engine/order.ts";
import { ArgumentError } from "../errors.ts";
import { SHUFFLE_STREAM } from "../values/philox.ts";
import { checkThere, type Samples } from "./samples.ts";

/** Rows of one step: consecutive ones, or those that `order` names. */
export interface Cut {
  readonly samples: Samples;
  readonly begin: number;
  readonly end: number;
  readonly order: Uint32Array | undefined;
}

/** Where the batches of a `fit` come from. */
export interface Feed {
  /** All rows, where they are there from the beginning. */
  readonly samples: Samples | undefined;
  /** Steps of an epoch, where that is known before its end. */
  readonly steps: number | undefined;
  /** An epoch begins. */
  begin(epoch: number): void;
  /** The rows of the next step, undefined at the end of the epoch; what must be waited for comes as a promise. */
  next(): Cut | undefined | PromiseLike<Cut | undefined>;
  /** Nothing more is wanted. */
  close(): void;
}

/** How rows are cut into batches. */
export interface RowsOptions {
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly stepsPerEpoch: number | undefined;
}

/** Rows that are there, in a new order each epoch. */
export class RowsFeed implements Feed {
  readonly samples: Samples;
  readonly steps: number;
  /** @internal */
  readonly options: RowsOptions;
  private order: Uint32Array | undefined;
  private at = 0;

  constructor(samples: Samples, options: RowsOptions) {
    const rows = samples.x.shape[0]!;
    const batches = Math.ceil(rows / options.batchSize);
    const { stepsPerEpoch: steps = batches } = options;
    if (steps > batches) {
      throw new ArgumentError(
        `fit(): stepsPerEpoch: expected at most ${batches}, the batches of ${rows} rows, got ${steps}`,
      );
    }
    this.samples = samples;
    this.steps = steps;
    this.options = options;
  }

  /** @param batch steps of it that are done */
  begin(epoch: number, batch = 0): void {
    const { shuffle, seed } = this.options;
    const rows = this.samples.x.shape[0]!;
    this.order = shuffle ? shuffledByCore(rows, seed, SHUFFLE_STREAM, epoch) : undefined;
    this.at = batch;
  }

  next(): Cut | undefined {
    const { at, samples, order } = this;
    if (at === this.steps) return undefined;
    checkThere(samples);
    const begin = at * this.options.batchSize;
    this.at++;
    const end = Math.min(begin + this.options.batchSize, samples.x.shape[0]!);
    return { samples, begin, end, order };
  }

  close(): void {}
}
