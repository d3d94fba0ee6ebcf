import { dense, sequential, sgd } from "ferrograd";
import { health } from "ferrograd/diagnostics";
import { uniform } from "../random.ts";
import type { Session, WatchedSpec } from "../types.ts";

let last: Float32Array = new Float32Array(0);

/** Random numbers; those of the last time, where as many are asked for: they may be many. */
function numbers(count: number): Float32Array {
  if (last.length !== count) last = uniform(1, count);
  return last;
}

/** `fitSync` of a relu network on random rows, with the callback or without. */
export function fitWatched({ units, rows, epochs, batchSize, every }: WatchedSpec): Session {
  const classes = units[units.length - 1];
  const layers = units.slice(1).map((out, index) => {
    return dense(out, { activation: index === units.length - 2 ? "linear" : "relu" });
  });
  const model = sequential(layers, { inputShape: [units[0]], seed: 1 }).compile({
    optimizer: sgd({ learningRate: 0.01 }),
    loss: "sparseCategoricalCrossentropy",
  });
  const x = { data: numbers(rows * units[0]), shape: [rows, units[0]] };
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const callbacks = () => {
    if (every === "never") return undefined;
    return every === "nothing" ? {} : health({ every });
  };
  return {
    run: () =>
      model.fitSync(x, y, { epochs, batchSize, callbacks: callbacks() }).history.loss[epochs - 1],
    dispose: () => model.dispose(),
  };
}
