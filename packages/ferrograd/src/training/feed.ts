import { shuffledByCore } from "../engine/order.ts";
import { ArgumentError } from "../errors.ts";
import { SHUFFLE_STREAM } from "../values/philox.ts";
import {
  checkThere,
  type Packed,
  packed,
  type Samples,
  type Target,
  takeWords,
} from "./samples.ts";

/** Rows of one step, until the next one is asked for. */
export interface Cut {
  /** What they are from. */
  readonly samples: Samples;
  readonly rows: number;
  /** Copies them into all inputs of a program. */
  fill(program: Fillable): void;
}

/** A program's inputs, in their order: of a model, its targets, and how much the rows count. */
export interface Fillable {
  readonly inputs: readonly Target[];
  inputView(index: number): Float32Array | Int32Array;
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

/** Rows that are there, in a new order each epoch. It is its own cut, which moves on: a step makes no objects. */
export class RowsFeed implements Feed, Cut {
  readonly samples: Samples;
  readonly steps: number;
  /** @internal */
  readonly options: RowsOptions;
  rows = 0;
  private readonly packed: Packed[] = [];
  private order: Uint32Array | undefined;
  private first = 0;
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
    // No `map`, from which engines make an array of another kind once they have compiled it, and steps anew for that.
    for (const rows of samples.all) this.packed.push(packed(rows));
  }

  /** @param batch steps of it that are done */
  begin(epoch: number, batch = 0): void {
    const { shuffle, seed } = this.options;
    const rows = this.samples.x.shape[0]!;
    this.order = shuffle ? shuffledByCore(rows, seed, SHUFFLE_STREAM, epoch) : undefined;
    this.at = batch;
  }

  next(): Cut | undefined {
    if (this.at === this.steps) return undefined;
    checkThere(this.samples, this.packed);
    const { batchSize } = this.options;
    this.first = this.at++ * batchSize;
    this.rows = Math.min(batchSize, this.samples.x.shape[0]! - this.first);
    return this;
  }

  fill(program: Fillable): void {
    const { packed, first, rows, order } = this;
    for (let i = 0; i < packed.length; i++) {
      takeWords(program.inputs[i]!, packed[i]!, first, rows, order);
    }
  }

  close(): void {}
}
