import { lastPart } from "../layers/body.ts";
import { dense } from "../layers/dense.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { layerRegistry } from "../layers/registry.ts";
import type { BuiltLayer, CallSpec } from "../model/graph.ts";
import { linearRuns, type Run } from "../model/linear.ts";
import { Model, modelOf, type UncompiledModel } from "../model/model.ts";
import { sizeOf } from "../values/shape.ts";

/**
 * The equivalent smaller model for inference: layers without an activation between them become one,
 * W₃ = W₁·W₂ and b₃ = b₁·W₂ + b₂ for rows x·W + b, multiplied out in float64; normalization and rescaling
 * are folded into the dense layer beside them, or into the convolution before them (Jacob et al. 2018), dropout is left
 * out. A bottleneck stays as it is where one layer would hold more numbers than it. Outputs are equal to float32's rounding: about 1e-5, more where
 * normalization is folded whose means are many deviations from 0. The model given is left as it is;
 * dispose of both. Plain functions among the layers keep their variables and are shared.
 *
 * @example
 * const deep = sequential([dense(64), dense(10)], { inputShape: [64] }); // 4,810 parameters
 * collapse(deep).parameterCount; // 650
 * @throws DisposedError for a model that was disposed
 */
export function collapse<O, I>(model: UncompiledModel<O, I>): UncompiledModel<O, I> {
  modelOf("collapse()", model);
  model.getWeights(); // of a model that is not disposed
  const { graph, seed, name, classNames, metadata } = model;
  const copies = new Map<AnyLayer, AnyLayer>();
  const first = graph.inputs.length;
  const nodes = graph.inputs.map((_, i) => i); // of the smaller model, by those of this one
  const calls: CallSpec[] = [];
  const merged: { readonly layer: AnyLayer; readonly weights: readonly Float32Array[] }[] = [];
  const add = (layer: AnyLayer, { name }: BuiltLayer, { inputs }: BuiltLayer, end: BuiltLayer) => {
    const moved = inputs.map(({ node, output }) => ({ node: nodes[node]!, output }));
    nodes[first + graph.calls.indexOf(end)] =
      first + calls.push({ layer, name, inputs: moved }) - 1;
  };
  for (const run of linearRuns(model)) {
    const one = run.folded.length > 0 ? foldRun(run) : mergeRun(run);
    if (one === undefined) {
      for (const built of run.layers) {
        const copy = copies.get(built.layer) ?? copyOf(built);
        copies.set(built.layer, copy);
        add(copy, built, built, built);
      }
    } else {
      merged.push(one);
      add(one.layer, one.named, run.layers[0]!, run.layers.at(-1)!);
    }
  }
  const outputs = graph.outputs.map(({ name, place: { node, output } }) => ({
    name,
    place: { node: nodes[node]!, output },
  }));
  const options = { where: "collapse()", seed, name, metadata, ...(classNames && { classNames }) };
  const smaller = new Model<never, O, I>({ ...graph, calls, outputs }, options);
  for (const { layer, weights } of merged) setAll(layer, weights);
  for (const [layer, copy] of copies) {
    if (copy === layer) continue;
    setAll(
      copy,
      layer.variables.map((variable) => variable.data()),
    );
    copy.trainable = layer.trainable;
  }
  return smaller;
}

const setAll = ({ variables }: AnyLayer, values: readonly ArrayLike<number>[]): void =>
  variables.forEach((variable, i) => variable.set(values[i]!));

interface Part {
  readonly layer: AnyLayer;
  /** Whose name it has. */
  readonly named: BuiltLayer;
  /** In the order of the layer's variables. */
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
  const named = layers.findLast(({ variables }) => variables.length > 0)!;
  return {
    layer: dense(outputs, { ...affines.at(-1)!.activation, useBias }),
    named,
    weights: useBias ? [kernel, Float32Array.from(bias)] : [kernel],
  };
}

/** The layer that equals one and what scales and shifts its outputs. */
function foldRun({ layers, folded, outputs }: Run): Part {
  const [named] = layers as [BuiltLayer];
  const { layer } = named;
  const map = (value: number) => {
    const row: Float64Array = new Float64Array(outputs).fill(value);
    return folded.reduce((row, affine) => affine.map(row), row);
  };
  const shift = map(0);
  const factor = map(1).map((y, j) => y - shift[j]!);
  const useBias = layer.config!.useBias === true;
  const kernels = layer.variables.slice(0, useBias ? -1 : undefined);
  const last = kernels.at(-1)!;
  const run = sizeOf(last.shape.slice(layer.outputsAxis!)) / last.shape.at(layer.outputsAxis!)!;
  const scaled = Float32Array.from(
    last.data(),
    (w, i) => w * factor[Math.floor(i / run) % outputs]!,
  );
  const bias = useBias ? layer.variables.at(-1)!.data() : new Float32Array(outputs);
  const make = layerRegistry.get(layer.type)!;
  return {
    layer: make({ ...layer.config, useBias: true }, lastPart(named.name)),
    named,
    weights: [
      ...kernels.slice(0, -1).map((kernel) => kernel.data() as Float32Array),
      scaled,
      Float32Array.from(bias, (b, j) => b * factor[j]! + shift[j]!),
    ],
  };
}

/** A layer with variables of its own; plain functions, and layers that are not ours, are taken as they are. */
function copyOf({ layer, name }: BuiltLayer): AnyLayer {
  const make = layer.config && !layer.isOwn && layerRegistry.get(layer.type);
  return make ? make(layer.config!, lastPart(name)) : layer;
}
