import type { ActivationName } from "../engine/ops.generated.ts";
import { shapeOf, sizeOrNull } from "../options/index.ts";
import { activation, softmaxLayer } from "./activation.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { inputLayer } from "./input.ts";
import type { Config, Layer } from "./layer.ts";
import { type NormalizationOptions, normalization } from "./normalization.ts";
import { type PreluOptions, preluLayer } from "./prelu.ts";
import { type RescalingOptions, rescaling } from "./rescaling.ts";

/** Makes a layer again from its saved options. */
export type LayerFactory = (config: Config, name: string) => Layer;

/** Every built-in layer by its type; only `loadModel` imports this. */
export const layerRegistry: ReadonlyMap<string, LayerFactory> = new Map<string, LayerFactory>([
  ["dense", ({ units, ...rest }, name) => dense(units as number, { ...rest, name })],
  [
    "activation",
    ({ activation: f, ...rest }, name) => activation(f as ActivationName, { ...rest, name }),
  ],
  ["softmax", (_config, name) => softmaxLayer({ name })],
  ["prelu", (config, name) => preluLayer({ ...(config as PreluOptions), name })],
  ["flatten", (_config, name) => flatten({ name })],
  ["dropout", ({ rate }, name) => dropout(rate as number, { name })],
  [
    "normalization",
    (config, name) => normalization({ ...(config as unknown as NormalizationOptions), name }),
  ],
  ["rescaling", (config, name) => rescaling({ ...(config as unknown as RescalingOptions), name })],
  ["input", ({ shape }, name) => inputLayer(shapeOf("input()", "shape", shape, sizeOrNull), name)],
]);
