import { ACTIVATIONS } from "../../engine/ops.generated.ts";
import { ArgumentError, ShapeError } from "../../errors.ts";
import type { Variable } from "../../graph/leaf.ts";
import type { ActivationFunction, ActivationOption } from "../../graph/ops/activation.ts";
import { channelsFirst, type Windows, windowsOf } from "../../graph/ops/conv.ts";
import { add as plus } from "../../graph/ops/elementwise.ts";
import { type Padding, perAxis } from "../../graph/ops/window-shape.ts";
import { SPATIAL } from "../../graph/ops/windows.ts";
import type { Constraint, Regularizer } from "../../graph/rule.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  type InitializerName,
  initializerOf,
  namedInitializers,
} from "../../initializers/by-name.ts";
import { type Fans, type Initializer, zeros } from "../../initializers/initializers.ts";
import { boolean, checkOptions, show } from "../../options/index.ts";
import { type Dims, type Shape, showShape, sizeOf } from "../../values/shape.ts";
import { activatedBy, numbersOf } from "../activated.ts";
import { createLayer } from "../create.ts";
import { activeRow, type Config, type Layer, type VariableOptions } from "../layer.ts";
import { penalize, rulesOf } from "../rules.ts";
import { firstDoubt, joinedDoubt } from "./doubts.ts";

/** A number for all axes, or one for each. */
export type PerAxis = number | readonly number[];

/** Options that all layers of windows with weights have, beside those of their activation. */
export interface ConvolutionOptions<N extends ActivationOption = ActivationOption> {
  /** Pixels from one window to the next (default 1). */
  readonly strides?: PerAxis;
  /** Default "valid". */
  readonly padding?: Padding;
  /** Pixels from one tap to the next (default 1). */
  readonly dilationRate?: PerAxis;
  /** As in `dense`: a row of the activation table (default "linear": none), or a function of a tensor. */
  readonly activation?: N | ActivationFunction;
  /** Add a bias (default true). */
  readonly useBias?: boolean;
  /** Default zeros. */
  readonly biasInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the bias, such as `regularizers.l2(1e-4)` (default none). */
  readonly biasRegularizer?: Regularizer;
  /** The same for the outputs, in the mean over the rows of the batch. */
  readonly activityRegularizer?: Regularizer;
  /** What each step makes of the bias, such as `constraints.maxNorm(2)` (default nothing). */
  readonly biasConstraint?: Constraint;
  /** Its name in messages, summaries and files (default `conv2d`, `conv2d_1`, ...). */
  readonly name?: string;
}

/** Options of `conv1d` and `conv2d`. */
export interface ConvLayerOptions<N extends ActivationOption = ActivationOption>
  extends ConvolutionOptions<N> {
  /** Into how many groups channels and filters are cut, each for itself (default 1). */
  readonly groups?: number;
  /** Default: what suits the activation, as in `dense`; a unit's inputs are the taps times its group's channels. */
  readonly kernelInitializer?: InitializerName | Initializer;
  /** What is added to the loss for the kernel (default none). */
  readonly kernelRegularizer?: Regularizer;
  /** What each step makes of the kernel (default nothing). */
  readonly kernelConstraint?: Constraint;
}

/** A kernel of a layer: its variable, whose units have so many inputs and outputs. */
export interface KernelSpec {
  readonly name: string;
  /** What the names of its options begin with: Initializer, Regularizer, Constraint. */
  readonly option: string;
  shape(channels: number): Shape;
  fans(channels: number): Fans;
  readonly unitsLast?: VariableOptions["unitsLast"];
}

/** What one of the layers is, beside the options that all have. */
export interface ConvolutionSpec {
  readonly type: string;
  /** Axes of the windows: 1 or 2. */
  readonly rank: number;
  /** What the layer has of its own, checked, for files. */
  readonly own: Config;
  /** Names of those that are options. */
  readonly options: readonly string[];
  readonly kernels: readonly KernelSpec[];
  /** Does it keep channels, or groups of them, apart, so that what mixes them comes behind it? */
  readonly separate?: boolean;
  /** May the padding be "causal"? */
  readonly causal?: boolean;
  /** The axis of the last kernel which has the outputs (default −1; together with those of groups before it). */
  readonly outputsAxis?: number;
  /** Outputs, which are the biases, for so many channels. */
  outputs(channels: number): number;
  /** The windows; `finish` adds bias and activation to what has the outputs as its last axis. */
  apply(
    where: string,
    x: Tensor,
    kernels: readonly Tensor[],
    windows: Windows,
    finish: (y: Tensor) => Tensor,
  ): Tensor;
}

const COMMON = ["strides", "padding", "dilationRate", "activation", "useBias"];

const optionsOf = (stem: string) => ({
  initializer: `${stem}Initializer`,
  regularizer: `${stem}Regularizer`,
  constraint: `${stem}Constraint`,
});

/** Sizes of a kernel, for a layer that checks what it makes of them. */
export function kernelSizeOf(type: string, value: unknown, rank: number, call: string): number[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    throw new ArgumentError(
      `${type}(): kernelSize: expected a positive integer or ${rank} of them, got ${show(value)}; write ${call}`,
    );
  }
  return perAxis(`${type}()`, "kernelSize", value, rank);
}

/** A layer that multiplies windows by kernels. */
export function convolutionLayer(spec: ConvolutionSpec, given: object): Layer {
  const { type, rank, kernels, own } = spec;
  const where = `${type}()`;
  const options = given as ConvolutionOptions & Record<string, unknown>;
  const named = [...kernels.map(({ option }) => option), "bias"].map(optionsOf);
  const ours = [...COMMON, ...spec.options, ...named.flatMap((names) => Object.values(names))];
  checkOptions(where, options, () => [
    ...[...ours, "activityRegularizer", "name"],
    ...numbersOf(where, options.activation ?? "linear"),
  ]);
  const { strides = 1, padding = "valid", dilationRate = 1, activation = "linear" } = options;
  const { useBias = true, biasInitializer, activityRegularizer, name, ...rest } = options;
  const windows = windowsOf(
    where,
    rank,
    { strides, padding, dilation: dilationRate, groups: (own.groups as number) ?? 1 },
    { causal: spec.causal === true, dilationName: "dilationRate" },
  );
  const params = Object.fromEntries(Object.entries(rest).filter(([key]) => !ours.includes(key)));
  const activated = activatedBy(where, activation, params);
  boolean(where, "useBias", useBias);
  const start = ({ option }: KernelSpec, suited: InitializerName) =>
    initializerOf(where, `${option}Initializer`, options[`${option}Initializer`] ?? suited);
  for (const kernel of kernels) start(kernel, "zeros"); // What was asked for is refused at once.
  const biasStart = initializerOf(where, "biasInitializer", biasInitializer ?? zeros);
  const asked = (kind: "initializer" | "regularizer" | "constraint") =>
    Object.fromEntries(named.map((names) => [names[kind], options[names[kind]]]));
  const rules = rulesOf(where, {
    ...{ ...asked("regularizer"), ...asked("constraint"), activityRegularizer },
  });
  const rulesFor = (at: number): VariableOptions<"float32"> => {
    const { regularizer, constraint } = named[at]!;
    return {
      regularizer: options[regularizer] as Regularizer | undefined,
      constraint: options[constraint] as Constraint | undefined,
    };
  };
  let weights: readonly Variable[] = [];
  let bias: Variable | undefined; // (outputs)
  let channels = 0;
  return createLayer({
    type,
    name,
    config: {
      ...own,
      ...{ strides: windows.strides, padding: windows.padding, dilationRate: windows.dilation },
      ...{ activation: activated.option, useBias },
      ...namedInitializers(asked("initializer")),
      ...rules,
      ...params,
    },
    build(row, add, ahead) {
      channels = channelsOf(where, row, rank);
      const active = activeRow(activated.row ?? "linear", ahead);
      weights = kernels.map((kernel, at) => {
        const draw = start(kernel, ACTIVATIONS[active].initializer);
        const { unitsLast } = kernel;
        return add(kernel.name, kernel.shape(channels), draw, {
          ...rulesFor(at),
          ...{ fans: kernel.fans(channels), ...(unitsLast && { unitsLast }) },
        });
      });
      if (!useBias) return;
      bias = add("bias", [spec.outputs(channels)], biasStart, rulesFor(kernels.length));
    },
    outputsAxis: activated.row === "linear" ? (spec.outputsAxis ?? -1) : undefined,
    ...(!spec.separate && { sums: activated.row === "linear" ? "linear" : "activated" }),
    doubts: (place, joined, inputs) => [
      ...firstDoubt(place, inputs),
      ...joinedDoubt(place, joined),
    ],
    call(x, info) {
      expectImages(where, x.shape, rank, channels);
      // A row joins the sums; a function of one's own sees the shape of the outputs.
      const isRow = activated.row !== undefined;
      const finish = (y: Tensor): Tensor => {
        const sums = bias === undefined ? y : plus(y, bias);
        return isRow ? activated.call(sums) : sums;
      };
      const y = spec.apply(where, x, weights, windows, finish);
      return penalize(isRow ? y : activated.call(y), activityRegularizer, info);
    },
  });
}

/** The channels of images, one row of them. */
function channelsOf(where: string, row: Dims, rank: number): number {
  const axes = [...SPATIAL[rank as 1 | 2], "channels"].join(", ");
  if (row.length !== rank + 1) {
    const remedy =
      row.length === rank
        ? `; reshapeLayer([${[...row, 1].map((size) => size ?? -1).join(", ")}]) before it makes them of one channel`
        : "";
    throw new ShapeError(
      `${where}: expected inputs (batch, ${axes}), got rows of shape ${showShape(row)}${remedy}`,
    );
  }
  const channels = row[rank];
  if (channels) return channels;
  throw new ShapeError(
    `${where}: expected inputs (batch, ${axes}) of a known number of channels, got rows of shape ${showShape(row)}`,
  );
}

function expectImages(where: string, shape: Shape, rank: number, channels: number): void {
  if (shape.length === rank + 2 && shape[rank + 1] === channels) return;
  const axes = ["batch", ...SPATIAL[rank as 1 | 2], channels].join(", ");
  const remedy = shape.length === rank + 2 ? channelsFirst(shape, channels) : "";
  throw new ShapeError(
    `${where}: expected inputs (${axes}), got shape ${showShape(shape)}${remedy}`,
  );
}

/** Inputs and outputs of the units of a kernel (…taps, inputs, outputs of the group). */
export const fansOf = (taps: readonly number[], fanIn: number, fanOut: number): Fans => ({
  fanIn: sizeOf(taps) * fanIn,
  fanOut: sizeOf(taps) * fanOut,
});
