import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { layerRegistry } from "../layers/registry.ts";
import type { LayerLike } from "../model/build.ts";
import { linearRuns, type Run } from "../model/linear.ts";
import { Model, modelOf, type UncompiledModel } from "../model/model.ts";

/**
 * The equivalent smaller model for inference: layers without an activation between them become one,
 * W₃ = W₁·W₂ and b₃ = b₁·W₂ + b₂ for rows x·W + b, multiplied out in float64; normalization and rescaling
 * are folded into the dense layer beside them, dropout is left out. A bottleneck stays as it is where one layer
 * would hold more numbers than it. Outputs are equal to float32's rounding: about 1e-5, more where
 * normalization is folded whose means are many deviations from 0. The model given is left as it is;
 * dispose of both. Plain functions among the layers keep their variables and are shared.
 *
 * @example
 * const deep = sequential([dense(64), dense(10)], { inputShape: [64] }); // 4,810 parameters
 * collapse(deep).parameterCount; // 650
 * @throws DisposedError for a model that was disposed
 */
export function collapse(model: UncompiledModel): UncompiledModel {
  modelOf("collapse()", model);
  const weights = new Map(model.variables.map((v, i) => [v, i]));
  const values = model.getWeights();
  const parts = linearRuns(model).map((run) => {
    const merged = mergeRun(run);
    if (merged !== undefined) return merged;
    return {
      layers: run.layers.map(({ layer, name }) => copyOf(layer, name)),
      weights: run.layers.flatMap(({ variables }) =>
        variables.map((variable) => values[weights.get(variable)!]!),
      ),
    };
  });
  const { inputShape, seed, name, classNames, metadata } = model;
  const smaller = new Model(
    parts.flatMap(({ layers }) => layers),
    { inputShape, seed, name, metadata, ...(classNames && { classNames }) },
  );
  smaller.setWeights(parts.flatMap((part) => part.weights));
  return smaller;
}

interface Part {
  readonly layers: readonly LayerLike[];
  /** In the order of the layers' variables. */
  readonly weights: readonly Float32Array[];
}

/** The dense layer that equals a run; undefined for a run that has none, or nothing beside it. */
function mergeRun({ layers, affines, inputs, outputs, parameters }: Run): Part | undefined {
  if (affines.length < 2 || parameters === 0) return undefined;
  const map = (x: Float64Array) => affines.reduce((row, affine) => affine.map(row), x); // (inputs) → (outputs)
  const bias = map(new Float64Array(inputs));
  const kernel = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    const image = map(new Float64Array(inputs).fill(1, i, i + 1));
    kernel.set(
      image.map((v, j) => v - bias[j]!),
      i * outputs,
    );
  }
  const useBias = affines.some(({ shifts }) => shifts);
  const name = layers.findLast(({ variables }) => variables.length > 0)!.name;
  const options = { ...affines.at(-1)!.activation, useBias, name };
  return {
    layers: [dense(outputs, options)],
    weights: useBias ? [kernel, Float32Array.from(bias)] : [kernel],
  };
}

/** A layer with variables of its own; plain functions are taken as they are. */
function copyOf(layer: Layer, name: string): LayerLike {
  const make = layer.config && layerRegistry.get(layer.type);
  return make ? make(layer.config!, name) : layer;
}
