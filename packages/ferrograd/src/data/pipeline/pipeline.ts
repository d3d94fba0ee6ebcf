import { ArgumentError, StateError } from "../../errors.ts";
import {
  boolean,
  callable,
  checkOptions,
  isPlain,
  listOf,
  nonNegativeInteger,
  positiveInteger,
  show,
} from "../../options/index.ts";
import type { BatchOptions } from "../dataset.ts";
import { type Batched, collate, collated } from "./collate.ts";
import { type Items, type Pass, type Stage, type View, Wait } from "./items.ts";
import { type PaddedBatchOptions, paddingOf } from "./padding.ts";
import { type Iteration, Passes } from "./passes.ts";
import { cached, prefetched } from "./stages/ahead.ts";
import { batched, filtered, mapped } from "./stages/elements.ts";
import { repeated, shuffledItems, skipped, taken } from "./stages/order.ts";
import { concatenated } from "./stages/together.ts";

/** Where a pipeline is, as plain data that JSON holds. */
export interface PipelineState {
  /** What the pipeline is made of: only one of the same takes the state. */
  readonly pipeline: string;
  /** Passes before this one. */
  readonly pass: number;
  /** Elements that this pass has given. */
  readonly taken: number;
  /** Of each `cache()`: the pass whose elements it keeps, or null before it has any. */
  readonly cached?: readonly (number | null)[];
}

/** The stages that keep items, from the first one on. */
function keeping(stage: Stage<unknown>): Stage<unknown>[] {
  const before = (stage.from ?? []).flatMap(keeping);
  return "kept" in stage ? [...before, stage] : before;
}

const passOf = ({ number }: Iteration): Pass => ({ number, closing: [] });

/** The pass that a cache is of. */
const passOrNone = (where: string, name: string, value: unknown) =>
  value === null ? undefined : nonNegativeInteger(where, name, value);

/**
 * Elements on their way to a training, one after the other: read, changed, shuffled and put into batches as they are
 * asked for, so that files may be larger than the memory. Made by `fromArrays`, `fromCsv`, `fromJsonLines`,
 * `fromGenerator` or `zip`; each method gives another pipeline and leaves this one as it is. `fit` takes one whose
 * elements are batches. Like `tf.data.Dataset`.
 *
 * It can be walked through any number of times, with `for await`, or with `for` where nothing is to be waited for. Two
 * walks at once know nothing of each other, and each of two trainings at once is as if it were alone; who leaves one early
 * closes its files and generators. Equal pipelines give equal elements in every runtime: the orders of the first pass, of
 * the second and so on come from seeds; the next training goes on where the last one ended. `state()` says
 * how far the walk begun last has come; after `restore` of it the next walk goes on there. What lies before is not
 * read again where it can be left out, which `map` and `batch` can, `filter` and files can't: functions must not depend on
 * what they were called with before.
 *
 * @example
 * const batches = fromArrays([[1], [2], [3], [4]], [1, 4, 9, 16]).shuffle(1).batch(2);
 * for (const [x, y] of batches) step(x, y);
 * batches.state().pass // 1
 */
export class Pipeline<T> implements AsyncIterable<T>, Iterable<T> {
  private readonly stage: Stage<unknown>;
  private readonly view: View<unknown, T>;
  private readonly passes: Passes;
  private readonly trainings = new Map<object, Pipeline<T>>();

  /** @internal */
  constructor(
    stage: Stage<never> | Stage<unknown>,
    view: View<never, T> | View<unknown, T>,
    passes = new Passes(),
  ) {
    if (typeof stage !== "object" || typeof view !== "object") {
      throw new ArgumentError(
        `Pipeline: expected to be made by fromArrays(), fromCsv(), fromJsonLines() or fromGenerator(), got ${show(stage)}`,
      );
    }
    this.stage = stage as Stage<unknown>;
    this.view = view as View<unknown, T>;
    this.passes = passes;
  }

  /** Elements of a pass, where that is known before it: not of files and generators, nor behind `filter`. */
  get size(): number | undefined {
    return this.stage.size;
  }

  /**
   * f of each element and its place in the pass; promises are waited for, one after the other.
   *
   * @throws while it is walked through, DataError `map(): element 17: ...` where f throws, whose cause is that error
   */
  map<const U>(f: (element: T, index: number) => U | PromiseLike<U>): Pipeline<U> {
    callable("map()", "f", f);
    return new Pipeline<U>(mapped(this.stage, this.view, f), collated);
  }

  /** The elements that the predicate takes; it may return promises. */
  filter<U extends T>(predicate: (element: T, index: number) => element is U): Pipeline<U>;
  filter(predicate: (element: T, index: number) => unknown): Pipeline<T>;
  filter(predicate: (element: T, index: number) => unknown): Pipeline<T> {
    callable("filter()", "predicate", predicate);
    return this.of(filtered(this.stage, this.view, predicate));
  }

  /**
   * The elements in a random order, another one in each pass, which the seed decides. All are held for it; with
   * `bufferSize` that many at a time, of which one is drawn and the next put in its place.
   *
   * @throws ArgumentError where it isn't known how many there are, and no `bufferSize` is given
   */
  shuffle(seed: number, bufferSize?: number): Pipeline<T> {
    const where = "shuffle()";
    nonNegativeInteger(where, "seed", seed);
    if (bufferSize !== undefined) positiveInteger(where, "bufferSize", bufferSize);
    else if (this.size === undefined) {
      throw new ArgumentError(
        `${where}: bufferSize: expected a positive integer, as it isn't known how many elements there are, got ${show(bufferSize)}`,
      );
    }
    return this.of(shuffledItems(this.stage, seed, bufferSize));
  }

  /**
   * `size` elements at a time as rows: of elements [x, y] a list [x, y], of objects an object, of numbers and arrays
   * `{ data, shape }`, with the rows first. Rows of arrays keep their type (classes int32); other numbers become float32.
   *
   * @throws DataError while it is walked through, for elements of different shapes
   */
  batch(size: number, options: BatchOptions = {}): Pipeline<Batched<T>> {
    const where = "batch()";
    positiveInteger(where, "size", size);
    checkOptions(where, options, ["dropLast"]);
    const dropLast = boolean(where, "dropLast", options.dropLast ?? false);
    const batch = (items: readonly unknown[], at: number) => this.view.batch(where, items, at);
    const name = `batch(${size}${dropLast ? ", dropLast" : ""})`;
    return new Pipeline<Batched<T>>(batched(this.stage, name, size, dropLast, batch), collated);
  }

  /**
   * As `batch`, for sequences of different lengths: the first axis of arrays is filled up to the longest of the batch, or
   * to `length`. Numbers stay as they are.
   *
   * @throws DataError while it is walked through, for what is longer than `length`
   */
  paddedBatch(size: number, options: PaddedBatchOptions = {}): Pipeline<Batched<T>> {
    const where = "paddedBatch()";
    positiveInteger(where, "size", size);
    const { stack, text, dropLast } = paddingOf(where, options);
    const name = `paddedBatch(${size}, ${text}${dropLast ? ", dropLast" : ""})`;
    const batch = (items: readonly unknown[], at: number) => {
      const elements = items.map((item) => this.view.element(item));
      return collate(where, elements, at, stack);
    };
    return new Pipeline<Batched<T>>(batched(this.stage, name, size, dropLast, batch), collated);
  }

  /** The elements `count` times, or without end; what is shuffled before it has another order each time. */
  repeat(count: number = Number.POSITIVE_INFINITY): Pipeline<T> {
    if (count !== Number.POSITIVE_INFINITY) positiveInteger("repeat()", "count", count);
    return this.of(repeated(this.stage, count));
  }

  /** The first `count` elements, or all where there are fewer. */
  take(count: number): Pipeline<T> {
    return this.of(taken(this.stage, nonNegativeInteger("take()", "count", count)));
  }

  /** The elements after the first `count`. */
  skip(count: number): Pipeline<T> {
    return this.of(skipped(this.stage, nonNegativeInteger("skip()", "count", count)));
  }

  /**
   * Keeps the elements of the first pass that comes to its end, in their order, for those after it. A state says which pass
   * it was: after `restore` in another process they are made again from it.
   */
  cache(): Pipeline<T> {
    return this.of(cached(this.stage));
  }

  /** Asks for `count` elements before they are wanted, so that what waits for them goes on while a model trains. */
  prefetch(count = 1): Pipeline<T> {
    return this.of(prefetched(this.stage, positiveInteger("prefetch()", "count", count)));
  }

  /** These elements, then those of the other. */
  concatenate(other: Pipeline<T>): Pipeline<T> {
    if (!(other instanceof Pipeline)) {
      throw new ArgumentError(`concatenate(): expected a pipeline, got ${show(other)}`);
    }
    return new Pipeline<T>(concatenated(this.elements, other.elements), collated);
  }

  /** How far the walk begun last has come; between walks, where the next one begins. */
  state(): PipelineState {
    const at = this.passes.state();
    const cached = keeping(this.stage).map(({ kept }) => kept ?? null);
    return { pipeline: this.stage.text, ...at, ...(cached.length > 0 && { cached }) };
  }

  /**
   * Makes the next walk go on where a state was taken, of this pipeline or of an equal one in another process.
   *
   * @throws ArgumentError for anything else; nothing has changed then
   */
  restore(state: unknown): void {
    const where = "restore()";
    if (!isPlain(state)) {
      throw new ArgumentError(`${where}: expected what state() returned, got ${show(state)}`);
    }
    if (state.pipeline !== this.stage.text) {
      const got = show(state.pipeline);
      throw new ArgumentError(
        `${where}: expected the state of ${show(this.stage.text)}, got ${got}`,
      );
    }
    const pass = nonNegativeInteger(where, "pass", state.pass);
    const begin = nonNegativeInteger(where, "taken", state.taken);
    const stages = keeping(this.stage);
    const cached = listOf(where, "cached", state.cached ?? stages.map(() => null), passOrNone);
    if (cached.length !== stages.length) {
      throw new ArgumentError(
        `${where}: cached: expected ${stages.length} passes, got ${cached.length}`,
      );
    }
    stages.forEach((one, i) => {
      one.kept = cached[i];
    });
    this.passes.restore(pass, begin);
  }

  /** @internal The same for a training, which counts its passes by itself until it has left. */
  walkedBy(training: object): Pipeline<T> {
    const { trainings, passes } = this;
    const own =
      trainings.get(training) ??
      new Pipeline<T>(this.stage, this.view, passes.apart(trainings.size === 0));
    trainings.set(training, own);
    return own;
  }

  /** @internal */
  leftBy(training: object): void {
    this.trainings.delete(training);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.walkAsync(this.passes.next());
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.walkSync(this.passes.next());
  }

  private async *walkAsync(iteration: Iteration): AsyncGenerator<T, void, undefined> {
    const pass = passOf(iteration);
    try {
      for (const item of this.stage.items(pass, iteration.taken)) {
        if (item instanceof Wait) {
          await item.over();
          continue;
        }
        iteration.taken++;
        yield this.view.element(item);
      }
    } finally {
      iteration.over = true;
      await Promise.all(pass.closing);
    }
  }

  private *walkSync(iteration: Iteration): Generator<T, void, undefined> {
    const pass = passOf(iteration);
    try {
      for (const item of this.stage.items(pass, iteration.taken)) {
        if (item instanceof Wait) {
          item.over();
          throw new StateError(
            "Pipeline: expected `for await`, as there is something to wait for, got `for`",
          );
        }
        iteration.taken++;
        yield this.view.element(item);
      }
    } finally {
      iteration.over = true;
      for (const closing of pass.closing) closing.then(undefined, () => {}); // nobody waits for it
    }
  }

  /** @internal Its items as elements, for what takes items of several pipelines. */
  get elements(): Stage<T> {
    const { stage, view } = this;
    return {
      text: stage.text,
      from: [stage],
      size: stage.size,
      *items(pass, begin): Items<T> {
        for (const item of stage.items(pass, begin)) {
          yield item instanceof Wait ? item : view.element(item);
        }
      },
    };
  }

  /** @internal Its parts, for `zip`. */
  get parts(): { readonly stage: Stage<unknown>; readonly view: View<unknown, T> } {
    return { stage: this.stage, view: this.view };
  }

  private of(stage: Stage<unknown>): Pipeline<T> {
    return new Pipeline<T>(stage, this.view);
  }
}
