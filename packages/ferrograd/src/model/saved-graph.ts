import { FormatError } from "../errors.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { repeated, show } from "../options/index.ts";
import { isFloat, SAVED } from "../values/dtype.ts";
import { type Dims, isOpen, showShape } from "../values/shape.ts";
import type { CallSpec, Form, Graph, GraphSpec, Place, Port } from "./graph.ts";
import { isCount, isObject } from "./json.ts";

/** A node and which of its outputs: inputs are the first nodes, calls the others. */
type SavedPlace = readonly [node: number, output: number];

/** The graph of a model in the metadata of a file, from format 2 on. */
export interface SavedGraph {
  readonly inputs: readonly Port[];
  /** In an order in which each comes after what it takes. */
  readonly calls: readonly {
    /** Which of the layers. */
    readonly layer: number;
    readonly name: string;
    readonly inputs: readonly SavedPlace[];
  }[];
  readonly outputs: readonly { readonly name: string; readonly from: SavedPlace }[];
  readonly form: Form;
}

/** Most layers, inputs, calls and outputs of a file, each. */
export const MOST = 10_000;

/** The layers of a graph, each once, in the order of their first calls. */
export const layersOf = ({ calls }: Graph): readonly AnyLayer[] => [
  ...new Set(calls.map(({ layer }) => layer)),
];

/**
 * The graph as a file has it; undefined of layers one after the other, which the first format says all of: so whoever
 * reads only that can read them.
 */
export function savedGraph(graph: Graph): SavedGraph | undefined {
  const { inputs, calls, outputs, form } = graph;
  const layers = layersOf(graph);
  const isStack =
    inputs.length === 1 &&
    isFloat(inputs[0]!) &&
    !isOpen(inputs[0]!) &&
    layers.length === calls.length &&
    calls.every((call, i) => call.inputs.length === 1 && isAt(call.inputs[0]!, i)) &&
    calls.every(({ name, layer }) => !name.includes("/") && frozenParts(layer).length === 0) &&
    form === "one" &&
    isAt(outputs[0]!.place, calls.length);
  if (isStack) return undefined;
  return {
    inputs,
    calls: calls.map(({ layer, name, inputs: taken }) => ({
      layer: layers.indexOf(layer),
      name,
      inputs: taken.map(saved),
    })),
    outputs: outputs.map(({ name, place }) => ({ name, from: saved(place) })),
    form,
  };
}

const isAt = ({ node, output }: Place, at: number): boolean => node === at && output === 0;
const saved = ({ node, output }: Place): SavedPlace => [node, output];

/** Which of a layer and the layers in it are frozen, by their places in `parts`. */
export const frozenParts = ({ parts }: AnyLayer): number[] =>
  parts.flatMap(({ trainable }, i) => (trainable ? [] : [i]));

/** The graph of a file with its layers, refused where it is none. */
export function restoredGraph(saved: unknown, layers: readonly AnyLayer[]): GraphSpec {
  if (!isObject(saved)) throw refused("an object", saved);
  const { form } = saved;
  const inputs = listOf("inputs", saved.inputs, portOf);
  twice("input", inputs);
  const first = inputs.length;
  const names = listOf("calls", saved.calls, (what, call) => textOf(what, call.name));
  const nameOf = (node: number) => inputs[node]?.name ?? names[node - first];
  const placeOf = (what: string, value: unknown, before: number): Place => {
    const [node, output] = Array.isArray(value) ? (value as unknown[]) : [];
    if (!isCount(node) || !isCount(output)) throw refused(`${what} as [node, output]`, value);
    if (node < before) return { node, output };
    const name = nameOf(node);
    if (name === undefined) throw refused(`${what}: a node that is there`, `node ${node}`);
    throw refused(`${what}: calls after what they take`, `a cycle through "${name}"`);
  };
  const calls = listOf("calls", saved.calls, (what, call, i): CallSpec => {
    const layer = isCount(call.layer) ? layers[call.layer] : undefined;
    if (layer === undefined) throw refused(`${what}: one of ${layers.length} layers`, call.layer);
    const taken = listOf(`${what}.inputs`, call.inputs, (at, place) =>
      placeOf(at, place, first + i),
    );
    if (taken.length === 0) throw refused(`${what}: inputs`, "none");
    return { layer, name: names[i]!, inputs: taken };
  });
  twice("call", calls);
  const outputs = listOf("outputs", saved.outputs, (what, { name, from }) => ({
    name: textOf(what, name),
    place: placeOf(what, from, first + calls.length),
  }));
  twice("output", outputs);
  if (inputs.length === 0 || outputs.length === 0) throw refused("inputs and outputs", "none");
  const isForm = form === "list" || form === "record" || (form === "one" && outputs.length === 1);
  if (!isForm) throw refused('form "one", "list" or "record"', form);
  return { inputs, calls, outputs, form };
}

function portOf(what: string, { name, shape, dtype }: Record<string, unknown>): Port {
  const isShape =
    Array.isArray(shape) && shape.every((size) => size === null || (isCount(size) && size > 0));
  const type = SAVED.find((one) => one === dtype);
  if (!isShape || type === undefined) {
    const got = isShape ? show(dtype) : Array.isArray(shape) ? showShape(shape) : show(shape);
    throw refused(`${what}: a shape and a type`, got);
  }
  return { name: textOf(what, name), shape: shape as Dims, dtype: type };
}

function listOf<T>(
  what: string,
  value: unknown,
  item: (what: string, value: Record<string, unknown>, i: number) => T,
): T[] {
  if (!Array.isArray(value)) throw refused(`${what}: a list`, value);
  if (value.length > MOST) throw refused(`${what}: at most ${MOST}`, `${value.length} of them`);
  return value.map((one: unknown, i) => {
    if (typeof one !== "object" || one === null) throw refused(`${what}[${i}]`, one);
    return item(`${what}[${i}]`, one as Record<string, unknown>, i);
  });
}

function textOf(what: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw refused(`${what}: a name`, value);
}

function twice(kind: string, named: readonly { readonly name?: string | undefined }[]): void {
  const name = repeated(named.map((one) => one.name!));
  if (name !== undefined) throw refused(`the name of each ${kind} once`, `"${name}" twice`);
}

function refused(expected: string, got: unknown): FormatError {
  const shown = typeof got === "string" ? got : show(got);
  return new FormatError(
    `loadModel(): metadata "model": graph: expected ${expected}, got ${shown.slice(0, 200)}`,
  );
}
