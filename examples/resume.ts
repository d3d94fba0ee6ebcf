// A training that is broken off goes on where it was, with the bits of one that never was. Run it again and it goes on.
import { adam, backupAndRestore, dense, dropout, type Store, sequential } from "ferrograd";
import { iris } from "ferrograd/datasets";

// In Node `fileStore("checkpoints")` keeps files, in a page `indexedDbStore()`; this one lasts as long as the program.
const files = new Map<string, Uint8Array>();
const store: Store = {
  read: (name) => files.get(name),
  write: (name, bytes) => void files.set(name, bytes),
  delete: (name) => void files.delete(name),
};

/** The whole program, as it is begun each time; it "crashes" after some step. */
async function program(store: Store, crashAfter = Number.POSITIVE_INFINITY): Promise<string> {
  using model = sequential([dense(16, { activation: "relu" }), dropout(0.2), dense(3)], {
    inputShape: [4],
    seed: 1,
  }).compile({ optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy" });
  const crash = {
    onBatchEnd(step: number) {
      if (step === crashAfter) throw new Error(`crashed after step ${step}`);
    },
  };
  const { history, steps } = await model.fit(iris().train, {
    epochs: 10,
    callbacks: [backupAndRestore(store, { every: 5 }), crash],
  });
  const sum = model.getWeights().reduce((sum, values) => values.reduce((s, v) => s + v, sum), 0);
  return `${steps} steps, last loss ${history.loss.at(-1)}, sum of weights ${sum}`;
}

for (const step of [13, 29])
  await program(store, step).catch(({ message }) => console.log(message));
console.log(`gone on with:      ${await program(store)}`);
const never: Store = { read: () => undefined, write: () => {}, delete: () => {} };
console.log(`never broken off:  ${await program(never)}`);
