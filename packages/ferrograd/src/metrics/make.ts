import { ShapeError } from "../errors.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import { checkConfig, savedName } from "../options/index.ts";
import { sameShape, showShape } from "../values/shape.ts";
import { asMetric, type Metric, type MetricResult, type MetricSpec } from "./metric.ts";
import { placesOf } from "./stream.ts";

/** A metric as files word it. */
interface Named<N extends string> {
  readonly name: N;
  readonly type?: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly own?: true;
}

/** A metric of these parts. */
export function makeMetric<N extends string, R extends MetricResult>(
  where: string,
  { name, type = name, options, own }: Named<N>,
  spec: Omit<MetricSpec, "saved">,
): Metric<N, R> {
  savedName(where, name);
  savedName(where, type, "type");
  checkConfig(`${where}: config`, options);
  const saved = { type, name, options: { ...options }, ...(own && { own }) };
  return asMetric({
    name,
    type,
    spec: { ...spec, saved },
    of: (yTrue: TensorLike, yPred: TensorLike, weight?: TensorLike) =>
      measureOnce(`${type}().of()`, spec, yTrue, yPred, weight) as R,
  });
}

function measureOnce(
  where: string,
  { bind }: Pick<MetricSpec, "bind">,
  yTrue: TensorLike,
  yPred: TensorLike,
  weight: TensorLike | undefined,
): MetricResult {
  const y = toTensor(`${where}: yTrue`, yTrue) as Targets;
  const p = toTensor(`${where}: yPred`, yPred) as Tensor;
  const metric = bind(where, undefined, p.shape.slice(1));
  const w = weight === undefined ? undefined : (toTensor(`${where}: weight`, weight) as Tensor);
  if (w !== undefined && !sameShape(w.shape, placesOf(p))) {
    throw new ShapeError(
      `${where}: weight: expected shape ${showShape(placesOf(p))}, got ${showShape(w.shape)}`,
    );
  }
  metric.check?.(where, p);
  if (typeof metric !== "function") return metric.once(y, p, w);
  return meanOf(metric(y, p).data(), w?.data());
}

/** In f64, as training adds up. */
function meanOf(values: ArrayLike<number>, weights: ArrayLike<number> | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += values[i]! * weight;
    total += weight;
  }
  return sum / (total || 1);
}
