import type { Cut, Feed } from "./feed.ts";
import type { Measures } from "./heads.ts";
import { type Evaluation, measuring } from "./measure.ts";
import type { Pending } from "./place.ts";
import { isPromise } from "./promise.ts";

/** What only validates, after each so many epochs of a run of `fit`. */
export class Validation {
  private readonly feed: Feed;
  private readonly every: number;
  private hasPeeked = false;
  private peeked: Cut | undefined;

  constructor(feed: Feed, every: number) {
    this.feed = feed;
    this.every = every;
  }

  isDueAfter(epochs: number): boolean {
    return epochs % this.every === 0;
  }

  /** Asks once for the first batch, if one of the epochs to come validates: what is wrong with it is said before a step. */
  *peek(done: number, epochs: number, initialEpoch: number): Generator<Pending, void, unknown> {
    const { feed, every, hasPeeked } = this;
    this.hasPeeked = true;
    const due = Math.ceil((done + 1) / every) * every;
    if (hasPeeked || feed.samples !== undefined || due > epochs) return;
    feed.begin(initialEpoch + due);
    const cut = feed.next();
    this.peeked = (isPromise(cut) ? yield { of: "validationData", promise: cut } : cut) as Cut;
  }

  /** What is measured of all that validates. */
  *measures(epoch: number, evaluation: Evaluation): Generator<Pending, Measures, unknown> {
    const { feed, peeked } = this;
    if (peeked === undefined) feed.begin(epoch);
    this.peeked = undefined;
    return yield* measuring(feed, evaluation, peeked);
  }

  close(): void {
    this.feed.close();
  }
}
