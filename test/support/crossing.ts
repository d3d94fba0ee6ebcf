import type * as ferrograd from "ferrograd";
import type * as diagnostics from "ferrograd/diagnostics";

/** A copy of the package, with what it can say of the health of networks. */
export type Copy = typeof ferrograd & typeof diagnostics;

/**
 * Trains in several ways with two copies that are one library: what each came to, by name, as a hash of its
 * bits or as text. It runs as text in other processes and pages, so it uses what it is given and nothing else.
 */
export function train(one: Copy, two: Copy): Record<string, string> {
  const bits = (...arrays: readonly (Float32Array | Int32Array)[]) => {
    let hash = 0x811c9dc5;
    for (const { buffer, byteOffset, byteLength } of arrays) {
      for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
        hash = Math.imul(hash ^ byte, 0x1000193);
      }
    }
    return (hash >>> 0).toString(16);
  };
  const x = one.randomNormal([24, 3], { seed: 1 }).data();
  const rows = { data: x, shape: [24, 3] };
  const labels = Int32Array.from({ length: 24 }, (_, i) => +(x[3 * i]! > 0) + +(x[3 * i + 1]! > 0));
  const said: Record<string, string> = {};

  // Layers of both, a loss, callbacks and each optimizer of the other copy.
  const { adadelta, adagrad, adam, adamW, adamax, lion, momentum, nadam, radam, rmsprop, sgd } =
    two;
  const optimizers = {
    adadelta,
    adagrad,
    adam,
    adamW,
    adamax,
    lion,
    momentum,
    nadam,
    radam,
    rmsprop,
    sgd,
  };
  for (const [name, make] of Object.entries(optimizers)) {
    const norm = two.normalization({ mean: [0, 0, 0], deviation: [1, 2, 1] });
    const layers = [norm, one.dense(6), two.activation("gelu"), two.dropout(0.2)];
    // A function of one's own, which no file holds.
    const own = name === "lion" ? [(v: ferrograd.Tensor) => two.mul(one.sin(v), 0.5)] : [];
    const model = one
      .sequential([...layers, ...own, two.dense(3), one.softmaxLayer()], {
        inputShape: [3],
        seed: 2,
      })
      .compile({
        optimizer: make({ learningRate: 0.02 }),
        loss: two.sparseCategoricalCrossentropy({ labelSmoothing: 0.1 }),
        metrics: ["accuracy"],
      });
    const stopping = two.earlyStopping({ monitor: "loss", patience: 2 });
    model.fitSync(rows, labels, { epochs: 3, batchSize: 12, callbacks: stopping });
    const measured = JSON.stringify(model.evaluate(rows, labels));
    said[name] = `${bits(...model.getWeights())} ${measured} ${stopping.bestEpoch}`;
    if (own.length === 0) {
      const loaded = two.loadModel(model.save({ includeOptimizer: true }));
      said[`${name} loaded`] = bits(loaded.predict(rows).data(), model.predict(rows).data());
      loaded.dispose();
    }
    if (name === "adam") {
      const watch = two.health();
      model.fitSync(rows, labels, { callbacks: watch });
      const last = watch.history.at(-1)!;
      said.health = JSON.stringify([last.loss, two.diagnose(model, rows, labels).layers.length]);
    }
    model.dispose();
  }

  // A loop of one's own: variables, operations, gradients of gradients and jit of both.
  const w = one.variable(two.randomNormal([3, 1], { seed: 3 }));
  const b = two.variable(one.zeros([1]));
  const optimizer = one.momentum({ learningRate: 0.05 });
  const step = two.jit((data: ferrograd.Tensor) => {
    const y = one.tanh(two.add(two.matmul(data, w), b));
    const loss = two.mean(one.square(two.sub(one.transpose(one.reshape(y, [1, -1])), 0.3)));
    const [slope] = one.grad(loss, [w]);
    const penalized = two.add(loss, one.mul(0.1, two.sum(two.square(slope!))));
    optimizer.minimize(penalized, [w, b]);
    return { penalized, slope: slope! };
  });
  const losses = Array.from({ length: 5 }, () => step(two.tensor(x, [24, 3])).penalized.data());
  said.loop = bits(w.data(), b.data(), ...losses);

  // Outside jit: lazy tensors, changed variables, probabilities whose logits are known.
  const logits = one.add(two.matmul(one.tensor(x, [24, 3]), w), b);
  const loss = two.binaryCrossentropy(one.ones([24, 1]), one.sigmoid(logits));
  said.lazy = bits(one.mean(loss).data(), two.grad(one.mean(loss), [b])[0]!.data());
  w.assign(two.fill([3, 1], 2));
  const failure = (body: () => unknown): string => {
    try {
      body();
    } catch (error) {
      const known = error instanceof one.FerrogradError && error instanceof two.FerrogradError;
      const { code, message } = error as ferrograd.FerrogradError;
      return `${known} ${error instanceof one.StateError} ${code} ${message}`;
    }
    return "no error";
  };
  said.stale = failure(() => two.add(logits, 1).data());
  said.inside = failure(() => two.jit((v: ferrograd.Tensor) => one.tensor([v.item()]))([1]));
  said.created = failure(() => two.jit(() => two.mean(one.variable([1, 2])))());
  const classes = [w instanceof two.Variable, w instanceof two.Tensor, one.isTensor(b)];
  said.classes = [
    ...classes,
    w instanceof two.Optimizer,
    optimizer instanceof two.Optimizer,
  ].join();
  w.dispose();
  said.disposed = failure(() => two.mul(w, 2));
  said.memory = String(one.memory().calls === two.memory().calls);
  return said;
}
