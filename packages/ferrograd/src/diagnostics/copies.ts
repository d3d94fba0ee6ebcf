import { FerrogradError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { withRow } from "../losses/loss.ts";
import { compileSaved, loadModel, type OwnHead, rebuildModel } from "../model/load.ts";
import type { Model } from "../model/model.ts";
import { type LoadOptions, makersOf } from "../model/registries.ts";
import { architecture } from "../model/save.ts";
import type { SavedModel } from "../model/schema.ts";
import { chain } from "../optimizers/chain.ts";
import { clipByGlobalNorm } from "../optimizers/transforms/clip.ts";
import { schedule } from "../schedules/schedule.ts";
import { hasOwn, type SavedTraining, savedTraining } from "../training/saved.ts";
import type { Remedy } from "./findings.ts";

/** An independent model with the same weights, optimizer and state. */
export function copyOf(model: Model<never>, load: LoadOptions): Model<never> {
  const training = trainingOf(model);
  const copy = loadModel(
    copyable(() => model.save({ includeOptimizer: true })),
    load,
  );
  // With what is of one's own, which is not made again from the file alone, it comes back uncompiled.
  if (hasOwn(training) && !isCompiled(copy)) {
    compileSaved(copy, { training }, headsOf(model), makersOf("tryRemedy()", load));
  }
  return copy as Model<never>;
}

function isCompiled(model: Pick<Model<never>, "optimizer">): boolean {
  try {
    return model.optimizer !== undefined;
  } catch {
    return false;
  }
}

const trainingOf = (model: Model<never>): SavedTraining =>
  savedTraining(model.trainingOf("tryRemedy()"));

/** What of one's own a file cannot hold. */
const headsOf = (model: Model<never>): OwnHead[] =>
  model.trainingOf("tryRemedy()").heads.map(({ loss, metrics, streams }) => ({
    loss: withRow((yTrue, yPred) => loss.call(yTrue as Tensor, yPred as Tensor), loss),
    metrics: [...metrics.values(), ...streams.values()].flatMap(({ value }) => value ?? []),
  }));

/** What a file cannot hold cannot be copied. */
function copyable<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof FerrogradError) {
      error.message = error.message.replace(/^save\(\)/, "tryRemedy(): a copy");
    }
    throw error;
  }
}

type Training = Extract<Remedy, { kind: "learningRate" | "clip" | "optimizer" }>;
type Structural = Exclude<Remedy, Training>;

/** Does the remedy change what the network is, so that it must begin anew? */
export const startsAnew = (remedy: Remedy): remedy is Structural =>
  remedy.kind === "activation" || remedy.kind === "initialize" || remedy.kind === "width";

/** An unchanged and a remedied copy, both in the model's state or both at its first step. */
export function remediedPair(
  model: Model<never>,
  remedy: Remedy,
  untrained: boolean,
  load: LoadOptions,
): readonly [Model<never>, Model<never>] {
  if (startsAnew(remedy)) return anew(model, remedy, untrained, load);
  const pair = [copyOf(model, load), copyOf(model, load)] as const;
  retrain(pair[1], remedy);
  return pair;
}

const architectureOf = (model: Model<never>): SavedModel =>
  copyable(() => architecture(model, trainingOf(model)));

/** Changes how a copy trains. */
function retrain(copy: Model<never>, remedy: Training): void {
  const { optimizer } = copy;
  switch (remedy.kind) {
    case "learningRate": {
      const { learningRate, schedule: rates } = optimizer;
      const { factor } = remedy;
      const scaled = (step: number) => factor * rates!.rate(step);
      optimizer.learningRate =
        rates === undefined ? factor * learningRate : schedule({ name: rates.name, rate: scaled });
      return;
    }
    case "clip":
      if (optimizer.spec.composition !== undefined) {
        // A chain clips by a link of its own; the state goes to the chain that has one more.
        const { progresses } = copy.life;
        progresses.keep(progresses.saved(copy.trainingOf("tryRemedy()"))!);
        const clipped = chain(clipByGlobalNorm(remedy.globalClipNorm), optimizer);
        recompile(copy, { ...trainingOf(copy), again: () => clipped });
        return;
      }
      for (const other of ["clipValue", "clipNorm"]) optimizer.setHyper(other, 0);
      optimizer.setHyper("globalClipNorm", remedy.globalClipNorm);
      return;
    case "optimizer": {
      const { again, own, ...rest } = trainingOf(copy);
      recompile(copy, { ...rest, optimizer: remedy.optimizer, options: {} });
    }
  }
}

const recompile = (copy: Model<never>, training: SavedTraining): void =>
  compileSaved(copy, { training }, headsOf(copy));

/** Both at step 0, from the model's seed. */
function anew(
  model: Model<never>,
  remedy: Structural,
  untrained: boolean,
  load: LoadOptions,
): readonly [Model<never>, Model<never>] {
  const own = architectureOf(model);
  const [unchanged, remedied] = [own, remediedArchitecture(own, remedy)].map((one) => {
    const copy = rebuildModel(one, {}, undefined, makersOf("tryRemedy()", load));
    compileSaved(copy, one, headsOf(model), makersOf("tryRemedy()", load));
    return copy as Model<never>;
  });
  const starts = new Map(
    model.built.flatMap(({ layer }) => layer.owned.map(({ variable, start }) => [variable, start])),
  );
  const now = model.weights.map((variable) => variable.data());
  const first = model.weights.map((variable, i) => starts.get(variable)?.().data() ?? now[i]!);
  write(unchanged!, untrained ? now : first);
  // Weights given by hand are the first ones too, but for another initializer or another width.
  const byHand = untrained && !first.every((values, i) => sameBits(values, now[i]!));
  if (byHand && remedy.kind === "activation") write(remedied!, now);
  return [unchanged!, remedied!];
}

/** Without the check of `setWeights`: weights that are not finite are a finding. */
function write({ weights }: Model<never>, values: readonly ArrayLike<number>[]): void {
  weights.forEach((variable, i) => variable.set(values[i]!));
}

const sameBits = (a: Float32Array | Int32Array, b: ArrayLike<number>): boolean =>
  a.every((v: number, i: number) => Object.is(v, b[i]));

/** The architecture with another activation or more units in hidden layers, or with default initializers. */
function remediedArchitecture(saved: SavedModel, remedy: Structural): SavedModel {
  const { graph } = saved;
  const last = new Set(
    graph === undefined
      ? [saved.layers.length - 1]
      : graph.outputs.map(({ from: [node] }) => graph.calls[node - graph.inputs.length]?.layer),
  );
  const layers = saved.layers.map((layer, i) => {
    const { kernelInitializer, biasInitializer, ...config } = layer.config as Config;
    if (remedy.kind === "initialize") return { ...layer, config };
    if (last.has(i)) return layer;
    if (remedy.kind === "width") {
      const { units } = config;
      return units === undefined
        ? layer
        : { ...layer, config: { ...layer.config, units: units * remedy.factor } };
    }
    if (!("activation" in config)) return layer;
    // Its initializers and numbers suit the activation that goes.
    const { units, useBias } = config;
    const kept = { ...(units && { units }), ...(useBias !== undefined && { useBias }) };
    return { ...layer, config: { ...kept, activation: remedy.activation } };
  });
  return { ...saved, layers };
}

/** What is read of a layer's options. */
interface Config {
  readonly units?: number;
  readonly useBias?: boolean;
  readonly activation?: string;
  readonly kernelInitializer?: unknown;
  readonly biasInitializer?: unknown;
}
