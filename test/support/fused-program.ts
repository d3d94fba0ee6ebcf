/** What ferrograd/fused gives, as one line of JSON; a saved model comes as the first argument, a worker's file as the second. */
import { Worker } from "node:worker_threads";
import { loadModel, numerics, numericsVersion } from "ferrograd/fused";
import { inWorker } from "ferrograd/worker";
import { bothHashes, trained, trainedHash } from "./determinism.ts";
import { blobs, weightsHash } from "./model.ts";

const [, , file, thread] = process.argv;
const { x, y } = blobs(64);

async function goesOn(): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => warnings.push(text);
  using model = loadModel(Buffer.from(file!, "base64"));
  await model.fit(x, y, { epochs: 1 });
  console.warn = warn;
  return warnings;
}

/** The same training here and in a worker whose file has the default core. */
async function elsewhere(): Promise<boolean> {
  using model = trained();
  using there = await inWorker(trained(), { worker: () => new Worker(new URL(thread!)) });
  await model.fit(x, y, { epochs: 2 });
  await there.fit(x, y, { epochs: 2 });
  return (await weightsHash(model)) === (await weightsHash(loadModel(await there.save())));
}

using model = loadModel(Buffer.from(file!, "base64"));
console.log(
  JSON.stringify({
    numerics: numerics(),
    numericsVersion,
    predicted: Array.from(model.predict(x).data()),
    first: await trainedHash(),
    warnings: await goesOn(),
    saved: Buffer.from(trained().save({ includeOptimizer: true })).toString("base64"),
    sameInWorker: await elsewhere(),
    hashes: await bothHashes(),
  }),
);
