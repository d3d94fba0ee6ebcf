import type { ConvolveOp } from "../../engine/ops.generated.ts";
import { ABSENT } from "../../engine/writer.ts";
import * as write from "../../engine/writers.generated.ts";
import type { Shape } from "../../values/shape.ts";
import { ends } from "../meaning.ts";
import { apply, floats, type OpDef, type Spec } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { activationGradientOp } from "./elementwise.ts";
import { PLAIN } from "./joining.ts";
import type { ActivationAttrs } from "./step.ts";
import { outputsOf, type WindowAxis } from "./window-shape.ts";

/** The shape of a convolution of images (batch, height, width, channels) by a kernel (height, width, channels of a group, outputs). */
export interface ConvolutionAttrs {
  readonly axes: readonly [y: WindowAxis, x: WindowAxis];
  readonly groups: number;
}

type Four = readonly [number, number, number, number];

/** (batch, outputs of y, of x, channels) */
const outputShape = (batch: number, { axes }: ConvolutionAttrs, channels: number): Shape => [
  batch,
  outputsOf(axes[0]),
  outputsOf(axes[1]),
  channels,
];

/** The fields that the three ops have in common, from the shapes of images and kernel. */
function fieldsOf(
  { axes: [y, x], groups }: ConvolutionAttrs,
  batch: number,
  kernel: Spec,
): Omit<ConvolveOp, "hasBias" | keyof ActivationAttrs | "x" | "kernel" | "bias" | "y"> {
  const [, , inputs, outputs] = kernel.shape as Four;
  return {
    ...{ batch, height: y.size, width: x.size, groups, inputs, outputs: outputs / groups },
    ...{ kernelY: y.kernel, strideY: y.stride, dilationY: y.dilation, beforeY: y.before },
    ...{ kernelX: x.kernel, strideX: x.stride, dilationX: x.dilation, beforeX: x.before },
    ...{ padsY: y.before + y.after, outY: outputsOf(y) },
    ...{ padsX: x.before + x.after, outX: outputsOf(x) },
  };
}

/** f(x * kernel + bias); the bias (outputs) is the third input, if any. */
export const convolveOp: OpDef<ConvolutionAttrs & ActivationAttrs> = {
  name: "convolve",
  joins: () => true,
  infer: ([x, kernel], attrs) => [floats(outputShape(x!.shape[0]!, attrs, kernel!.shape[3]!))],
  meaning: ends,
  gradient: ({ inputs, outputs, attrs, dy, needs, sumTo }) => {
    const [x, kernel, bias] = inputs as [Tensor, Tensor, Tensor | undefined];
    const { axes, groups, activation, p0, p1 } = attrs;
    const plain = activation === PLAIN.activation;
    const dz = plain ? dy : apply(activationGradientOp, [outputs[0]!, dy], { activation, p0, p1 });
    return [
      needs[0] ? apply(imageGradientOp, [dz, kernel], { axes, groups }) : null,
      needs[1] ? apply(kernelGradientOp, [x, dz], { axes, groups }) : null,
      ...(bias ? [needs[2] ? sumTo(dz, bias.shape) : null] : []),
    ];
  },
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const [x, kernel, bias] = inputs;
    const { activation, p0, p1 } = attrs;
    write.convolve(w, {
      ...fieldsOf(attrs, inputSpecs[0]!.shape[0]!, inputSpecs[1]!),
      ...{ hasBias: bias !== undefined, activation, p0, p1 },
      ...{ x: x!, kernel: kernel!, bias: bias ?? ABSENT, y: outputs[0]! },
    });
  },
};

/** The gradient by the images, of that by the outputs and the kernel; a transposed convolution. */
export const imageGradientOp: OpDef<ConvolutionAttrs> = {
  name: "convolveImageGradient",
  infer: ([dy, kernel], { axes: [y, x], groups }) => [
    floats([dy!.shape[0]!, y.size, x.size, kernel!.shape[2]! * groups]),
  ],
  meaning: ends,
  gradient: ({ inputs: [dy, kernel], attrs, dy: g, needs }) => [
    needs[0] ? convolved(g, kernel as Tensor, attrs) : null,
    needs[1] ? apply(kernelGradientOp, [g, dy!], attrs) : null,
  ],
  emit: ({ w, attrs, inputs: [dy, kernel], outputs, inputSpecs }) =>
    write.convolveImageGradient(w, {
      ...fieldsOf(attrs, inputSpecs[0]!.shape[0]!, inputSpecs[1]!),
      ...{ dy: dy!, kernel: kernel!, dx: outputs[0]! },
    }),
};

/** The gradient by the kernel, of images and the gradient by the outputs. */
export const kernelGradientOp: OpDef<ConvolutionAttrs> = {
  name: "convolveKernelGradient",
  infer: ([x, dy], { axes: [ky, kx], groups }) => [
    floats([ky.kernel, kx.kernel, x!.shape[3]! / groups, dy!.shape[3]!]),
  ],
  meaning: ends,
  gradient: ({ inputs: [x, dy], attrs, dy: g, needs }) => [
    needs[0] ? apply(imageGradientOp, [dy!, g], attrs) : null,
    needs[1] ? convolved(x as Tensor, g, attrs) : null,
  ],
  emit: ({ w, attrs, inputs: [x, dy], outputs, inputSpecs, outputSpecs }) =>
    write.convolveKernelGradient(w, {
      ...fieldsOf(attrs, inputSpecs[0]!.shape[0]!, outputSpecs[0]!),
      ...{ x: x!, dy: dy!, dkernel: outputs[0]! },
    }),
};

/** Images by a kernel, both of rank 4. */
export const convolved = (x: Tensor, kernel: Tensor, attrs: ConvolutionAttrs): Tensor =>
  apply(convolveOp, [x, kernel], { ...PLAIN, ...attrs });
