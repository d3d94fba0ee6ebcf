import type { Affine, AnyLayer } from "../layers/layer.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import { type BuiltLayer, consumersOf, type Graph } from "./graph.ts";

/** Layers in a row that outside training equal one layer; a layer that is not affine, and takes in nothing, is alone. */
export interface Run {
  readonly layers: readonly BuiltLayer[];
  /** Of each layer, which equal one dense layer; empty for a layer that is not affine. */
  readonly affines: readonly Affine[];
  /** Of the layers behind one that is not affine, which scale and shift its outputs. */
  readonly folded: readonly Affine[];
  readonly inputs: number;
  readonly outputs: number;
  /** Numbers in their variables. */
  readonly parameters: number;
}

/** The model as runs, as long as can be without a dense layer that is larger than those it replaces. */
export function linearRuns({ graph }: { readonly graph: Graph }): Run[] {
  const runs = new Set<Run>();
  const { before, affineOf, takesIn } = rows(graph);
  const folds = (last: Run, { affines }: Run) =>
    takesIn(last.layers[0]!) && affines.length > 0 && affines.every(({ diagonal }) => diagonal);
  const ending = new Map<BuiltLayer, Run>();
  for (const layer of graph.calls) {
    const affine = affineOf(layer);
    let run: Run = {
      layers: [layer],
      affines: affine ? [affine] : [],
      folded: [],
      inputs: layer.inputSpecs[0]?.shape.at(-1) ?? 1,
      outputs: layer.outputShape.at(-1) ?? 1,
      parameters: layer.variables.reduce((total, variable) => total + sizeOf(variable.shape), 0),
    };
    for (;;) {
      const end = before(run.layers[0]!);
      const last = end && ending.get(end);
      if (!last) break;
      if (folds(last, run)) run = fold(last, run);
      else if (worthJoining(last, run)) run = join(last, run);
      else break;
      runs.delete(last);
    }
    runs.add(run);
    ending.set(layer, run);
  }
  return [...runs];
}

/** Has it weights that those of a dense layer beside it could take in? */
const weighs = ({ variables }: BuiltLayer, affine: Affine | undefined): boolean =>
  variables.length > 0 && affine?.learns !== true;

/** Layers with weights from which the next ones with weights are reached without an activation. */
export function linearlyJoined({ graph }: { readonly graph: Graph }): string[] {
  const { joinedTo } = rows(graph);
  return graph.calls.filter(joinedTo).map(({ name }) => name);
}

/** What layers say of their places, in sentences. */
function layerDoubts({ graph }: { readonly graph: Graph }): string[] {
  const { joinedTo } = rows(graph);
  return graph.calls.flatMap(
    (call) => call.layer.doubts?.(call, joinedTo(call), graph.inputs) ?? [],
  );
}

/**
 * Where layers stand in a row: one takes what the other gives, and nobody else does. A layer that is called twice has
 * weights that are not for one place to change, so that it is not affine here.
 */
function rows(graph: Graph) {
  const { inputs, calls, outputs } = graph;
  const consumers = consumersOf(graph);
  const given = new Set(outputs.map(({ place }) => place.node));
  const before = ({ inputs: taken }: BuiltLayer): BuiltLayer | undefined => {
    const node = taken[0]!.node;
    const alone = taken.length === 1 && consumers[node]!.length === 1 && !given.has(node);
    return alone ? calls[node - inputs.length] : undefined;
  };
  const following = new Map(calls.map((call) => [before(call), call]));
  const times = new Map<AnyLayer, number>();
  for (const { layer } of calls) times.set(layer, (times.get(layer) ?? 0) + 1);
  const isFixed = ({ layer, variables }: BuiltLayer) =>
    variables.length > 0 && times.get(layer)! > 1;
  const affineOf = (layer: BuiltLayer): Affine | undefined => {
    const shape = layer.inputSpecs[0]!.shape;
    return shape.at(-1) === null || isFixed(layer) ? undefined : layer.layer.affine(shape as Shape);
  };
  const takesIn = (layer: BuiltLayer) => layer.layer.outputsAxis !== undefined && !isFixed(layer);
  const kindOf = (built: BuiltLayer): "linear" | "activated" | undefined => {
    const { layer, variables } = built;
    const affine = affineOf(built);
    if (affine !== undefined) return affine.activation === undefined ? "linear" : "activated";
    return variables.length === 0 && layer.elementwise === "linear" ? "linear" : layer.sums;
  };
  const weighted = (layer: BuiltLayer) => weighs(layer, affineOf(layer));
  /** Has it fewer channels than it takes, as few numbers instead of many products are meant to have? */
  const squeezes = ({ layer, inputSpecs, outputShape }: BuiltLayer) =>
    layer.sums !== undefined && outputShape.at(-1)! < inputSpecs[0]!.shape.at(-1)!;
  const joinedTo = (layer: BuiltLayer): BuiltLayer | undefined => {
    if (!weighted(layer) || kindOf(layer) !== "linear" || squeezes(layer)) return undefined;
    let next = following.get(layer);
    while (next !== undefined && kindOf(next) === "linear" && !weighted(next)) {
      next = following.get(next);
    }
    return next && kindOf(next) && next;
  };
  return { before, joinedTo, affineOf, takesIn };
}

const join = (a: Run, b: Run): Run => ({
  layers: [...a.layers, ...b.layers],
  affines: [...a.affines, ...b.affines],
  folded: a.folded,
  inputs: a.inputs,
  outputs: b.outputs,
  parameters: a.parameters + b.parameters,
});

/** What scales and shifts the outputs of a layer that takes it in. */
const fold = (a: Run, { affines, ...b }: Run): Run => ({
  ...join(a, { ...b, affines: [] }),
  folded: [...a.folded, ...affines],
});

/** A run without parameters may follow or precede any; an activation ends a run. */
function worthJoining(a: Run, b: Run): boolean {
  const last = a.affines.at(-1);
  if (last === undefined || last.activation !== undefined || b.affines.length === 0) return false;
  const parameters = a.parameters + b.parameters;
  return parameters === 0 || a.inputs * b.outputs <= parameters;
}

/** Parameters of the one dense layer that equals a run. */
export const mergedParameters = ({ inputs, outputs, affines }: Run): number =>
  inputs * outputs + (affines.some(({ shifts }) => shifts) ? outputs : 0);

/** A sentence for each run of layers with weights that does the work of a smaller layer, and what layers say of their places. */
export function linearStacks(model: { readonly graph: Graph }): string[] {
  const stacks = linearRuns(model).flatMap((run) => {
    const stacked = run.layers.filter((layer, i) => weighs(layer, run.affines[i]));
    const merged = mergedParameters(run);
    if (stacked.length < 2 || run.affines.length === 0 || merged >= run.parameters) return [];
    const calls = stacked.map(({ layer, outputShape }) => `${layer.type}(${outputShape.at(-1)})`);
    const [all, enough] = [run.parameters, merged].map((n) => n.toLocaleString("en-US"));
    return [
      `compile(): ${calls.join(" then ")} without an activation between them equal one dense layer: ` +
        `${all} parameters do the work of ${enough}; give ${stacked[0]!.name} an activation, such as "relu", or make it one layer with collapse(model)`,
    ];
  });
  return [...stacks, ...layerDoubts(model)];
}
