import { ArgumentError, ShapeError } from "../errors.ts";
import {
  type Call,
  callOn,
  IN_LAYER,
  isSymbolic,
  type SymbolicTensor,
} from "../layers/symbolic.ts";
import { listOf, oneOf, repeated, show, text } from "../options/index.ts";
import { fitsDims, showShape } from "../values/shape.ts";
import { type CallSpec, type Graph, type GraphSpec, type Place, type Port, walk } from "./graph.ts";

/** A symbolic tensor with the name that it was given under, if any. */
export interface Given {
  readonly name: string | undefined;
  readonly tensor: SymbolicTensor;
}

/** The calls that lead from inputs to outputs, in the order in which they were made. */
export function graphOf(
  where: string,
  inputs: readonly Given[],
  outputs: readonly Given[],
): Pick<GraphSpec, "inputs" | "calls" | "outputs"> {
  const given = new Map(inputs.map(({ tensor }, i) => [tensor, i]));
  const reached = new Set<SymbolicTensor>();
  const found = new Set<Call>();
  const stack = outputs.map(({ tensor }) => tensor);
  for (let tensor = stack.pop(); tensor !== undefined; tensor = stack.pop()) {
    reached.add(tensor);
    const { origin } = tensor;
    if (origin.kind === "input") {
      if (!given.has(tensor)) throw unreached(where, tensor, outputs);
    } else if (!found.has(origin.call)) {
      found.add(origin.call);
      stack.push(...origin.call.inputs);
    }
  }
  const ports = portsOf(where, inputs);
  const idle = inputs.findIndex(({ tensor }) => !reached.has(tensor));
  if (idle >= 0) {
    throw new ArgumentError(
      `${where}: inputs: expected what the outputs are made of, got ${show(ports[idle]!.name)}, which reaches none of them`,
    );
  }
  const calls = [...found].sort((a, b) => a.id - b.id);
  const nodes = new Map(calls.map((call, i) => [call, inputs.length + i]));
  const placeOf = (tensor: SymbolicTensor): Place => {
    const { origin } = tensor;
    if (origin.kind === "input") return { node: given.get(tensor)!, output: 0 };
    return { node: nodes.get(origin.call)!, output: origin.index };
  };
  return {
    inputs: ports,
    calls: calls.map((call): CallSpec => ({ ...call, inputs: call.inputs.map(placeOf) })),
    outputs: outputs.map(({ name, tensor }) => ({ name, place: placeOf(tensor) })),
  };
}

function unreached(where: string, { origin }: SymbolicTensor, outputs: readonly Given[]): Error {
  const name = origin.kind === "input" ? origin.name : undefined;
  const which = outputs.map((output) => output.name).filter((one) => one !== undefined);
  const named = which.length > 0 ? ` (${which.join(", ")})` : "";
  return new ArgumentError(
    `${where}: outputs${named}: expected tensors that come from the inputs given, got one that also needs ` +
      `an input ${name === undefined ? "without a name" : show(name)} which is not among them`,
  );
}

/** The inputs with their names: as given, as their makers said, or else `input`, `input_1`. */
function portsOf(where: string, inputs: readonly Given[]): Port[] {
  const taken = new Set<string>();
  const said = inputs.map(({ name, tensor: { origin } }) =>
    origin.kind === "input" ? (name ?? origin.name) : undefined,
  );
  for (const name of said) {
    if (name === undefined) continue;
    if (taken.has(name)) {
      throw new ArgumentError(`${where}: inputs: expected each name once, got ${show(name)} twice`);
    }
    taken.add(name);
  }
  return inputs.map(({ tensor: { shape, dtype, origin } }, i) => {
    if (origin.kind === "call") {
      throw new ArgumentError(
        `${where}: inputs: expected what input() made, got what ${show(origin.call.name)} gives`,
      );
    }
    let name = said[i] ?? "input";
    for (let n = 1; said[i] === undefined && taken.has(name); n++) name = `input_${n}`;
    taken.add(name);
    return { name, shape, dtype };
  });
}

/** A model called on what is still to come: its layers' calls again, named after it. */
export function callModel(
  where: string,
  { name, graph }: { readonly name: string; readonly graph: Graph },
  given: readonly unknown[],
): SymbolicTensor[] {
  const { inputs } = graph;
  const tensors = given.map((tensor, i) => {
    if (!isSymbolic(tensor)) {
      throw new ArgumentError(
        `${where}: expected a symbolic tensor, got ${show(tensor)}${IN_LAYER}`,
      );
    }
    fits(where, inputs[i]!, tensor);
    return tensor;
  });
  const within = { name };
  return walk<SymbolicTensor>(graph, tensors, (built, taken) => {
    const made = callOn(built.layer, taken, built.name, within);
    return Array.isArray(made) ? made : [made];
  });
}

function fits(where: string, port: Port, { shape, dtype }: SymbolicTensor): void {
  if (fitsDims(shape, port.shape) && dtype === port.dtype) return;
  throw new ShapeError(
    `${where}: input ${show(port.name)}: expected ${port.dtype} ${showShape(port.shape)}, got ${dtype} ${showShape(shape)}`,
  );
}

/** The calls of a graph that lead to some of its layers, whose outputs are those of the part. */
export function partOf(where: string, graph: Graph, names: unknown): GraphSpec {
  const known = graph.calls.map(({ name }) => name);
  const isList = Array.isArray(names);
  const wanted = isList ? listOf(where, "names", names, text) : [text(where, "name", names)];
  const ends = wanted.map((name) => known.indexOf(oneOf(where, "layer", name, known)));
  const twice = repeated(wanted);
  if (ends.length === 0 || twice !== undefined) {
    const got = twice === undefined ? "none" : `${show(twice)} twice`;
    throw new ArgumentError(`${where}: names: expected layers, each once, got ${got}`);
  }
  const first = graph.inputs.length;
  const needed = new Set<number>();
  const stack = ends.map((end) => first + end);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    stack.push(...(graph.calls[node - first]?.inputs.map((place) => place.node) ?? []));
  }
  const kept = [...graph.inputs, ...graph.calls]
    .map((_, node) => node)
    .filter((n) => needed.has(n));
  const nodes = new Map(kept.map((node, i) => [node, i]));
  const moved = ({ node, output }: Place): Place => ({ node: nodes.get(node)!, output });
  return {
    inputs: graph.inputs.filter((_, node) => needed.has(node)),
    calls: graph.calls
      .filter((_, i) => needed.has(first + i))
      .map(({ layer, name, inputs }) => ({ layer, name, inputs: inputs.map(moved) })),
    outputs: ends.map((end, i) => ({
      name: wanted[i]!,
      place: moved({ node: first + end, output: 0 }),
    })),
    form: isList ? "record" : "one",
  };
}
