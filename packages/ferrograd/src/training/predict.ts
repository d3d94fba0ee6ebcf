import type { Tensor } from "../graph/tensor.ts";
import { type Batches, BatchFeed, isBatches } from "./batches.ts";
import { checkInputs, ofBatches } from "./data.ts";
import { isDataset } from "./given.ts";
import type { Port } from "./heads.ts";
import { predicting, predictRows, settled } from "./measure.ts";
import type { Programs } from "./programs.ts";
import { samplesOf } from "./samples.ts";

/** What predicts: it may be compiled anew, and is refused where it is gone. */
interface Predicts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  programs(where: string): Programs;
  /** The outputs in the form that they have. */
  formed(outputs: readonly Tensor[]): unknown;
}

/** The outputs for rows, for x of a data set, or for x of batches that come one after the other. */
export function predictGiven(model: Predicts, given: unknown): unknown {
  const where = "predict()";
  const { inputs, outputs } = model;
  const programs = () => model.programs(where);
  const now = programs();
  if (typeof given !== "object" || !isBatches(given, false)) {
    const rows = checkInputs(`${where}: x`, ofDataset(given, inputs), inputs);
    return model.formed(predictRows(now, rows, outputs));
  }
  const ports = ofBatches(inputs);
  const feed = new BatchFeed(`${where}: data`, given as Batches, undefined, (at, batch) => {
    const x: unknown = Array.isArray(batch) ? batch[0] : ofDataset(batch, inputs);
    return samplesOf(checkInputs(`${at}: x`, x, ports), [], []);
  });
  feed.begin(0);
  return settled(predicting(feed, programs, model));
}

/** x of a data set, unless it is an object of inputs that have these names. */
const ofDataset = (given: unknown, inputs: readonly Port[]): unknown =>
  isDataset(given) && !(inputs.length > 1 && inputs.every(({ name }) => name in given))
    ? given.x
    : given;
