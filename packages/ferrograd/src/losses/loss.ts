import { Brand } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { sum } from "../graph/ops/reduce.ts";
import { integersFrom } from "../graph/ops/require.ts";
import { type AnyTensor, isTensor, type Tensor } from "../graph/tensor.ts";
import { checkOptions, oneOf } from "../options/index.ts";
import { FLOAT, INT } from "../values/dtype.ts";
import type { LabelType } from "../values/rows.ts";
import type { Dims, Shape } from "../values/shape.ts";
import { meanOf } from "./measured.ts";
import type { Reading } from "./reading.ts";

/** Targets: class numbers or floats. */
export type Targets = Tensor<Shape, "int32"> | Tensor;

/** A loss of one's own: the loss of each sample, or one number for the batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** How right a prediction is, sample by sample: what the metric "accuracy" means for a loss. */
export type AccuracyFunction = (yTrue: Targets, yPred: Tensor) => Tensor;

/** A loss in a file, with its options. */
export interface SavedLoss {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Is it of one's own, made again by what `loadModel` is given? */
  readonly own?: true;
}

/** What each target of a loss must be. */
export interface TargetRule {
  /** In words, after "expected". */
  readonly text: string;
  /** The first element that is wrong in rows of this width, or −1. */
  find(data: ArrayLike<number>, width: number): number;
}

/** What a loss needs along the last axis, in words, and what to use for one output. */
export interface LastAxis {
  readonly of: string;
  readonly instead?: string;
}

/** A loss with its options, as training takes it. */
export interface LossRow {
  /** Empty for a loss of one's own. */
  readonly name: string;
  /** Is it one's own, so that its targets may be of any shape and what they mean is not known? */
  readonly isOwn?: true;
  /** Those that were said. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Of a loss of one's own that has a name: how files word it. */
  readonly saved?: SavedLoss;
  /** The type of its targets. */
  readonly labels: LabelType;
  /** Is its sum over the rows what is trained, not their mean? */
  readonly reduction?: Reduction;
  /** Does a row's loss hang on the rows beside it? */
  readonly mixesRows?: boolean;
  /** The loss of each sample, times `weight` where there is one. */
  readonly call: (yTrue: Targets, yPred: Tensor) => Tensor;
  /** What each target must be; absent where any number will do. */
  readonly takes?: TargetRule;
  /** Of a loss that needs two numbers or more along the last axis. */
  readonly lastAxis?: LastAxis;
  /** Of a loss of classes, by number or by rows of probabilities: what takes targets of the other form, in words. */
  readonly otherForm?: string;
  /** May its targets be numbers of any size? */
  readonly anyScale?: boolean;
  /** Absent where accuracy means nothing. */
  readonly accuracy?: AccuracyFunction;
  /** How many classes the targets may name, from the shape of the outputs; null where that is not known. */
  readonly classes?: (outputShape: Dims) => number | null;
  /** A class number beside them, of rows that do not count. */
  readonly ignored?: number | undefined;
  /** How much each of its losses counts in a mean, 0 or more, in their shape; absent where all count alike. */
  readonly weight?: (yTrue: Targets, yPred: Tensor) => Tensor;
  /** Which of them count for metrics, where `weight` is more than that; it gives undefined where all do. */
  readonly counted?: (yTrue: Targets, yPred: Tensor) => Tensor | undefined;
  /** Shape of one sample's targets, from that of its outputs. */
  readonly targetShape: (outputShape: Dims) => Dims;
  /** The best answer that ignores the inputs, from the mean of the targets; absent where there is no formula. */
  readonly guess?: (mean: Tensor) => Tensor;
  /** Takes the outputs as logits or as probabilities, or refuses them; absent where it makes no difference. */
  readonly read?: (where: string, yPred: Tensor) => Reading;
  /** What files that say its name alone took outputs for, of which today it must be said (default logits). */
  readonly tookAs?: Reading["as"];
}

/** How the losses of rows become one number. */
export type Reduction = "none" | "mean" | "sum";

/** Options that every loss has. */
export interface LossOptions {
  /**
   * "none": the loss of each row or place (default outside a model, where alone it is allowed); "mean": over what counts,
   * Σ weight·loss / Σ weight (default in a model); "sum".
   */
  readonly reduction?: Reduction;
}

/** `compile({ loss })` with options: `binaryCrossentropy({ labelSmoothing: 0.1 })`. A function (yTrue, yPred) too. */
export interface Loss {
  (yTrue: TensorLike, yPred: TensorLike): Tensor;
  /** @internal */
  readonly row: LossRow;
}

/** A loss: of targets and predictions, or with options alone a value for `compile`. */
export interface LossOf<O extends object> {
  (options?: O & LossOptions): Loss;
  (yTrue: TensorLike, yPred: TensorLike, options?: O & LossOptions): Tensor;
  /** @internal */
  readonly row: LossRow;
  /** @internal */
  readonly with: (options: O & LossOptions) => Loss;
}

/** Of a loss that has none. */
export type NoOptions = Record<never, never>;

/** Gives the value back, or refuses it by name. */
type Validator = (where: string, name: string, value: unknown) => unknown;

/** What a loss is made of. */
export interface LossSpec<O extends object> {
  readonly name: string;
  /** What its options may be. */
  readonly options: { readonly [name in keyof Required<O>]: Validator };
  readonly call: (where: string, yTrue: AnyTensor, yPred: Tensor, options: O) => Tensor;
  /** What differs from a loss whose targets are floats of the outputs' shape. */
  readonly row?: (options: O) => Partial<LossRow>;
}

const brand = new Brand("loss");

/** Is it a loss of ours, rather than a plain function? @internal */
export const isLoss = (value: unknown): value is Loss => brand.has(value);

/** A function with the row that `compile` takes. @internal */
export const withRow = (
  call: (yTrue: TensorLike, yPred: TensorLike) => Tensor,
  row: LossRow,
): Loss => brand.on(Object.assign(call, { row }));

const reductionOf = (where: string, name: string, value: unknown): Reduction =>
  oneOf(where, name, value, ["none", "mean", "sum"]);

/** One entry of the table of losses. @internal */
export function defineLoss<O extends object>(spec: LossSpec<O>): LossOf<O> {
  const where = `${spec.name}()`;
  const validators: Readonly<Record<string, Validator>> = {
    ...spec.options,
    reduction: reductionOf,
  };
  const checked = (options: O & LossOptions): O & LossOptions => {
    checkOptions(where, options, Object.keys(validators));
    const said = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
    return Object.fromEntries(
      said.map(([name, value]) => [name, validators[name]!(where, name, value)]),
    ) as O & LossOptions;
  };
  const withOptions = (given: O & LossOptions): Loss => {
    const options = checked(given);
    const { reduction = "none" } = options;
    const row: LossRow = {
      name: spec.name,
      options: options as Readonly<Record<string, unknown>>,
      labels: FLOAT,
      call: (yTrue, yPred) => spec.call(where, yTrue as AnyTensor, yPred, options),
      targetShape: (outputShape) => outputShape,
      ...(options.reduction && { reduction }),
      ...spec.row?.(options),
    };
    const call = (yTrue: TensorLike, yPred: TensorLike) => {
      const t = (
        row.labels === INT ? integersFrom(spec.name, yTrue) : toTensor(where, yTrue)
      ) as Targets;
      const p = toTensor(where, yPred) as Tensor;
      const values = spec.call(where, t as AnyTensor, p, options);
      if (reduction === "none") return values;
      if (reduction === "sum") return sum(values);
      return meanOf({ values, weight: row.weight?.(t, p) });
    };
    return withRow(call, row);
  };
  const loss = (...args: unknown[]): Loss | Tensor => {
    const [first, yPred, options] = args;
    if (args.length >= 2) {
      return withOptions((options ?? {}) as O)(first as TensorLike, yPred as TensorLike);
    }
    if (isTensor(first) || (typeof first === "object" && first !== null && "data" in first)) {
      throw new ArgumentError(`${where}: yPred: expected predictions, got undefined`);
    }
    return withOptions((first ?? {}) as O);
  };
  const { row } = withOptions({} as O);
  return brand.on(Object.assign(loss, { row, with: withOptions })) as unknown as LossOf<O>;
}
