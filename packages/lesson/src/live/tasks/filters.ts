import { digits } from "ferrograd/datasets";
import { convolutional, filterWatcher } from "../../convolutional.ts";
import { FILTERS } from "../frames/filters.ts";
import { type GraveyardFrame, type GraveyardInput, PROBE_ROWS } from "../frames/graveyard.ts";
import { race } from "./race.ts";

/** Three convolutions learn the digits with Adam: without batch normalization and with it, same seed, same batches. */
export function* filters(input: GraveyardInput): Generator<GraveyardFrame> {
  const { learningRate, seed } = input;
  const { x } = digits().train.slice(0, PROBE_ROWS);
  const racers = [false, true].map((batchNormalization) => {
    const options = { filters: FILTERS, activation: "relu", learningRate, seed } as const;
    const net = convolutional({ ...options, batchNormalization });
    const { watch, dispose } = filterWatcher(net);
    const look = () => {
      const active = watch(x);
      const dead = Array.from(active.keys()).filter((filter) => active[filter] === 0);
      return { active, dead };
    };
    return { net, look, dispose };
  });
  yield* race(racers, input);
}
