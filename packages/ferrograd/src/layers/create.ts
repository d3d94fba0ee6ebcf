import { ArgumentError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { scope } from "../graph/scope.ts";
import { type AnyTensor, isTensor } from "../graph/tensor.ts";
import { show } from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import { Body, lastPart } from "./body.ts";
import {
  type AnyLayer,
  brand,
  checkName,
  type Layer,
  type LayerSpec,
  type OneOrList,
  type PlainLayerSpec,
} from "./layer.ts";
import { callOn, IN_LAYER, isSymbolic, type SymbolicTensor } from "./symbolic.ts";
import { copiesOf, type WeightsLike } from "./weights.ts";

/** Makes a layer from its parts; `where` is the function that does. */
export function createLayer(spec: PlainLayerSpec, where?: string): Layer;
export function createLayer<O extends OneOrList>(spec: LayerSpec, where?: string): Layer<O>;
export function createLayer(spec: LayerSpec, where = `${spec.type}()`): AnyLayer {
  checkName(where, spec.name);
  const body = new Body(spec);

  const call = (
    x: TensorLike | SymbolicTensor | readonly (AnyTensor | SymbolicTensor)[],
    ...more: readonly unknown[]
  ) => {
    // `map` gives a layer the index and the array beside each tensor.
    if (more.some(isOneTensor)) {
      throw new ArgumentError(
        `${body.path}: expected one input or a list, got ${more.length + 1} arguments; write layer([a, b])`,
      );
    }
    const list: readonly unknown[] = isListOfTensors(x) ? x : [x];
    if (list.some(isSymbolic)) return callOn(layer, symbolicOnly(body.path, list));
    const inputs = list.map((one) => toTensor(`${body.path}()`, one));
    body.ready(layer, inputs);
    return body.at(scope.current === "" ? body.path : lastPart(body.path), inputs);
  };

  const layer = Object.assign(call, {
    own: body.own,
    type: spec.type,
    config: spec.config,
    isOwn: spec.isOwn === true,
    elementwise: spec.elementwise,
    outputsAxis: spec.outputsAxis,
    sums: spec.sums,
    doubts: spec.doubts,
    describe: body.describe.bind(body),
    build: body.build.bind(body),
    at: body.at.bind(body),
    release: body.release.bind(body),
    getWeights: () => copiesOf(body.owned()),
    setWeights: (weights: WeightsLike) => body.setWeights(weights),
    affine: (inputShape: Shape) => spec.affine?.(inputShape),
  }) as unknown as AnyLayer;
  Object.defineProperties(layer, {
    name: { value: spec.name ?? "" },
    path: { get: () => body.path },
    owned: { get: () => body.owned() },
    variables: { get: () => body.owned().map(({ variable }) => variable) },
    parts: { get: () => [layer, ...body.inner.flatMap(({ parts }) => parts)] },
    isBuilt: { get: () => body.isBuilt },
    trainable: { get: () => body.trainable, set: (value) => body.setTrainable(value) },
  });
  return brand.on(layer);
}

const isOneTensor = (x: unknown) => isSymbolic(x) || isTensor(x);

/** Several tensors, rather than rows of numbers. */
function isListOfTensors(x: unknown): x is readonly unknown[] {
  return Array.isArray(x) && x.some(isOneTensor);
}

function symbolicOnly(where: string, list: readonly unknown[]): readonly SymbolicTensor[] {
  return list.map((one) => {
    if (isSymbolic(one)) return one;
    throw new ArgumentError(
      `${where}: expected symbolic tensors only, got ${show(one)} among them${IN_LAYER}`,
    );
  });
}

/**
 * A plain function as a layer: the variables it uses are those its graph reaches. Its type is not the function's name, which
 * minifiers change: the layer would be called otherwise in the published page.
 */
export function functionLayer(fn: (x: never) => unknown, name?: string): AnyLayer {
  const call = (x: never) => fn(x);
  return createLayer({ type: "function", name, inputs: "any", call }, "layer()");
}
