import { ArgumentError } from "../../errors.ts";
import { normalize } from "../../graph/ops/moments.ts";
import { reshape } from "../../graph/ops/shape.ts";
import { checkOptions, positiveInteger } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import {
  affinesOf,
  COMMON,
  featureAxis,
  keeping,
  knownSizes,
  type NormalizeOptions,
  scaled,
} from "./normalize.ts";

/** Options of `groupNormalization`. */
export interface GroupNormalizationOptions extends NormalizeOptions {
  /** Into how many groups of neighbors the channels are parted (default 32); it divides their number. 1 is one for all. */
  readonly groups?: number;
  /** The axis of the channels (default −1, the last). */
  readonly axis?: number;
}

/**
 * gamma · (x − μ) / sqrt(σ² + epsilon) + beta with mean and biased variance over all axes of a row and the channels of
 * a group (Wu & He 2018); gamma and beta are (channels). Keras's GroupNormalization; torch.nn.GroupNorm with
 * `{ epsilon: 1e-5 }`.
 *
 * @example sequential([dense(32), groupNormalization({ groups: 4 }), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for a number of groups that does not divide the channels, and an axis that is the batch's
 */
export function groupNormalization(options: GroupNormalizationOptions = {}): Layer {
  const where = "groupNormalization()";
  checkOptions(where, options, ["groups", "axis", ...COMMON]);
  const { axis = -1 } = options;
  const groups = positiveInteger(where, "groups", options.groups ?? 32);
  const affines = affinesOf(where, options);
  return createLayer({
    type: "groupNormalization",
    name: options.name,
    config: { groups, axis, ...affines.config },
    build(rows, add) {
      const at = featureAxis(where, axis, rows.length + 1);
      const [channels] = knownSizes(where, rows, [at]) as [number];
      if (channels % groups !== 0) {
        throw new ArgumentError(
          `${where}: groups: expected a divisor of the ${channels} channels, got ${groups}`,
        );
      }
      affines.build([channels], add);
    },
    call(x) {
      const at = featureAxis(where, axis, x.rank);
      const shape = x.shape;
      // (batch, …, groups, channels / groups, …)
      const parted = [...shape.slice(0, at), groups, shape[at]! / groups, ...shape.slice(at + 1)];
      const inGroups = reshape(x, parted);
      const others = parted.flatMap((_, i) => (i === 0 || i === at ? [] : [i]));
      const { y } = normalize(inGroups, others, affines.epsilon, undefined, undefined);
      const normal = reshape(y, shape);
      const channels = keeping(shape, [at]);
      return scaled(normal, affines.gamma(channels), affines.beta(channels));
    },
  });
}
