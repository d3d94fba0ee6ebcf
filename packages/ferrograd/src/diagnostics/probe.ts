import { grad } from "../compile/differentiate.ts";
import { Executable } from "../compile/executable.ts";
import { traceFunction } from "../compile/jit.ts";
import { topological } from "../compile/order.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import type { Variable } from "../graph/leaf.ts";
import { logitsOf, meaningOf } from "../graph/meaning.ts";
import { madeBy } from "../graph/op.ts";
import { activationOp } from "../graph/ops/elementwise.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { withoutViews } from "../graph/ops/shape.ts";
import type { ActivationAttrs } from "../graph/ops/step.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { Fans } from "../initializers/initializers.ts";
import { context } from "../layers/context.ts";
import { sized } from "../layers/describe.ts";
import { activeRow } from "../layers/layer.ts";
import type { Targets } from "../losses/loss.ts";
import { type BuiltLayer, callBuilt, consumersOf, walk } from "../model/graph.ts";
import type { Model } from "../model/model.ts";
import type { Training } from "../training/heads.ts";
import { totalLoss } from "../training/measures.ts";
import { fillSamples, type Samples } from "../training/samples.ts";
import { type DType, isFloat } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import { Matrix } from "./statistics.ts";

/** A row of the activation table with its numbers, as a layer uses it. */
export type { ActivationAttrs };

/** What a layer computed for every row of the probe, and the gradients of the mean loss. */
export interface LayerReading {
  readonly name: string;
  readonly activation: ActivationName;
  readonly attrs: ActivationAttrs;
  /** Of the outputs, with the batch. */
  readonly shape: Shape;
  /** The activation that the layer's products go through: its own, or that of a layer behind it. */
  readonly active: ActivationName;
  /** x (rows, in), the first that is not of integers; undefined where there is none. */
  readonly input: Matrix | undefined;
  /** z (rows, units); the outputs where there is no activation */
  readonly preActivation: Matrix;
  /** f'(z) (rows, units); undefined where there is no activation */
  readonly slope: Matrix | undefined;
  /** y = f(z) (rows, units) */
  readonly output: Matrix;
  /** dL/dy (rows, units); dL/dz where the loss takes z itself, as a cross-entropy does */
  readonly gradient: Matrix;
  /** Is the gradient dL/dz? */
  readonly fused: boolean;
  readonly weights: readonly WeightReading[];
  /** Names of the layers that take what it gives. */
  readonly consumers: readonly string[];
}

/** A variable and its gradient; of a kernel (in, units), of a bias (1, units). */
export interface WeightReading {
  readonly variable: Variable<Shape, DType>;
  /** Of the variable with its units last. */
  readonly shape: Shape;
  readonly value: Matrix;
  readonly gradient: Matrix;
  /** Inputs and outputs of a unit, where the layer says; else they are as the shape has them. */
  readonly fans: Fans | undefined;
}

/** The kernel that leads to a layer's units, of so many inputs at least; the last, where one follows another. */
export const kernelOf = ({ weights, output }: LayerReading, least = 1): WeightReading | undefined =>
  weights.findLast(
    ({ value, shape }) => shape.length > 1 && value.rows >= least && value.units === output.units,
  );

/** The tensors of one layer in a trace. */
export interface Traced {
  readonly built: BuiltLayer;
  readonly attrs: ActivationAttrs;
  readonly x: Tensor | undefined;
  readonly z: Tensor;
  readonly y: Tensor;
  readonly active: boolean;
}

const LINEAR: ActivationAttrs = { activation: "linear", p0: 0, p1: 0 };

/**
 * A program beside those that train: it reads the model's variables, computes every activation and
 * gradient of some rows, and writes no variable. Layers run as in prediction, so dropout is off, but for batch normalization,
 * which has the statistics of these rows.
 */
export class Probe {
  private readonly executable: Executable;
  private readonly traced: readonly Traced[] = [];
  private readonly outputs: readonly AnyTensor[];
  private readonly gradients: ReadonlyMap<AnyTensor, AnyTensor>;
  private readonly slopes: ReadonlyMap<AnyTensor, AnyTensor>;

  private readonly consumers: ReadonlyMap<string, readonly string[]>;
  /** Variables and their gradients with the units last, of those that have them elsewhere. */
  private readonly turned = new Map<AnyTensor, readonly [value: Tensor, gradient: Tensor]>();

  constructor(model: Model<never>, training: Training, samples: Samples) {
    const { heads } = training;
    const { graph } = model;
    const labels = heads.map(({ loss }, i) => ({
      shape: samples.targets[i]!.shape,
      dtype: loss.labels,
    }));
    const features = featuresOf(model, samples);
    const { seed, stepVariable: step } = model;
    const traced: Traced[] = [];
    const gradients = new Map<AnyTensor, AnyTensor>();
    const slopes = new Map<AnyTensor, AnyTensor>();
    let outputs: AnyTensor[] = [];
    const { inputs } = traceFunction([...features, ...labels], (placeholders) =>
      context.run({ training: false, seed, step }, () => {
        const values = walk<AnyTensor>(graph, placeholders, (built, given) => {
          const outputs = callAsTrained(built, given);
          if (isFloat(outputs[0]!)) traced.push(traceLayer(built, given, outputs));
          return outputs;
        });
        const losses = heads.map(({ loss }, i) => {
          const target = placeholders[features.length + i] as Targets;
          return mean(loss.call(target, values[i] as Tensor));
        });
        const loss = totalLoss(losses, heads);
        const reached = influencing(loss);
        const ends = traced.map((layer) => gradientAt(layer, reached));
        const wanted = [...new Set<AnyTensor>([...ends, ...model.variables])].filter((tensor) =>
          reached.has(tensor),
        );
        const found = grad(loss, wanted);
        wanted.forEach((tensor, i) => {
          gradients.set(tensor, found[i]!);
        });
        for (const { z, y, active } of traced) {
          if (active) slopes.set(z, grad(sum(y), [z])[0]!);
        }
        for (const { variable, options } of traced.flatMap(({ built }) => built.layer.owned)) {
          const [turn, gradient] = [options?.unitsLast, gradients.get(variable)];
          if (turn && gradient) {
            this.turned.set(variable, [turn(variable as Tensor), turn(gradient as Tensor)]);
          }
        }
        const read = traced.flatMap(({ x, z, y }) => (x === undefined ? [z, y] : [x, z, y]));
        const turned = [...this.turned.values()].flat();
        outputs = [...new Set<AnyTensor>([loss, ...read, ...found, ...slopes.values(), ...turned])];
        return outputs;
      }),
    );
    this.traced = traced;
    this.outputs = outputs;
    this.gradients = gradients;
    this.slopes = slopes;
    const takers = consumersOf(graph);
    this.consumers = new Map(
      graph.calls.map(({ name }, i) => [
        name,
        takers[graph.inputs.length + i]!.map((next) => graph.calls[next]!.name),
      ]),
    );
    // Statistics of layers are not written.
    this.executable = new Executable({ inputs, outputs, effects: [] });
  }

  /** The activations of its layers. */
  get activations(): readonly ActivationAttrs[] {
    return this.traced.filter(({ active }) => active).map(({ attrs }) => attrs);
  }

  /**
   * The loss and the readings of every layer for rows of the shape it was made for. What they hold
   * lies in the core: it is valid until something runs there.
   */
  read(samples: Samples): { loss: number; layers: LayerReading[] } {
    const { executable, outputs } = this;
    fillSamples(executable, { ...samples, weights: [] }, 0, samples.inputs[0]!.shape[0]!);
    executable.run();
    const matrices = new Map(
      outputs.map((tensor, i) => {
        const { block, offset } = executable.outputs[i]!;
        return [tensor, new Matrix(block, offset, tensor)] as const;
      }),
    );
    const matrix = (tensor: AnyTensor): Matrix => matrices.get(tensor)!;
    const gradient = (tensor: AnyTensor) => matrix(this.gradients.get(tensor)!);
    const layers = this.traced.map(({ built, attrs, x, z, y }): LayerReading => {
      const slope = this.slopes.get(z);
      const end = gradientAt({ x, z, y }, this.gradients);
      return {
        name: built.name,
        consumers: this.consumers.get(built.name)!,
        activation: attrs.activation,
        attrs,
        shape: y.shape,
        active: activeRow(attrs.activation, built.ahead),
        input: x && matrix(x),
        preActivation: matrix(z),
        slope: slope && matrix(slope),
        output: matrix(y),
        gradient: gradient(end),
        fused: end !== y,
        weights: built.variables
          .filter((variable) => this.gradients.has(variable))
          .map((variable) => this.weight(built, variable, matrix)),
      };
    });
    return { loss: matrix(outputs[0]!).values[0]!, layers };
  }

  private weight(
    { layer }: BuiltLayer,
    variable: Variable<Shape, DType>,
    matrix: (tensor: AnyTensor) => Matrix,
  ): WeightReading {
    const owned = layer.owned.find((own) => own.variable === variable);
    const [turned, turnedGradient] = this.turned.get(variable) ?? [];
    return {
      ...{ variable, shape: (turned ?? variable).shape, fans: owned?.options?.fans },
      value: turned ? matrix(turned) : new Matrix(variable.block, 0, variable),
      gradient: matrix(turnedGradient ?? this.gradients.get(variable)!),
    };
  }

  dispose(): void {
    this.executable.dispose();
  }
}

/**
 * Calls a layer as in prediction, but for those that learn from batches as they train: gradients go through the statistics
 * of a batch then, which the running ones may be far from.
 */
export function callAsTrained(
  built: BuiltLayer,
  given: readonly AnyTensor[],
): readonly AnyTensor[] {
  const { layer, inputSpecs } = built;
  const training = layer.affine(sized(inputSpecs[0]!.shape))?.learns === true;
  return context.run({ ...context.get(), training }, () => callBuilt(built, given));
}

/** What a model takes, for as many rows as there are. */
export const featuresOf = ({ graph }: Model<never>, { inputs }: Samples) =>
  graph.inputs.map(({ dtype }, i) => ({ shape: inputs[i]!.shape, dtype }));

/** A call's first input and output, with the activation that ends it, looking through changes of shape. */
export function traceLayer(
  built: BuiltLayer,
  given: readonly AnyTensor[],
  [first]: readonly AnyTensor[],
): Traced {
  const x = given.find(isFloat) as Tensor | undefined;
  const y = first as Tensor;
  const end = withoutViews(y, given[0]!);
  const node = end === given[0] ? null : madeBy(end, activationOp);
  if (node !== null) {
    const z = node.inputs[0] as Tensor;
    return { built, attrs: node.attrs as ActivationAttrs, x, z, y, active: true };
  }
  return { built, attrs: LINEAR, x, z: y, y, active: false };
}

/** Where a layer's gradient is read: at y, or at its logits, where the loss takes these and leaves y aside. */
function gradientAt(
  { x, z, y }: Pick<Traced, "x" | "z" | "y">,
  reached: { has(tensor: AnyTensor): boolean },
): AnyTensor {
  const logits = logitsOf(meaningOf(y)) ?? z;
  return [y, logits, z, x].find((tensor) => tensor && reached.has(tensor)) ?? y;
}

/** What the loss is computed from: a cross-entropy may take logits and leave the outputs aside. */
function influencing(loss: AnyTensor): Set<AnyTensor> {
  return new Set(topological([loss]).flatMap(({ inputs }) => inputs));
}
