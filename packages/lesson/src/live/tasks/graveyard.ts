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

const BATCH = 32;

/** One hidden layer of 64 learns the digits with Adam: relu beside leakyRelu, same seed, same batches. */
export function* graveyard(input: GraveyardInput): Generator<GraveyardFrame> {
  const { train, test } = digits();
  const nets = PLOTS.map((name) => {
    const optimizer = adam({ learningRate: input.learningRate });
    const net = network({ widths: [64, UNITS, 10], activation: name, optimizer, seed: input.seed });
    return { net, watch: watcher(net) };
  });
  const x = tensor(train.x.data.slice(0, PROBE_ROWS * 64), [PROBE_ROWS, 64]);
  const frame = (step: number): GraveyardFrame => ({
    step,
    plots: nets.map(({ net, watch }) => ({
      ...countOf(watch(x)),
      accuracy: net.model.evaluate(test).accuracy,
    })),
  });
  try {
    yield frame(0);
    let step = 0;
    for (let epoch = 0; ; epoch++) {
      for (const [rows, labels] of train.shuffle(input.seed + epoch).batch(BATCH)) {
        for (const { net } of nets) net.model.trainOnBatch(rows, labels);
        step += 1;
        if (step % input.stepsPerFrame === 0) yield frame(step);
        if (step === input.steps) return;
      }
    }
  } finally {
    for (const { net, watch } of nets) {
      watch.dispose();
      net.dispose();
    }
  }
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
