import type { Callbacks, Hook } from "../callbacks/callback.ts";
import { ArgumentError, DataError, StateError } from "../errors.ts";
import type { MetricResult } from "../metrics/metric.ts";
import { isCallable, list as names } from "../options/index.ts";
import { type AnyIterator, BatchFeed } from "../training/batches.ts";
import type { Feed } from "../training/feed.ts";
import { RowsFeed } from "../training/feed.ts";
import type { FitLoop } from "../training/loop.ts";
import type { Place } from "../training/place.ts";
import { isPromise } from "../training/promise.ts";
import {
  arrays,
  count,
  DOUBLES,
  FLOATS,
  list,
  oneOf,
  record,
  text,
  truth,
  WORDS,
} from "./checks.ts";
import { fingerprint } from "./fingerprint.ts";

/** Where a call of `fit` was, with all that changes in it but the model. */
export interface SavedPlace {
  readonly at: Omit<Place, "isBetween">;
  readonly stopping: boolean;
  /** Sums over the epoch under way. */
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  /** States of metrics. */
  readonly metrics: readonly (Float32Array | Int32Array)[];
  readonly callbacks: readonly unknown[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Functions in whose midst a training can go on; others are called once more. */
const GOES_ON: readonly Hook[] = ["onEpochBegin", "onBatchEnd", "onEpochEnd"];

/** What batches may have, so that a training goes on in their midst. */
interface Replayable {
  state(): unknown;
  restore(state: unknown): void;
}

const replayable = (feed: BatchFeed): Replayable | undefined => {
  const { state, restore } = feed.source as Partial<Replayable>;
  if (!isCallable(state) || !isCallable(restore)) return undefined;
  return feed.walked as Replayable;
};

// ---- what a checkpoint holds

/** A copy of where a loop is. */
export function savedPlace(where: string, loop: FitLoop): SavedPlace {
  const { place, totals, trainer, feed, options } = loop;
  const { isBetween, calling, ...at } = place;
  if (!isBetween && feed instanceof BatchFeed && replayable(feed) !== undefined) {
    throw new StateError(
      `${where}: expected a call between two steps, got one while a batch is under way; onBatchEnd is between two`,
    );
  }
  const isKept = calling !== undefined && GOES_ON.includes(calling.hook);
  return {
    at: { ...at, calling: isKept ? { ...calling } : undefined },
    stopping: trainer.stopped(),
    sums: totals.sums.slice(),
    weights: totals.weights.slice(),
    metrics: (trainer.report.states?.variables ?? []).map((variable) => variable.data()),
    callbacks: options.callbacks.map((callback, i) => savedState(where, callback, i)),
    data: savedFeed(where, feed),
  };
}

function savedState(where: string, callback: Callbacks, i: number): unknown {
  const state = callback.state?.();
  if (!isPromise(state)) return state;
  Promise.resolve(state).catch(() => {}); // nobody waits for it
  throw new ArgumentError(`${where}: callbacks: ${i}: state: expected data, got a promise`);
}

function savedFeed(where: string, feed: Feed): SavedPlace["data"] {
  if (feed instanceof RowsFeed) {
    const { batchSize, shuffle, seed } = feed.options;
    const print = fingerprint(feed.samples);
    return {
      ...{ kind: "rows", batchSize, shuffle },
      seed: shuffle ? seed : 0,
      steps: feed.steps,
      print,
    };
  }
  if (!(feed instanceof BatchFeed)) throw new StateError(`${where}: expected rows or batches`);
  const { steps, latest } = feed;
  const print = latest && fingerprint(latest);
  return { kind: "batches", steps, print, state: replayable(feed)?.state() };
}

// ---- what a file holds, its form checked

const NEXT = ["epoch", "steps", "test", "end"] as const;

export function readPlace(where: string, saved: unknown): SavedPlace {
  const { at, stopping, sums, weights, metrics, callbacks, data } = record(where, saved);
  const place = record(`${where}: at`, at);
  const integer = (name: "initialEpoch" | "epochs" | "steps" | "batch") =>
    count(`${where}: ${name}`, place[name]);
  return {
    at: {
      initialEpoch: integer("initialEpoch"),
      epochs: integer("epochs"),
      steps: integer("steps"),
      batch: integer("batch"),
      next: oneOf(`${where}: next`, place.next, NEXT),
      calling:
        place.calling === undefined ? undefined : callingOf(`${where}: calling`, place.calling),
      said: record(`${where}: said`, place.said) as Place["said"],
      history: historyOf(`${where}: history`, place.history),
    },
    stopping: truth(`${where}: stopping`, stopping),
    sums: arrays(`${where}: sums`, sums, [DOUBLES]),
    weights: arrays(`${where}: weights`, weights, [DOUBLES]),
    metrics: list(`${where}: metrics`, metrics, (of, one) => arrays(of, one, [FLOATS, WORDS])),
    callbacks: list(`${where}: callbacks`, callbacks, (_, one) => one),
    data: record(`${where}: data`, data),
  };
}

function callingOf(where: string, saved: unknown): NonNullable<Place["calling"]> {
  const { hook, args, done } = record(where, saved);
  return {
    hook: oneOf(where, hook, GOES_ON),
    args: list(where, args, (_, one) => one),
    done: count(where, done),
  };
}

const historyOf = (where: string, saved: unknown): Place["history"] =>
  Object.fromEntries(
    Object.entries(record(where, saved)).map(([name, values]) => [
      name,
      list(where, values, (_, one) => one as MetricResult),
    ]),
  );

// ---- going on

/**
 * Puts a loop that has not begun where another one was.
 *
 * @throws ArgumentError and DataError where it is not a call of the same; StateError for batches that can't be gone on with
 */
export function goOn(loop: FitLoop, saved: SavedPlace): void {
  const where = "fit()";
  const { place, totals, trainer, options, feed } = loop;
  const { callbacks } = options;
  const states = trainer.report.states?.variables ?? [];
  if (callbacks.length !== saved.callbacks.length)
    throw differs(where, "callbacks", saved.callbacks.length, callbacks.length);
  const odd = callbacks.findIndex((one, i) => saved.callbacks[i] !== undefined && !one.restore);
  if (odd >= 0) throw differs(where, `callbacks: ${odd}`, "one with restore()", "one without");
  const sizes = [totals.sums.length, totals.weights.length, ...states.map(({ size }) => size)];
  const kept = [saved.sums, saved.weights, ...saved.metrics].map(({ length }) => length);
  if (sizes.join() !== kept.join()) throw differs(where, "metrics", `[${kept}]`, `[${sizes}]`);
  const { steps, ...at } = saved.at;
  goOnWith(where, feed, saved, at.initialEpoch + at.epochs + 1);
  Object.assign(place, at, { steps, isBetween: true });
  totals.sums.set(saved.sums);
  totals.weights.set(saved.weights);
  states.forEach((variable, i) => void variable.set(saved.metrics[i]!));
  callbacks.forEach((callback, i) => {
    if (saved.callbacks[i] !== undefined) callback.restore?.(saved.callbacks[i]);
  });
  if (saved.stopping) trainer.model.stop();
}

const differs = (where: string, what: string, expected: unknown, got: unknown) =>
  new ArgumentError(
    `${where}: ${what}: expected ${expected}, as in the checkpoint, got ${got}; resume() is for the same call of fit`,
  );

function goOnWith(where: string, feed: Feed, { at, data }: SavedPlace, epoch: number): void {
  const isRows = feed instanceof RowsFeed;
  const kind = isRows ? "rows" : "batches";
  if (data.kind !== kind) throw differs(where, "data", text(where, data.kind), kind);
  if (isRows) {
    const own = savedFeed(where, feed);
    for (const name of ["batchSize", "shuffle", "seed", "steps"]) {
      if (own[name] !== data[name]) throw differs(where, name, data[name], own[name]);
    }
    if (own.print !== data.print) throw otherData(where, "rows");
    if (at.next === "steps") feed.begin(epoch, at.batch);
    return;
  }
  if (!(feed instanceof BatchFeed)) return;
  if (feed.steps !== data.steps)
    throw differs(where, "stepsPerEpoch", String(data.steps), String(feed.steps));
  const isInside = at.next === "steps";
  const opened = feed.steps === undefined ? epoch : at.initialEpoch + 1;
  const to = { epoch, batch: isInside ? at.batch : 0, opened };
  const source = replayable(feed);
  if (source !== undefined && data.state !== undefined) {
    source.restore(data.state);
    if (isInside) feed.goOn(to, (iterator) => iterator);
    return;
  }
  const left = feed.steps === undefined ? to.batch : at.steps;
  if (left === 0 && !isInside) return;
  feed.goOn(to, (iterator, isOwn) => {
    if (isOwn && left > 0) throw cannotReplay(where);
    return skipping(where, feed, iterator, left, data.print);
  });
}

const otherData = (where: string, what: string) =>
  new DataError(`${where}: data: expected the ${what} of the checkpoint, got others`);

const cannotReplay = (where: string) =>
  new StateError(
    `${where}: data: expected batches that resume() can go on with, which are ${names([
      "rows",
      "an array",
      "an iterable that begins anew",
      "a function that gives one",
      "what has state() and restore()",
    ])}, got a generator that can be walked through once`,
  );

/** The iterator without its first values, of which the last must be what it was. */
function skipping(
  where: string,
  feed: BatchFeed,
  iterator: AnyIterator,
  count: number,
  print: unknown,
): AnyIterator {
  let left = count;
  const skip = ({ done, value }: IteratorResult<unknown>) => {
    const at = count - left + 1;
    if (done) {
      const got = `${at - 1}, fewer than before the checkpoint`;
      throw new DataError(`${where}: data: expected at least ${count} batches, got ${got}`);
    }
    left--;
    if (left === 0 && fingerprint(feed.samplesOf(value)) !== print)
      throw otherData(where, "batches");
  };
  const next = (): IteratorResult<unknown> | Promise<IteratorResult<unknown>> => {
    while (left > 0) {
      const given = iterator.next();
      if (isPromise(given)) {
        return Promise.resolve(given).then((result) => {
          skip(result);
          return next();
        });
      }
      skip(given);
    }
    return iterator.next();
  };
  return { next, return: () => iterator.return?.() } as AnyIterator;
}
