import type { Transform } from "../transform.ts";
import { accumulateGradients } from "./accumulate.ts";
import { type AverageOptions, averageWeights } from "./average.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./clip.ts";
import { addDecayedWeights, type DecayedWeightsOptions } from "./decay.ts";
import { type LookaheadOptions, lookahead } from "./lookahead.ts";
import { layerRates } from "./rates.ts";

type Config = Readonly<Record<string, unknown>>;

/** Every transform by its name, from its saved options, which it checks; only `loadModel` imports this. */
export const transformRegistry: ReadonlyMap<string, (options: Config) => Transform> = new Map<
  string,
  (options: Config) => Transform
>([
  ["clipByValue", ({ value }) => clipByValue(value as number)],
  ["clipByNorm", ({ norm }) => clipByNorm(norm as number)],
  ["clipByGlobalNorm", ({ norm }) => clipByGlobalNorm(norm as number)],
  [
    "addDecayedWeights",
    ({ weightDecay, ...rest }) =>
      addDecayedWeights(weightDecay as number, rest as DecayedWeightsOptions),
  ],
  ["layerRates", ({ rates }) => layerRates(rates as Record<string, number>)],
  ["accumulateGradients", ({ steps }) => accumulateGradients(steps as number)],
  ["averageWeights", (options) => averageWeights(options as AverageOptions)],
  ["lookahead", (options) => lookahead(options as LookaheadOptions)],
]);
