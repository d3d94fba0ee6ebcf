import {
  ACTIVATIONS,
  type ActivationName,
  BINARY,
  type BinaryName,
  STEP_FAMILY,
  type StepFamilyName,
  UNARY,
  type UnaryName,
} from "../../engine/ops.generated.ts";
import * as write from "../../engine/writers.generated.ts";
import { sizeOf } from "../../values/shape.ts";
import type { Emission, OpDef, Step } from "../op.ts";
import { broadcastPattern } from "./shape.ts";

/** An activation with its numbers, in the order of its row. */
export interface ActivationAttrs {
  readonly activation: ActivationName;
  readonly p0: number;
  readonly p1: number;
}

/** The code of a step: its family in the high half of the word, its row in the low half. */
const stepCode = (family: StepFamilyName, row: number): number => (STEP_FAMILY[family] << 16) | row;

/** Rows that cost no more than a few additions. */
const CHEAP: ReadonlySet<string> = new Set<UnaryName | BinaryName>([
  ...([
    "neg",
    "abs",
    "sign",
    "square",
    "round",
    "floor",
    "add",
    "sub",
    "mul",
    "squaredDifference",
  ] as const),
  ...([
    "maximum",
    "minimum",
    "greater",
    "greaterEqual",
    "equal",
    "keep",
    "choose",
    "drop",
  ] as const),
]);

const plainStep = (family: "unary" | "binary", name: string, row: number): Step => ({
  step: stepCode(family, row),
  p0: 1,
  p1: -0,
  scales: family === "binary",
  cheap: CHEAP.has(name),
});

/** The step p0·x + p1. @internal */
export const AFFINE = stepCode("affine", 0);

const affineStep = (p0: number, p1: number): Step => ({
  step: AFFINE,
  p0,
  p1,
  scales: true,
  cheap: true,
});

/** −x is −1·x + −0, of the same bits. */
const affineUnary: { readonly [name in UnaryName]?: Step } = { neg: affineStep(-1, -0) };

/** A function of one operand as a step. */
export const unaryStep = (name: UnaryName): Step =>
  affineUnary[name] ?? plainStep("unary", name, UNARY[name]);

/** x and a number as scale·x + shift, of the same bits: x·1 and x + −0 are x. */
const affine: { readonly [name in BinaryName]?: (c: number, first: boolean) => [number, number] } =
  {
    add: (c) => [1, c],
    sub: (c, first) => (first ? [-1, c] : [1, -c]),
    mul: (c) => [c, -0],
  };

export function binaryStep(name: BinaryName, known: readonly (number | undefined)[]): Step {
  const at = known.findIndex((c) => c !== undefined);
  const form = affine[name]?.(known[at] ?? 0, at === 0);
  if (at < 0 || form === undefined) return plainStep("binary", name, BINARY[name]);
  return { ...affineStep(...form), reads: [1 - at] };
}

/** A row of the activation table as a step. */
export const activationStep = ({ activation, p0, p1 }: ActivationAttrs): Step => ({
  step: stepCode("activation", ACTIVATIONS[activation].code),
  p0,
  p1,
  cheap: false,
});

/** The gradient of a row as a step. */
export function activationGradientStep(attrs: ActivationAttrs): Step {
  const { code, derivativeFrom } = ACTIVATIONS[attrs.activation];
  const row = activationStep(attrs);
  const through = derivativeFrom === "either" ? row.step : undefined;
  return { ...row, step: stepCode("activationGradient", code), through };
}

/** A step on its own: inputs broadcast to the output. */
export function emitStep<A>(this: OpDef<A>, e: Emission<A>): void {
  const { shape } = e.outputSpecs[0]!;
  const inputs = e.inputs.map((x, i) => ({
    x,
    ...broadcastPattern(e.inputSpecs[i]!.shape, shape)!,
  }));
  const steps = [{ ...this.step!(e.attrs, []), a: 0, b: inputs.length - 1 }];
  write.map(e.w, { n: sizeOf(shape), y: e.outputs[0]!, inputs, steps });
}
