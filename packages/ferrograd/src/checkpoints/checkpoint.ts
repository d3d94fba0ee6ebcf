import { StateError } from "../errors.ts";
import { type AnyModel, type Model, modelOf } from "../model/model.ts";
import { bytesOf } from "../options/index.ts";
import { record } from "./checks.ts";
import { pack, unpack } from "./pack.ts";
import { goOn, readPlace, type SavedPlace, savedPlace } from "./place.ts";
import { putBack, readSnapshot, snapshot } from "./snapshot.ts";

/** A compiled model, whatever it takes and gives. */
type Compiled = Pick<Model<never>, "compile" | "fit">;

/**
 * All that a training goes on from, as bytes: weights, the optimizer's state and numbers, counters of steps and of random
 * numbers; in `fit` (from a callback, in `train`, or while it gives way) also the place in the epoch, sums and states of
 * metrics, `history`, and what callbacks say by `state()`. Layers, losses and data are not in it: `resume` gives it
 * to a model that is made and compiled by the same code. `model.save()` makes a file of a model instead.
 *
 * @example
 * const files: Uint8Array[] = [];
 * const onEpochEnd = () => files.push(checkpoint(model));
 * await model.fit(x, y, { epochs: 3, callbacks: { onEpochEnd } });
 *
 * @throws StateError before `compile`, and while a batch is under way of data that have `state()`; ArgumentError where a
 * callback or the data give a state that no file can hold
 */
export function checkpoint(model: Compiled): Uint8Array<ArrayBuffer> {
  const where = "checkpoint()";
  const made = modelOf(where, model as unknown as AnyModel);
  const { life } = made;
  const { progress } = life.trainerFor(where);
  const taken = snapshot(where, made);
  const place =
    life.loop === undefined || progress.resume !== undefined
      ? progress.resume?.place
      : savedPlace(where, life.loop);
  return pack(where, { model: taken, place });
}

/**
 * Makes a model what it was when `checkpoint` was called. Where that was in `fit`, the next `fit` is that call: with the same
 * data, options and callbacks it goes on in the middle of the epoch, its `history` is whole, its `epochs` are those of the
 * call from its beginning, and its bits those of one that was never interrupted. Also in `onTrainBegin`.
 *
 * `fit` goes on with rows, arrays, iterables that begin anew and functions of an epoch, whose first batches it leaves
 * out, and with what has `state()` and `restore(state)`, as the pipelines of `ferrograd/data`.
 *
 * @example
 * const bytes = checkpoint(model);
 * resume(model, bytes); // in this process or in another one
 * await model.fit(x, y, { epochs: 3 });
 *
 * @throws FormatError for other bytes, ArgumentError for a model that is another or compiled otherwise, before
 * anything changes; StateError in `fit` after its first step; from `fit` for other data, options and callbacks, and
 * for a generator that can be walked through once
 */
export function resume(model: Compiled, bytes: Uint8Array): void {
  const where = "resume()";
  const made = modelOf(where, model as unknown as AnyModel);
  const { life } = made;
  const { progress } = life.trainerFor(where);
  if (life.loop?.stands) life.checkIdle(where);
  if (life.loop?.hasBegun) {
    throw new StateError(
      `${where}: expected a model that is not training, got one in fit(); call it before, or in onTrainBegin`,
    );
  }
  const saved = record(where, unpack(where, bytesOf(where, bytes)));
  const snapped = readSnapshot(where, saved.model);
  const place = saved.place === undefined ? undefined : readPlace(where, saved.place);
  putBack(where, made, snapped);
  progress.resume = place && going(place);
}

const going = (place: SavedPlace) => ({
  place,
  into: (loop: Parameters<typeof goOn>[0]) => goOn(loop, place),
});
