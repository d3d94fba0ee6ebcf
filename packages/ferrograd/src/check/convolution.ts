import type { ConvolutionAttrs } from "../graph/ops/convolution.ts";
import type { ActivationAttrs } from "../graph/ops/step.ts";
import { sizeOf } from "../values/shape.ts";
import { activationsF64 } from "./activations.ts";
import type { Reference, References, Values } from "./reference.ts";

/** A product of the sums: elements of image, kernel and output. */
type Term = (x: number, k: number, y: number) => void;

/** Every product of an image's element and a kernel's, with the output that it is part of. */
function eachTerm(
  { axes, groups }: ConvolutionAttrs,
  [batch, channels, outputs]: readonly [number, number, number],
  term: Term,
): void {
  const [ys, xs] = axes;
  const [outY, outX] = axes.map(({ size, before, after, kernel, dilation, stride }) =>
    Math.floor((size + before + after - dilation * (kernel - 1) - 1) / stride + 1),
  ) as [number, number];
  const [inputs, each] = [channels / groups, outputs / groups];
  for (let n = 0; n < batch; n++) {
    for (let at = 0; at < outY * outX; at++) {
      for (let tap = 0; tap < ys.kernel * xs.kernel; tap++) {
        const [ky, kx] = [Math.floor(tap / xs.kernel), tap % xs.kernel];
        const i = Math.floor(at / outX) * ys.stride + ky * ys.dilation - ys.before;
        const j = (at % outX) * xs.stride + kx * xs.dilation - xs.before;
        if (i < 0 || i >= ys.size || j < 0 || j >= xs.size) continue;
        for (let c = 0; c < channels; c++) {
          const group = Math.floor(c / inputs);
          for (let o = group * each; o < (group + 1) * each; o++) {
            const x = ((n * ys.size + i) * xs.size + j) * channels + c;
            const k = (tap * inputs + (c % inputs)) * outputs + o;
            term(x, k, (n * outY * outX + at) * outputs + o);
          }
        }
      }
    }
  }
}

/** Sums of products of two of image, kernel and output, in the place of the third. */
const contraction =
  (
    sizes: (a: Values, b: Values, attrs: ConvolutionAttrs) => readonly [number, number, number],
    which: "x" | "k" | "y",
  ): Reference =>
  ([a, b], attrs: ConvolutionAttrs, [spec]) => {
    const result = new Float64Array(sizeOf(spec!.shape));
    eachTerm(attrs, sizes(a!, b!, attrs), (x, k, y) => {
      if (which === "y") result[y]! += a!.data[x]! * b!.data[k]!;
      else if (which === "x") result[x]! += a!.data[y]! * b!.data[k]!;
      else result[k]! += a!.data[x]! * b!.data[y]!;
    });
    return [result];
  };

const outputs = contraction((x, k) => [x.shape[0]!, x.shape[3]!, k.shape[3]!], "y");

export const convolutionReferences: References = {
  convolve: ([x, kernel, bias], attrs: ConvolutionAttrs & ActivationAttrs, specs) => {
    const [sums] = outputs([x!, kernel!], attrs as never, specs);
    const channels = specs[0]!.shape[3]!;
    const { f } = activationsF64[attrs.activation];
    return [sums!.map((sum, i) => f(sum + (bias?.data[i % channels] ?? 0), attrs.p0, attrs.p1))];
  },
  convolveImageGradient: contraction(
    (dy, k, { groups }) => [dy.shape[0]!, k.shape[2]! * groups, dy.shape[3]!],
    "x",
  ),
  convolveKernelGradient: contraction((x, dy) => [x.shape[0]!, x.shape[3]!, dy.shape[3]!], "k"),
};
