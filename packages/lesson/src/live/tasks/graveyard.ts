import { adam, grad, jit, sum, type Tensor, tensor } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { type Network, network } from "../../network.ts";
import {
  type GraveyardFrame,
  type GraveyardInput,
  PLOTS,
  PROBE_ROWS,
  UNITS,
} from "../frames/graveyard.ts";
import { race } from "./race.ts";

/** One hidden layer of 64 learns the digits with Adam: relu beside leakyRelu, same seed, same batches. */
export function* graveyard(input: GraveyardInput): Generator<GraveyardFrame> {
  const { learningRate, seed } = input;
  const rows = digits().train.x.data.slice(0, PROBE_ROWS * 64);
  const x = tensor(rows, [PROBE_ROWS, 64]);
  const racers = PLOTS.map((name) => {
    const optimizer = adam({ learningRate });
    const net = network({ widths: [64, UNITS, 10], activation: name, optimizer, seed });
    const watch = watcher(net);
    return { net, look: () => countOf(watch(x)), dispose: () => watch.dispose() };
  });
  yield* race(racers, input);
}

/** What goes into the hidden layer's activation, and the slope there: both (rows, units). */
function watcher({ hidden: [layer] }: Network) {
  return jit((x: Tensor) => {
    const z = layer!.dense(x);
    return { z, slope: grad(sum(layer!.activation(z)), [z])[0]! };
  });
}

function countOf({ z, slope }: { readonly z: Tensor; readonly slope: Tensor }) {
  const active = new Float32Array(UNITS);
  const alive = new Set<number>();
  z.data().forEach((v, at) => {
    if (v > 0) active[at % UNITS]! += 1 / PROBE_ROWS;
  });
  slope.data().forEach((v, at) => {
    if (v !== 0) alive.add(at % UNITS);
  });
  const dead = Array.from({ length: UNITS }, (_, unit) => unit).filter((unit) => !alive.has(unit));
  return { active, dead };
}
