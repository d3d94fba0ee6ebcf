import { ArgumentError } from "../errors.ts";
import { RULES } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  callable,
  checkConfig,
  checkOptions,
  isCallable,
  isPlain,
  listOf,
  oneOf,
  requireOptions,
  savedName,
  show,
} from "../options/index.ts";
import type { Dims } from "../values/shape.ts";
import { createLayer, functionLayer } from "./create.ts";
import {
  type AddVariable,
  type AnyLayer,
  type Config,
  isLayer,
  type Layer,
  type LayerCall,
  type LayerSpec,
  type OneOrList,
} from "./layer.ts";

/** What a layer of one's own is made of, whatever it takes. */
interface CustomParts {
  /** What files and `loadModel({ layers })` know it by; with a number its name in models. */
  readonly type: string;
  readonly name?: string | undefined;
  /**
   * The options that make it again, which files hold: what JSON has, and as values of it regularizers and constraints. A
   * layer without is not saved.
   */
  readonly config?: Config;
  /** Layers that it calls: built when it is, named in it (`outer/inner/kernel`), frozen with it. */
  readonly layers?: readonly AnyLayer[];
}

/** A layer of one's own that takes one tensor. */
export interface CustomLayer<O extends OneOrList> extends CustomParts {
  readonly inputs?: "one";
  /** Adds its variables, for inputs of this shape without the batch. */
  build?(inputShape: Dims, add: AddVariable): void;
  /** Its outputs, of operations on its inputs: a tensor, or a list of them. */
  call(x: Tensor, info: LayerCall): O;
}

/** A layer of one's own that takes a list of tensors. */
export interface CustomListLayer<O extends OneOrList> extends CustomParts {
  readonly inputs: "list";
  build?(inputShapes: readonly Dims[], add: AddVariable): void;
  call(inputs: readonly Tensor[], info: LayerCall): O;
}

/**
 * A layer of one's own, with the rights of ours: it has variables, those that gradients change and those that they
 * don't, contains layers, adds losses, is saved and loaded, frozen, diagnosed and named in errors. Its gradient follows
 * from the operations that `call` uses. A plain function is one that has none of this; called on a list it gets a
 * list. Keras's Layer, torch.nn.Module.
 *
 * @example
 * const centered = (options: { momentum: number; name?: string }) => {
 *   let mean_: Variable; // (features), the running mean
 *   return layer({
 *     type: "centered",
 *     name: options.name,
 *     config: { momentum: options.momentum },
 *     build(inputShape, add) {
 *       mean_ = add("mean", [inputShape.at(-1)!], "zeros", { trainable: false });
 *     },
 *     call(x, { training, update }) {
 *       if (!training) return sub(x, mean_);
 *       const now = mean(x, { axis: 0 });
 *       update(mean_, (before) => add(mul(before, options.momentum), mul(now, 1 - options.momentum)));
 *       return sub(x, now);
 *     },
 *   });
 * };
 * const model = sequential([centered({ momentum: 0.9 }), dense(1)], { inputShape: [3] });
 * loadModel(model.save(), { layers: { centered } }).layers // ["centered", "dense"]
 * @throws ArgumentError for parts that are not there, or of the wrong kind
 */
export function layer<O extends OneOrList>(parts: CustomListLayer<O>): Layer<O>;
export function layer<O extends OneOrList>(parts: CustomLayer<O>): Layer<O>;
export function layer<O extends OneOrList>(
  fn: (x: never) => O,
  options?: { readonly name?: string },
): Layer<O>;
export function layer(
  given: CustomLayer<OneOrList> | CustomListLayer<OneOrList> | ((x: never) => OneOrList),
  options?: { readonly name?: string },
): AnyLayer {
  const where = "layer()";
  if (isCallable(given)) {
    checkOptions(where, options, ["name"]);
    return functionLayer(given as (x: never) => unknown, options?.name);
  }
  requireOptions(where, given, PARTS, "; or give it a function of a tensor");
  const { type, name, config, layers, inputs, build, call } = given;
  savedName(where, type, "type");
  callable(where, "call", call);
  if (build !== undefined) callable(where, "build", build);
  if (config !== undefined) checkConfig(`${where}: config`, withoutRules(config));
  const spec: LayerSpec = {
    type,
    name,
    config: config && { ...config },
    isOwn: true,
    inputs: oneOf(where, "inputs", inputs ?? "one", ["one", "list"] as const),
    layers: listOf(where, "layers", layers ?? [], innerLayer),
    call: call.bind(given) as LayerSpec["call"],
    ...(build && { build: build.bind(given) as NonNullable<LayerSpec["build"]> }),
  };
  return createLayer(spec, where);
}

const PARTS = ["type", "name", "config", "layers", "inputs", "build", "call"];

const innerLayer = (where: string, name: string, value: unknown): AnyLayer => {
  if (isLayer(value)) return value;
  throw new ArgumentError(`${where}: ${name}: expected a layer, got ${show(value)}`);
};

/** Options but for regularizers and constraints, which are more than JSON holds. */
const withoutRules = (config: unknown): unknown => {
  if (!isPlain(config)) return config;
  const isRule = (value: unknown) => Object.values(RULES).some(({ brand }) => brand.has(value));
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isRule(value)));
};
