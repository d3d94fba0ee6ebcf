import { traceFunction } from "../compile/jit.ts";
import { leaves, topological } from "../compile/order.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { toTensor, Variable } from "../graph/leaf.ts";
import { madeBy } from "../graph/op.ts";
import { activationOp } from "../graph/ops/elementwise.ts";
import { withoutViews } from "../graph/ops/shape.ts";
import type { ActivationAttrs } from "../graph/ops/step.ts";
import { type AnyTensor, isTensor, type Tensor } from "../graph/tensor.ts";
import { context } from "../layers/context.ts";
import { functionLayer, isLayer, type Layer, type Weights } from "../layers/layer.ts";
import { repeated, shapeOf, show } from "../options/index.ts";
import type { DType } from "../values/dtype.ts";
import { type Shape, showShape } from "../values/shape.ts";

/** What `sequential` takes in its list: a layer, or a plain function of a tensor. */
export type LayerLike = (x: Tensor) => Tensor;

/** What a model is made of beside its layers. */
export interface ModelOptions {
  readonly inputShape?: Shape;
  readonly seed: number;
  readonly name: string;
  readonly classNames?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** What variables begin with, instead of what their initializers draw. */
  readonly weights?: Weights;
}

/** A layer in its place in a model. */
export interface BuiltLayer {
  readonly layer: Layer;
  /** Unique in the model. */
  readonly name: string;
  /** Without the batch. */
  readonly outputShape: Shape;
  /** The activation that its outputs go into as they are; "linear" where there is none. */
  readonly ahead: ActivationName;
  /** The layer's own, and for a plain function those that it uses. */
  readonly variables: readonly Variable<Shape, DType>[];
}

/** Rows of the trace that finds shapes. */
const PROBE_ROWS = 2;

/** Names the layers, builds them one after the other, and finds their shapes and variables. */
export function buildLayers(
  list: readonly LayerLike[],
  inputShape: Shape,
  { seed, classNames, weights }: Pick<ModelOptions, "seed" | "classNames" | "weights">,
): BuiltLayer[] {
  const layers = list.map((item) => (isLayer(item) ? item : functionLayer(item)));
  const specifications = layers.filter(({ variables }) => variables.length === 0);
  const names = new Map<string, number>();
  const built: BuiltLayer[] = [];
  const activations = activationsBehind(layers);
  let shape = inputShape;
  try {
    for (const [i, layer] of layers.entries()) {
      const name = unique(layer.path, names);
      const ahead = activations[i]!;
      layer.build(shape, { path: name, seed, ahead, ...(weights && { weights }) });
      const { outputShape, used } = probe(layer, name, shape, seed);
      const own = new Set<Variable<Shape, DType>>([...layer.variables, ...used]);
      built.push({ layer, name, outputShape, ahead, variables: [...own] });
      shape = outputShape;
    }
    if (classNames !== undefined) checkClassNames(classNames, shape);
    return built;
  } catch (error) {
    for (const layer of specifications) layer.release();
    throw error;
  }
}

/** Behind each layer, the first activation that elements go through, if nothing else happens to them before. */
function activationsBehind(layers: readonly Layer[]): ActivationName[] {
  const behind: ActivationName[] = [];
  let next: ActivationName = "linear";
  for (let i = layers.length - 1; i >= 0; i--) {
    behind[i] = next;
    const elementwise = elementwiseOf(layers[i]!);
    if (elementwise !== "linear") next = elementwise ?? "linear";
  }
  return behind;
}

/** Any shape tells whether a plain function is an activation; one that needs another shape is none. */
const ANY_SHAPE = { shape: [PROBE_ROWS, 2], dtype: "float32" } as const;

/** The row that a layer applies to every element; of a plain function, the one that a trace finds. */
function elementwiseOf(layer: Layer): ActivationName | undefined {
  if (layer.config !== undefined) return layer.elementwise;
  try {
    const { inputs, result } = traceFunction([ANY_SHAPE], ([x]) =>
      context.run({ training: false, seed: 0, step: undefined }, () =>
        layer.at(layer.path, x as Tensor),
      ),
    );
    const end = withoutViews(result as Tensor, inputs[0]!);
    if (end === inputs[0]) return "linear";
    const node = madeBy(end, activationOp);
    if (node === null || node.inputs[0] !== inputs[0]) return undefined;
    return (node.attrs as ActivationAttrs).activation;
  } catch {
    return undefined;
  }
}

/** `dense`, `dense_1`, ...: each name once per model. */
function unique(wanted: string, names: Map<string, number>): string {
  const count = names.get(wanted) ?? 0;
  names.set(wanted, count + 1);
  return count === 0 ? wanted : unique(`${wanted}_${count}`, names);
}

/** Traces one layer on a small batch: its output's shape and the variables it reads. */
function probe(layer: Layer, name: string, shape: Shape, seed: number) {
  const spec = { shape: [PROBE_ROWS, ...shape], dtype: "float32" as const };
  const { result } = traceFunction([spec], ([x]) =>
    context.run({ training: false, seed, step: undefined }, () => {
      const output: unknown = layer.at(name, x as Tensor);
      if (isTensor(output)) toTensor(`sequential(): ${name}`, output); // of here, and not disposed
      return output as Tensor;
    }),
  );
  if (!isTensor(result) || result.dtype !== "float32") {
    throw new ArgumentError(
      `sequential(): ${name}: expected a function that returns a float32 tensor, got ${show(result)}`,
    );
  }
  if (result.shape[0] !== PROBE_ROWS) {
    throw new ShapeError(
      `sequential(): ${name}: expected an output (batch, …), got one that drops the batch`,
    );
  }
  const found = leaves(topological([result]), [result]);
  const used = [...found].filter(
    (leaf): leaf is Variable<Shape, DType> => leaf instanceof Variable,
  );
  return {
    outputShape: result.shape.slice(1),
    used: used.filter((variable) => variable.trainable),
  };
}

/** The layers' calls, one after the other. */
export function callLayers(layers: readonly BuiltLayer[], x: AnyTensor): Tensor {
  return layers.reduce<Tensor>((value, { layer, name }) => layer.at(name, value), x as Tensor);
}

/** Refuses names of classes that are equal, or not as many as the outputs tell apart. */
function checkClassNames(names: readonly string[], outputShape: Shape): void {
  const where = "sequential(): classNames";
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new ArgumentError(`${where}: expected an array of strings, got ${show(names)}`);
  }
  const twice = repeated(names);
  if (twice !== undefined) {
    throw new ArgumentError(`${where}: expected each name once, got ${show(twice)} twice`);
  }
  const units = outputShape[outputShape.length - 1] ?? 1;
  const classes = units === 1 ? 2 : units; // one output tells two classes apart
  if (names.length !== classes) {
    throw new ArgumentError(
      `${where}: expected ${classes} names for outputs ${showShape(outputShape)}, got ${names.length}`,
    );
  }
}

/** The input shape, from the option or from an `input` layer at the start. */
export function inputShapeOf(list: readonly LayerLike[], option: Shape | undefined): Shape {
  const [first] = list;
  const fromLayer = isLayer(first) && first.type === "input" ? first.config?.shape : undefined;
  const shape = option ?? fromLayer;
  if (shape === undefined) {
    throw new ArgumentError(
      "sequential(): inputShape: expected the shape of one row, got none; write sequential([...], { inputShape: [64] })",
    );
  }
  return shapeOf("sequential()", "inputShape", shape);
}
