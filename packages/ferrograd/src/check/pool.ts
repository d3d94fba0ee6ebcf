import type { AveragePoolAttrs, PoolAttrs } from "../graph/ops/pool.ts";
import { outputsOf, type WindowAxis } from "../graph/ops/window-shape.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import type { References } from "./reference.ts";

/** Elements of a window that lie inside. */
function inside({ size, kernel, stride, before }: WindowAxis, window: number): number[] {
  const all = Array.from({ length: kernel }, (_, tap) => window * stride + tap - before);
  return all.filter((at) => at >= 0 && at < size);
}

/** For each window of each channel where its elements stand, and where it stands itself. */
function eachWindow(
  [batch, , , channels]: Shape,
  { rows, columns }: PoolAttrs,
  found: (elements: number[], window: number) => void,
): void {
  for (let image = 0; image < batch!; image++) {
    for (let oy = 0; oy < outputsOf(rows); oy++) {
      for (let ox = 0; ox < outputsOf(columns); ox++) {
        for (let channel = 0; channel < channels!; channel++) {
          const place = (y: number, x: number, height: number, width: number) =>
            ((image * height + y) * width + x) * channels! + channel;
          const elements = inside(rows, oy).flatMap((y) =>
            inside(columns, ox).map((x) => place(y, x, rows.size, columns.size)),
          );
          found(elements, place(oy, ox, outputsOf(rows), outputsOf(columns)));
        }
      }
    }
  }
}

const countOf = ({ rows, columns, countsPads }: AveragePoolAttrs, elements: number[]): number =>
  countsPads ? rows.kernel * columns.kernel : elements.length;

/** Pooling. */
export const poolReferences: References = {
  maxPool: ([x], attrs: PoolAttrs, [y]) => {
    const [values, at] = [0, 1].map(() => new Float64Array(sizeOf(y!.shape)));
    const pixels = attrs.rows.size * attrs.columns.size;
    eachWindow(x!.shape, attrs, (elements, window) => {
      const larger = (a: number, b: number) => b > a || (Number.isNaN(b) && !Number.isNaN(a));
      const best = elements.reduce((a, b) => (larger(x!.data[a]!, x!.data[b]!) ? b : a));
      values![window] = x!.data[best]!;
      at![window] = Math.floor(best / x!.shape[3]!) % pixels;
    });
    return [values!, at!];
  },
  maxPoolBackward: ([dy, at], attrs: PoolAttrs, [dx]) => {
    const sums = new Float64Array(sizeOf(dx!.shape));
    const channels = dx!.shape[3]!;
    const pixels = attrs.rows.size * attrs.columns.size;
    eachWindow(dx!.shape, attrs, (elements, window) => {
      const place = elements.find((i) => Math.floor(i / channels) % pixels === at!.data[window]);
      sums[place!]! += dy!.data[window]!;
    });
    return [sums];
  },
  averagePool: ([x], attrs: AveragePoolAttrs, [y]) => {
    const means = new Float64Array(sizeOf(y!.shape));
    eachWindow(x!.shape, attrs, (elements, window) => {
      const total = elements.reduce((sum, at) => sum + x!.data[at]!, 0);
      means[window] = total / countOf(attrs, elements);
    });
    return [means];
  },
  averagePoolBackward: ([dy], attrs: AveragePoolAttrs, [dx]) => {
    const sums = new Float64Array(sizeOf(dx!.shape));
    eachWindow(dx!.shape, attrs, (elements, window) => {
      for (const at of elements) sums[at]! += dy!.data[window]! / countOf(attrs, elements);
    });
    return [sums];
  },
};
