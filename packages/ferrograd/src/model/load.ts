import { FerrogradError, FormatError } from "../errors.ts";
import { readArchitecture, readMetadata, type SavedModel, tensorFor } from "../io/model-file.ts";
import { readSafetensors, type SafetensorsFile } from "../io/safetensors.ts";
import { layerRegistry } from "../layers/registry.ts";
import type { LossName } from "../losses/index.ts";
import type { MetricName } from "../metrics/index.ts";
import { optimizerOf } from "../optimizers/index.ts";
import { hint } from "../suggest.ts";
import { Model } from "./model.ts";

/**
 * A model from the bytes that `model.save()` made: architecture, weights, and compiled as it was.
 *
 * @example const model = loadModel(new Uint8Array(await file.arrayBuffer()));
 * @throws FormatError for anything but such a file; nothing of it is kept then
 */
export function loadModel(bytes: Uint8Array): Model<MetricName> {
  const file = readSafetensors(bytes, "loadModel()");
  const saved = readArchitecture(file);
  const model = rebuildModel(saved, readMetadata(file));
  try {
    const known = new Set<string>();
    const weights = model.variables.map((variable) => {
      known.add(variable.name);
      const { data } = tensorFor(file, variable.name, "F32", variable.shape);
      return data as Float32Array;
    });
    const compiled = compileSaved(model, saved);
    const restores = compiled ? optimizerState(file, model, known) : [];
    const extra = [...file.tensors.keys()].find((name) => !known.has(name));
    if (extra !== undefined) {
      throw new FormatError(
        `loadModel(): tensor "${extra}": expected only tensors of the model, got one more`,
      );
    }
    model.setWeights(weights);
    for (const restore of restores) restore();
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Options come from a file, so what the layers refuse is the file's fault. */
function asFormatError<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof FerrogradError)) throw error;
    throw new FormatError(`loadModel(): architecture: ${error.message}`);
  }
}

/** @internal A model of its first weights, from what a file says. */
export function rebuildModel(
  { layers, inputShape, seed, name, classNames }: SavedModel,
  metadata: Record<string, string>,
): Model<MetricName> {
  return asFormatError(() => {
    const made = layers.map((entry) => {
      const factory = layerRegistry.get(entry.type);
      if (factory === undefined) {
        const known = hint(entry.type, [...layerRegistry.keys()]);
        throw new FormatError(`unknown layer "${entry.type}"; ${known}`);
      }
      return factory(entry.config as Record<string, unknown>, entry.name);
    });
    return new Model<MetricName>(made, {
      inputShape,
      seed,
      name,
      metadata,
      ...(classNames !== undefined && { classNames }),
    });
  });
}

/** @internal Compiles as a file says; false where it says nothing. */
export function compileSaved(
  model: Pick<Model<MetricName>, "compile">,
  { training }: SavedModel,
): boolean {
  if (training === undefined) return false;
  return asFormatError(() => {
    const optimizer = optimizerOf("compile()", training.optimizer, training.options);
    const metrics = training.metrics as MetricName[];
    model.compile({ optimizer, loss: training.loss as LossName, metrics, warn: () => {} });
    return true;
  });
}

/** What puts the optimizer's state back, once everything is known to fit. */
function optimizerState(
  file: SafetensorsFile,
  model: Model<MetricName>,
  known: Set<string>,
): (() => void)[] {
  if (!file.tensors.has("optimizer/step")) return [];
  const { optimizer } = model;
  const take = (name: string, dtype: "F32" | "I32", shape: readonly number[]) => {
    known.add(name);
    return tensorFor(file, name, dtype, shape).data;
  };
  const step = take("step", "I32", [1]);
  const steps = take("optimizer/step", "I32", [1]);
  const restores = [
    () => model.stepVariable.set(step as Int32Array),
    () =>
      optimizer
        .core()
        .step.view()
        .i32.set(steps as Int32Array),
  ];
  for (const variable of model.variables) {
    optimizer.spec.slots.forEach((slot, i) => {
      const data = take(`optimizer/${slot}/${variable.name}`, "F32", variable.shape);
      restores.push(() => optimizer.slotOf(variable, i).set(data as Float32Array));
    });
  }
  return restores;
}
