import { traceFunction } from "../compile/jit.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import { ArgumentError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { madeBy } from "../graph/op.ts";
import { activationOp } from "../graph/ops/elementwise.ts";
import { withoutViews } from "../graph/ops/shape.ts";
import type { ActivationAttrs } from "../graph/ops/step.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { unique } from "../layers/body.ts";
import { context, OUTSIDE } from "../layers/context.ts";
import { returnedTensors } from "../layers/describe.ts";
import type { AnyLayer, Weights } from "../layers/layer.ts";
import type { Described, Spec, Within } from "../layers/symbolic.ts";
import type { Named } from "../optimizers/state.ts";
import { type DType, FLOAT, isFloat } from "../values/dtype.ts";
import type { Dims, Shape } from "../values/shape.ts";

/** An output of a node: the inputs of a model are its first nodes, its calls the others, in their order. */
export interface Place {
  readonly node: number;
  readonly output: number;
}

/** An input or an output of a model: its name, the shape of one row, its type. */
export interface Port extends Spec {
  readonly name: string;
}

/** What a model is made of: calls of layers, each after what it takes. */
export interface GraphSpec {
  readonly inputs: readonly Port[];
  readonly calls: readonly CallSpec[];
  readonly outputs: readonly { readonly name?: string | undefined; readonly place: Place }[];
  /** Of the outputs (default "one"). */
  readonly form?: Form;
}

/** A call of a layer. */
export interface CallSpec {
  readonly layer: AnyLayer;
  /** Made unique in the model. */
  readonly name: string;
  /** The model that was called as a layer, whose name comes first. */
  readonly within?: Within | undefined;
  readonly inputs: readonly Place[];
  /** Where that is known already. */
  readonly described?: Described | undefined;
}

/** A call of a layer in its model, the layer built. */
export interface BuiltLayer {
  readonly layer: AnyLayer;
  /** Unique in the model. */
  readonly name: string;
  readonly inputs: readonly Place[];
  readonly inputSpecs: readonly Spec[];
  readonly outputs: readonly Spec[];
  /** Of its first output, without the batch. */
  readonly outputShape: Dims;
  /** The activation that its outputs go into as they are; "linear" where there is none. */
  readonly ahead: ActivationName;
  /** The layer's own, and for a plain function those that it uses. */
  readonly variables: readonly Variable<Shape, DType>[];
}

/** The graph of a model, built. */
export interface Graph {
  readonly inputs: readonly Port[];
  readonly calls: readonly BuiltLayer[];
  readonly outputs: readonly (Port & { readonly place: Place })[];
  readonly form: Form;
}

/** How a graph is built. */
export interface GraphOptions {
  /** The function that makes the model, for messages. */
  readonly where: string;
  readonly seed: number;
  /** What variables begin with, instead of what their initializers draw. */
  readonly weights?: Weights;
}

/** How the inputs or the outputs of a model are given: one alone, or several in a list or by name. */
export type Form = "one" | "list" | "record";

/** Layers one after the other. */
export function chain(
  input: Port,
  layers: readonly { layer: AnyLayer; name: string }[],
): GraphSpec {
  const calls = layers.map((call, i) => ({ ...call, inputs: [{ node: i, output: 0 }] }));
  return { inputs: [input], calls, outputs: [{ place: { node: calls.length, output: 0 } }] };
}

/** Names the calls, finds what they give, and then builds the layers. Where that fails, nothing was made. */
export function buildGraph(
  spec: GraphSpec,
  options: GraphOptions,
  check: (graph: Graph) => void,
): Graph {
  const names = namesOf(spec);
  const activations = activationsBehind(spec);
  const values: (readonly Spec[])[] = spec.inputs.map((input) => [input]);
  const described = spec.calls.map(({ layer, inputs, described }, i) => {
    const specs = inputs.map((place) => valueAt(place, values, spec, names, options));
    const about = { where: `${options.where}: `, ahead: activations[i]! };
    const found = described ?? layer.describe(specs, names[i]!, about);
    values.push(found.outputs);
    return { ...found, specs };
  });
  const fresh = new Set(spec.calls.map(({ layer }) => layer).filter(({ isBuilt }) => !isBuilt));
  try {
    const calls = spec.calls.map(({ layer, inputs, described: before }, i): BuiltLayer => {
      const { specs, outputs, used } = described[i]!;
      const [name, ahead] = [names[i]!, activations[i]!];
      // One that has its variables from another call may not fit here.
      if (!layer.isBuilt) layer.build(specs, { ...options, path: name, ahead });
      else if (before || fresh.has(layer)) layer.describe(specs, name);
      const theirs = used.filter(({ trainable }) => trainable) as unknown as typeof layer.variables;
      const variables = [...new Set([...layer.variables, ...theirs])];
      const outputShape = outputs[0]!.shape;
      return { layer, name, inputs, inputSpecs: specs, outputs, outputShape, ahead, variables };
    });
    const outputs = outputsOf(spec, names, values, options);
    const graph = { inputs: spec.inputs, calls, outputs, form: spec.form ?? "one" };
    check(graph);
    return graph;
  } catch (error) {
    for (const layer of fresh) layer.release();
    throw error;
  }
}

/** What a place gives, which a file may say of a node that has fewer outputs. */
function valueAt(
  { node, output }: Place,
  values: readonly (readonly Spec[])[],
  { inputs }: GraphSpec,
  names: readonly string[],
  { where }: GraphOptions,
): Spec {
  const found = values[node]![output];
  if (found !== undefined) return found;
  const name = inputs[node]?.name ?? names[node - inputs.length];
  throw new ArgumentError(`${where}: expected an output that "${name}" has, got number ${output}`);
}

/** Each name once: `dense`, `dense_1`; those of a model that was called begin with its own. */
function namesOf({ calls }: GraphSpec): string[] {
  const taken = new Map<string, number>();
  const models = new Map<Within, string>();
  return calls.map(({ name, within }) => {
    if (within === undefined) return unique(name, taken);
    if (!models.has(within)) models.set(within, unique(within.name, taken));
    return unique(`${models.get(within)}/${name}`, taken);
  });
}

/** The outputs, named after the calls that they come from where nothing else is said. */
function outputsOf(
  spec: GraphSpec,
  names: readonly string[],
  values: readonly (readonly Spec[])[],
  options: GraphOptions,
): Graph["outputs"] {
  const { where } = options;
  const { inputs, outputs } = spec;
  const taken = new Map<string, number>();
  return outputs.map(({ name, place }) => {
    const { shape, dtype } = valueAt(place, values, spec, names, options);
    const from = inputs[place.node]?.name ?? names[place.node - inputs.length]!;
    if (isFloat({ dtype })) return { name: name ?? unique(from, taken), shape, dtype, place };
    throw new ArgumentError(`${where}: outputs: expected ${FLOAT}, got ${dtype} from ${from}`);
  });
}

/** Who takes what: for each node the calls, by their numbers. */
export function consumersOf({
  inputs,
  calls,
}: {
  readonly inputs: readonly unknown[];
  readonly calls: readonly { readonly inputs: readonly Place[] }[];
}): readonly (readonly number[])[] {
  const consumers = [...inputs, ...calls].map((): number[] => []);
  calls.forEach((call, i) => {
    for (const { node } of call.inputs) consumers[node]!.push(i);
  });
  return consumers;
}

/** Behind each call, the first activation that elements go through, if nothing else happens to them before. */
function activationsBehind(spec: GraphSpec): ActivationName[] {
  const { inputs, calls } = spec;
  const consumers = consumersOf(spec);
  const behind = new Array<ActivationName>(calls.length).fill("linear");
  for (let i = calls.length - 1; i >= 0; i--) {
    const found = new Set(
      consumers[inputs.length + i]!.map((next): ActivationName => {
        const elementwise = elementwiseOf(calls[next]!.layer);
        return elementwise === "linear" ? behind[next]! : (elementwise ?? "linear");
      }),
    );
    if (found.size === 1) behind[i] = [...found][0]!;
  }
  return behind;
}

/** Any shape tells whether a plain function is an activation; one that needs another shape is none. */
const ANY_SHAPE = { shape: [2, 2], dtype: FLOAT } as const;

/** The row that a layer applies to every element; of a plain function, the one that a trace finds. */
function elementwiseOf(layer: AnyLayer): ActivationName | undefined {
  if (layer.config !== undefined) return layer.elementwise;
  try {
    const { inputs, result } = traceFunction([ANY_SHAPE], (x) =>
      context.run(OUTSIDE, () => returnedTensors("", layer.at(layer.path, x))),
    );
    const [only] = result as readonly Tensor[];
    const end = withoutViews(only!, inputs[0]!);
    if (end === inputs[0]) return "linear";
    const node = madeBy(end, activationOp);
    if (node === null || node.inputs[0] !== inputs[0]) return undefined;
    return (node.attrs as ActivationAttrs).activation;
  } catch {
    return undefined;
  }
}

/** All variables of a model, each once, named after the first call of the layer that has it. */
export function namedWeights({ calls }: Graph): Named[] {
  const names = new Map<Variable<Shape, DType>, string>();
  const add = (variable: Variable<Shape, DType>, name: string) => {
    if (!names.has(variable)) names.set(variable, name);
  };
  for (const { layer, name: call, variables } of calls) {
    for (const { name, variable } of layer.owned) add(variable, `${call}/${name}`);
    for (const variable of variables) add(variable, variable.name);
  }
  return [...names].map(([variable, name]) => ({ name, variable }));
}

/** What is walked along a graph: each call with the values of what it takes. */
export function walk<T>(
  { inputs, calls, outputs }: Pick<Graph, "inputs" | "calls" | "outputs">,
  given: readonly T[],
  call: (built: BuiltLayer, inputs: readonly T[]) => readonly T[],
): T[] {
  const values: (readonly T[])[] = inputs.map((_, i) => [given[i]!]);
  const at = ({ node, output }: Place): T => values[node]![output]!;
  for (const built of calls) values.push(call(built, built.inputs.map(at)));
  return outputs.map(({ place }) => at(place));
}

/** The layers' calls, each on what those before it gave. */
export function callGraph(graph: Graph, inputs: readonly AnyTensor[]): AnyTensor[] {
  return walk(graph, inputs, callBuilt);
}

/** One of the calls. */
export const callBuilt = (
  { layer, name }: BuiltLayer,
  inputs: readonly AnyTensor[],
): readonly AnyTensor[] => returnedTensors(name, layer.at(name, inputs));
