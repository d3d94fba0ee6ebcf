import type { FitRun } from "../callbacks/callback.ts";
import { ArgumentError } from "../errors.ts";
import { Model } from "../model/model.ts";
import { show } from "../options/index.ts";

/** The model of a `fit`, whole. */
export function modelOfRun(where: string, { model }: FitRun): Model<never> {
  if (model instanceof Model) return model as Model<never>;
  throw new ArgumentError(
    `${where}: expected the model of a fit of this version, got ${show(model)}`,
  );
}
