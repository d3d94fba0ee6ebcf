import { ArgumentError, FormatError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { foreignKind, OTHER_WEIGHTS } from "../io/foreign.ts";
import { readSafetensors } from "../io/safetensors.ts";
import { lastPart } from "../layers/body.ts";
import type { AnyLayer, Config, Weights } from "../layers/layer.ts";
import { lossNamed, lossOf } from "../losses/by-name.ts";
import type { Loss, LossFunction } from "../losses/loss.ts";
import { lossRegistry } from "../losses/registry.ts";
import type { ShippedMetric } from "../metrics/all.ts";
import type { MetricName } from "../metrics/by-name.ts";
import type { AnyMetric, SavedMetric } from "../metrics/metric.ts";
import { bytesOf, positiveInteger, shapeOf, show } from "../options/index.ts";
import type { DataLike } from "../training/given.ts";
import type { MeasuresOfAny } from "../training/names-of.ts";
import { hasOwn, isOwn, type SavedHead, type SavedTraining } from "../training/saved.ts";
import { type DataOf, DTYPE, type DType, FLOAT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { chain, type Port } from "./graph.ts";
import { asFormatError, readProgress } from "./load-progress.ts";
import { Model } from "./model.ts";
import {
  type Given,
  type LoadOptions,
  type Makers,
  makersOf,
  type NoneGiven,
  Unknown,
} from "./registries.ts";
import { restoredGraph } from "./saved-graph.ts";
import { savedOptimizer } from "./saved-optimizer.ts";
import {
  readArchitecture,
  readMetadata,
  readNumerics,
  type SavedModel,
  tensorFor,
} from "./schema.ts";

/**
 * A model from the bytes that `model.save()` made: architecture, weights, and compiled as it was, so that
 * training goes on. What is of one's own, and has a name, is made again by what is given; with a loss without a name,
 * or what is not given, it comes back uncompiled; what `includeOptimizer` saved waits for the next `compile` with the same optimizer.
 *
 * Types take it for a model of one input and one output; of several say what it gives, and by which names it takes rows:
 * nothing checks that, as with any type of a file.
 *
 * @example const model = loadModel(new Uint8Array(await file.arrayBuffer()));
 * @example
 * const x = input([2]);
 * const file = model({ inputs: x, outputs: { kind: dense(3)(x), size: dense(1)(x) } }).save();
 * loadModel<{ kind: Tensor; size: Tensor }>(file).predict([[1, 2]]).kind.shape // [1, 3]
 * @param options `layers`, `losses`, `metrics`, `schedules`, `optimizers`, `regularizers` and `constraints` of one's own:
 * `{ layers: { centered } }`
 * @throws FormatError for anything but such a file; nothing of it is kept then
 */
export function loadModel<const L extends LoadOptions = NoneGiven>(
  bytes: Uint8Array,
  options?: L,
): Model<MetricName | ShippedMetric | Given<L>>;
export function loadModel<O, I = DataLike>(
  bytes: Uint8Array,
  options?: LoadOptions,
): Model<MeasuresOfAny<O, MetricName | ShippedMetric>, O, I>;
export function loadModel(bytes: Uint8Array, options?: LoadOptions): unknown {
  const where = "loadModel()";
  const makers = makersOf(where, options);
  const kind = foreignKind(bytesOf(where, bytes));
  if (kind !== undefined) {
    throw new FormatError(
      `${where}: expected a file that model.save() made, got ${kind}; ${OTHER_WEIGHTS}`,
    );
  }
  const file = readSafetensors(bytes, where);
  const saved = readArchitecture(file);
  const numerics = readNumerics(file);
  const known = new Set<string>();
  // Each variable begins as the file has it: nothing is drawn, and no room is taken for what is not there.
  const weights = (name: string, shape: Shape, dtype: DType) => {
    known.add(name);
    const { data } = tensorFor(file, name, DTYPE[dtype].file!, shape);
    return leaf(data as DataOf<DType>, shape, dtype);
  };
  const model = rebuildModel(saved, readMetadata(file), weights, makers);
  try {
    const progress = readProgress(file, saved.training, numerics, model.named, known, makers);
    const extra = [...file.tensors.keys()].find((name) => !known.has(name));
    if (extra !== undefined) {
      throw new FormatError(
        `${where}: tensor ${show(extra)}: expected only tensors of the model, got one more`,
      );
    }
    if (progress !== undefined) model.keep(progress.saved, progress.step);
    compileSaved(model, saved, [], makers);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** @internal A model from what a file says: of the weights given, or of its first ones. */
export function rebuildModel(
  { layers, inputShape, graph, seed, name, classNames }: SavedModel,
  metadata: Record<string, string>,
  weights?: Weights,
  makers = makersOf("loadModel()"),
): Model<MetricName> {
  const where = graph === undefined ? "sequential()" : "model()";
  return asFormatError(() => {
    const made = layers.map(({ type, name, config, frozen = [], own }) => {
      const layer = makers.layers(type, config as Config, {
        name: graph === undefined ? name : lastPart(name),
        own,
      });
      for (const part of frozen) freeze(name, layer.parts[part]);
      return { layer, name };
    });
    const spec =
      graph === undefined
        ? chain(inputOf(where, inputShape), made)
        : restoredGraph(
            graph,
            made.map(({ layer }) => layer),
          );
    return new Model<MetricName>(spec, {
      where,
      seed,
      name,
      metadata,
      ...(weights && { weights }),
      ...(classNames !== undefined && { classNames }),
    });
  });
}

const inputOf = (where: string, shape: unknown): Port => ({
  name: "x",
  shape: shapeOf(where, "inputShape", shape, positiveInteger),
  dtype: FLOAT,
});

function freeze(name: string, layer: AnyLayer | undefined): void {
  if (layer !== undefined) Object.assign(layer, { trainable: false });
  else
    throw new ArgumentError(
      `layer ${show(name)}: expected the layers in it, got another one frozen`,
    );
}

/**
 * The loss of a file. A name alone may be of the first files, which took for logits, or whatever the loss took, what did
 * not come out of a softmax or sigmoid at once: so it is said where today it would be taken otherwise, or refused.
 */
function savedLoss(
  model: Compilable,
  output: number,
  saved: NonNullable<SavedHead["loss"]> | null,
  makers: Makers,
): Loss {
  const where = "compile()";
  if (typeof saved === "object" && saved !== null)
    return makers.losses(saved.name, saved.options, { own: saved.own });
  const isOurs = typeof saved === "string" && lossRegistry.has(saved);
  const loss = isOurs ? lossRegistry.get(saved)!({}) : lossNamed(where, saved);
  const fromLogits = loss.row.tookAs !== "probabilities";
  return readsDirectly(model, output, loss) ? loss : lossNamed(where, saved, { fromLogits });
}

function readsDirectly(model: Compilable, output: number, { row }: Loss): boolean {
  try {
    return model.readingOf(output, row)?.direct !== false;
  } catch (error) {
    if (error instanceof ArgumentError) return false;
    throw error;
  }
}

/** The metric of a file: a name, or one with options, made again if it is not at hand. */
function savedMetric(
  saved: string | SavedMetric | null,
  own: readonly AnyMetric[],
  makers: Makers,
): MetricName | AnyMetric {
  if (typeof saved !== "object" || saved === null) return saved as MetricName;
  const { type, name, options } = saved;
  const made =
    own.find((metric) => metric.name === name) ??
    makers.metrics(type, options, { name, own: saved.own });
  if (made.name === name) return made;
  throw new ArgumentError(
    `loadModel(): metrics: ${type}: expected a metric of the name that it is given, "${name}", got "${made.name}"`,
  );
}

type Compilable = Pick<Model<MetricName>, "compile" | "readingOf" | "hopeless" | "explain">;

/** What of an output's training is at hand. */
export interface OwnHead {
  readonly loss: LossFunction;
  readonly metrics: readonly AnyMetric[];
}

/** @internal Compiles as a file says, where it says how; what is of one's own may be given, of each output. */
export function compileSaved(
  model: Compilable,
  { training }: Pick<SavedModel, "training">,
  own: readonly OwnHead[] = [],
  makers = makersOf("loadModel()"),
): void {
  if (training === undefined) return;
  const { heads = [training] } = training;
  if (heads.some(({ loss }, i) => loss === undefined && own[i] === undefined)) {
    model.explain("it was saved with a loss of its own without a name, which a file cannot hold");
    return;
  }
  asFormatError(() => {
    const made = orUndefined(model, training, () =>
      heads.map(({ loss, metrics }, i) => ({
        loss:
          isOwn(loss) && own[i] !== undefined ? own[i].loss : savedLoss(model, i, loss!, makers),
        metrics: metrics.map((metric) => savedMetric(metric, own[i]?.metrics ?? [], makers)),
      })),
    );
    if (made === undefined) return;
    const losses = made.map(({ loss }) => loss);
    const metrics = made.map((head) => head.metrics);
    // The first files may hold what is refused today; it predicts as it did.
    if (losses.some((loss, i) => model.hopeless(i, lossOf("compile()", loss)) !== undefined))
      return;
    const optimizer = orUndefined(model, training, () => savedOptimizer(training, makers));
    if (optimizer === undefined) return;
    let compiled = false; // What compile says was said before the file was saved.
    const warn = (message: string) => compiled && makers.warn(message);
    const { heads: several } = training;
    model.compile(
      several === undefined
        ? { optimizer, loss: losses[0]!, metrics: metrics[0]!, warn }
        : {
            ...{ optimizer, loss: losses, metrics, warn },
            lossWeights: several.map(({ lossWeight }) => lossWeight),
          },
    );
    compiled = true;
  });
}

/** What `make` makes; undefined where it lacks what is of one's own, which the model will speak of. */
function orUndefined<T>(
  model: Pick<Compilable, "explain">,
  training: SavedTraining,
  make: () => T,
): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unknown) || !hasOwn(training)) throw error;
    model.explain(`the file names an ${error.message}`);
    return undefined;
  }
}
