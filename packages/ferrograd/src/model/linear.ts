import type { Affine } from "../layers/layer.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import type { BuiltLayer } from "./build.ts";

/** What is asked of a model here. */
export interface Layered {
  readonly built: readonly BuiltLayer[];
  readonly inputShape: Shape;
}

/** Layers in a row that outside training equal one dense layer; a layer that is not affine is alone. */
export interface Run {
  readonly layers: readonly BuiltLayer[];
  /** Of each layer; empty for a layer that is not affine. */
  readonly affines: readonly Affine[];
  readonly inputs: number;
  readonly outputs: number;
  /** Numbers in their variables. */
  readonly parameters: number;
}

/** The model as runs, as long as can be without a dense layer that is larger than those it replaces. */
export function linearRuns({ built, inputShape }: Layered): Run[] {
  const runs: Run[] = [];
  built.forEach((layer, i) => {
    const shape = built[i - 1]?.outputShape ?? inputShape;
    const affine = layer.layer.affine(shape);
    let run: Run = {
      layers: [layer],
      affines: affine ? [affine] : [],
      inputs: shape.at(-1) ?? 1,
      outputs: layer.outputShape.at(-1) ?? 1,
      parameters: layer.variables.reduce((total, variable) => total + sizeOf(variable.shape), 0),
    };
    for (let last = runs.at(-1); last && worthJoining(last, run); last = runs.at(-1)) {
      run = join(last, run);
      runs.pop();
    }
    runs.push(run);
  });
  return runs;
}

/** Layers with weights from which the next ones with weights are reached without an activation. */
export function linearlyJoined({ built, inputShape }: Layered): string[] {
  const affines = built.map(({ layer }, i) =>
    layer.affine(built[i - 1]?.outputShape ?? inputShape),
  );
  const weighted = (i: number) => built[i]!.variables.length > 0;
  const joined = (_layer: BuiltLayer, i: number): boolean => {
    if (!weighted(i) || affines[i] === undefined || affines[i].activation !== undefined)
      return false;
    let next = i + 1;
    while (affines[next] !== undefined && !weighted(next)) next++;
    return affines[next] !== undefined;
  };
  return built.filter(joined).map(({ name }) => name);
}

const join = (a: Run, b: Run): Run => ({
  layers: [...a.layers, ...b.layers],
  affines: [...a.affines, ...b.affines],
  inputs: a.inputs,
  outputs: b.outputs,
  parameters: a.parameters + b.parameters,
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

/** A sentence for each run of layers with weights that does the work of a smaller layer. */
export function linearStacks(model: Layered): string[] {
  return linearRuns(model).flatMap((run) => {
    const stacked = run.layers.filter(({ variables }) => variables.length > 0);
    const merged = mergedParameters(run);
    if (stacked.length < 2 || run.affines.length === 0 || merged >= run.parameters) return [];
    const calls = stacked.map(({ layer, outputShape }) => `${layer.type}(${outputShape.at(-1)})`);
    const [all, enough] = [run.parameters, merged].map((n) => n.toLocaleString("en-US"));
    return [
      `compile(): ${calls.join(" then ")} without an activation between them equal one dense layer: ` +
        `${all} parameters do the work of ${enough}; give ${stacked[0]!.name} an activation, such as "relu", or make it one layer with collapse(model)`,
    ];
  });
}
