import type { ActivationName } from "../engine/ops.generated.ts";
import { shapeOf, sizeOrNull } from "../options/index.ts";
import { activation, softmaxLayer } from "./activation.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { embedding } from "./embedding.ts";
import { flatten } from "./flatten.ts";
import { identity } from "./identity.ts";
import { inputLayer } from "./input.ts";
import type { Config, Layer } from "./layer.ts";
import { concatenateLayer } from "./merge/concatenate.ts";
import { dotLayer } from "./merge/dot.ts";
import {
  addLayer,
  averageLayer,
  maximumLayer,
  minimumLayer,
  multiplyLayer,
  subtractLayer,
} from "./merge/merge.ts";
import {
  alphaDropout,
  gaussianDropout,
  gaussianNoise,
  spatialDropout1d,
  spatialDropout2d,
} from "./noise/noise.ts";
import { batchNormalization } from "./normalization/batch-normalization.ts";
import { groupNormalization } from "./normalization/group-normalization.ts";
import { layerNormalization } from "./normalization/layer-normalization.ts";
import { type NormalizationOptions, normalization } from "./normalization/normalization.ts";
import { rmsNormalization } from "./normalization/rms-normalization.ts";
import { unitNormalization } from "./normalization/unit-normalization.ts";
import { type PreluOptions, preluLayer } from "./prelu.ts";
import { type RescalingOptions, rescaling } from "./rescaling.ts";
import { permute } from "./reshaping/permute.ts";
import { repeatVector } from "./reshaping/repeat-vector.ts";
import { reshapeLayer } from "./reshaping/reshape.ts";

/** Makes a layer again from its saved options. */
export type LayerFactory = (config: Config, name: string) => Layer;

/** Layers whose saved options are the options of the function that makes them. */
const ofOptions: Readonly<Record<string, (options: never) => Layer>> = {
  batchNormalization,
  layerNormalization,
  rmsNormalization,
  groupNormalization,
  unitNormalization,
  identity,
  add: addLayer,
  subtract: subtractLayer,
  multiply: multiplyLayer,
  average: averageLayer,
  maximum: maximumLayer,
  minimum: minimumLayer,
  concatenate: concatenateLayer,
  dot: dotLayer,
};

/** Layers that one number makes: the key of their saved options. */
const ofNumber: Readonly<
  Record<string, readonly [key: string, make: (value: number, options: never) => Layer]>
> = {
  dropout: ["rate", dropout],
  gaussianNoise: ["stddev", gaussianNoise],
  gaussianDropout: ["rate", gaussianDropout],
  alphaDropout: ["rate", alphaDropout],
  spatialDropout1d: ["rate", spatialDropout1d],
  spatialDropout2d: ["rate", spatialDropout2d],
  repeatVector: ["n", repeatVector],
};

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
  [
    "embedding",
    ({ inputDim, outputDim, ...rest }, name) =>
      embedding(inputDim as number, outputDim as number, { ...rest, name }),
  ],
  ["reshape", ({ targetShape }, name) => reshapeLayer(targetShape as number[], { name })],
  ["permute", ({ dims }, name) => permute(dims as number[], { name })],
  [
    "normalization",
    (config, name) => normalization({ ...(config as unknown as NormalizationOptions), name }),
  ],
  ["rescaling", (config, name) => rescaling({ ...(config as unknown as RescalingOptions), name })],
  ["input", ({ shape }, name) => inputLayer(shapeOf("input()", "shape", shape, sizeOrNull), name)],
  ...Object.entries(ofOptions).map(
    ([type, make]) =>
      [type, (config: Config, name: string) => make({ ...config, name } as never)] as const,
  ),
  ...Object.entries(ofNumber).map(
    ([type, [key, make]]) =>
      [
        type,
        ({ [key]: value, ...rest }: Config, name: string) =>
          make(value as number, { ...rest, name } as never),
      ] as const,
  ),
]);
