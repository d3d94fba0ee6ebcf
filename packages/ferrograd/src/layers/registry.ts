import type { ActivationName } from "../engine/ops.generated.ts";
import { shapeOf, sizeOrNull } from "../options/index.ts";
import { activation, softmaxLayer } from "./activation.ts";
import { activityRegularization } from "./activity-regularization.ts";
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
import { averagePooling1d, averagePooling2d } from "./pooling/average-pooling.ts";
import {
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from "./pooling/global-pooling.ts";
import { maxPooling1d, maxPooling2d } from "./pooling/max-pooling.ts";
import { type PreluOptions, preluLayer } from "./prelu.ts";
import { type RescalingOptions, rescaling } from "./rescaling.ts";
import { permute } from "./reshaping/permute.ts";
import { repeatVector } from "./reshaping/repeat-vector.ts";
import { reshapeLayer } from "./reshaping/reshape.ts";

/** Makes a layer again from its saved options. */
export type LayerFactory = (config: Config, name: string) => Layer;

/** A layer whose saved options are the options of the function that makes it. */
const ofOptions =
  (make: (options: never) => Layer): LayerFactory =>
  (config, name) =>
    make({ ...config, name } as never);

/** A layer that one number makes, which stands under a key of its saved options. */
const ofNumber =
  (key: string, make: (value: number, options: never) => Layer): LayerFactory =>
  ({ [key]: value, ...rest }, name) =>
    make(value as number, { ...rest, name } as never);

/** Every built-in layer by its type; only `loadModel` imports this. */
export const layerRegistry: ReadonlyMap<string, LayerFactory> = /* @__PURE__ */ (() =>
  new Map<string, LayerFactory>([
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
    [
      "rescaling",
      (config, name) => rescaling({ ...(config as unknown as RescalingOptions), name }),
    ],
    [
      "input",
      ({ shape }, name) => inputLayer(shapeOf("input()", "shape", shape, sizeOrNull), name),
    ],
    ["activityRegularization", ofOptions(activityRegularization)],
    ["batchNormalization", ofOptions(batchNormalization)],
    ["layerNormalization", ofOptions(layerNormalization)],
    ["rmsNormalization", ofOptions(rmsNormalization)],
    ["groupNormalization", ofOptions(groupNormalization)],
    ["unitNormalization", ofOptions(unitNormalization)],
    ["identity", ofOptions(identity)],
    ["add", ofOptions(addLayer)],
    ["subtract", ofOptions(subtractLayer)],
    ["multiply", ofOptions(multiplyLayer)],
    ["average", ofOptions(averageLayer)],
    ["maximum", ofOptions(maximumLayer)],
    ["minimum", ofOptions(minimumLayer)],
    ["concatenate", ofOptions(concatenateLayer)],
    ["dot", ofOptions(dotLayer)],
    ["dropout", ofNumber("rate", dropout)],
    ["gaussianNoise", ofNumber("stddev", gaussianNoise)],
    ["gaussianDropout", ofNumber("rate", gaussianDropout)],
    ["alphaDropout", ofNumber("rate", alphaDropout)],
    ["spatialDropout1d", ofNumber("rate", spatialDropout1d)],
    ["spatialDropout2d", ofNumber("rate", spatialDropout2d)],
    ["repeatVector", ofNumber("n", repeatVector)],
    ["maxPooling1d", ofNumber("poolSize", maxPooling1d)],
    ["maxPooling2d", ofNumber("poolSize", maxPooling2d)],
    ["averagePooling1d", ofNumber("poolSize", averagePooling1d)],
    ["averagePooling2d", ofNumber("poolSize", averagePooling2d)],
    ["globalAveragePooling1d", ofOptions(globalAveragePooling1d)],
    ["globalAveragePooling2d", ofOptions(globalAveragePooling2d)],
    ["globalMaxPooling1d", ofOptions(globalMaxPooling1d)],
    ["globalMaxPooling2d", ofOptions(globalMaxPooling2d)],
  ]))();
