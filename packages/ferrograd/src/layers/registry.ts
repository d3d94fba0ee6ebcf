import type { ActivationName } from "../engine/ops.generated.ts";
import { shapeOf, sizeOrNull } from "../options/index.ts";
import { activation, softmaxLayer } from "./activation.ts";
import { activityRegularization } from "./activity-regularization.ts";
import { randomBrightness } from "./augmentation/random-brightness.ts";
import { randomContrast } from "./augmentation/random-contrast.ts";
import { randomErasing } from "./augmentation/random-erasing.ts";
import { randomFlip } from "./augmentation/random-flip.ts";
import { randomTranslation } from "./augmentation/random-translation.ts";
import { conv1d, conv2d } from "./convolution/conv.ts";
import { conv1dTranspose, conv2dTranspose } from "./convolution/conv-transpose.ts";
import { depthwiseConv1d, depthwiseConv2d } from "./convolution/depthwise-conv.ts";
import { separableConv1d, separableConv2d } from "./convolution/separable-conv.ts";
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
import { resizing } from "./resampling/resizing.ts";
import { upSampling1d, upSampling2d } from "./resampling/up-sampling.ts";
import { type RescalingOptions, rescaling } from "./rescaling.ts";
import { cropping1d, cropping2d } from "./reshaping/cropping.ts";
import { permute } from "./reshaping/permute.ts";
import { reflectionPadding1d, reflectionPadding2d } from "./reshaping/reflection-padding.ts";
import { repeatVector } from "./reshaping/repeat-vector.ts";
import { reshapeLayer } from "./reshaping/reshape.ts";
import { zeroPadding1d, zeroPadding2d } from "./reshaping/zero-padding.ts";

/** Makes a layer again from its saved options. */
export type LayerFactory = (config: Config, name: string) => Layer;

/** A layer whose saved options are the options of the function that makes it. */
const ofOptions =
  (make: (options: never) => Layer): LayerFactory =>
  (config, name) =>
    make({ ...config, name } as never);

/** A layer that values make, which stand under these keys of its saved options. */
const of =
  (keys: string, make: (...values: never[]) => Layer): LayerFactory =>
  (config, name) => {
    const own = keys.split(" ");
    const rest = Object.entries(config).filter(([key]) => !own.includes(key));
    const values = own.map((key) => config[key]);
    return make(...([...values, { ...Object.fromEntries(rest), name }] as never[]));
  };

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
    ["dropout", of("rate", dropout)],
    ["gaussianNoise", of("stddev", gaussianNoise)],
    ["gaussianDropout", of("rate", gaussianDropout)],
    ["alphaDropout", of("rate", alphaDropout)],
    ["spatialDropout1d", of("rate", spatialDropout1d)],
    ["spatialDropout2d", of("rate", spatialDropout2d)],
    ["repeatVector", of("n", repeatVector)],
    ["maxPooling1d", of("poolSize", maxPooling1d)],
    ["maxPooling2d", of("poolSize", maxPooling2d)],
    ["averagePooling1d", of("poolSize", averagePooling1d)],
    ["averagePooling2d", of("poolSize", averagePooling2d)],
    ["globalAveragePooling1d", ofOptions(globalAveragePooling1d)],
    ["globalAveragePooling2d", ofOptions(globalAveragePooling2d)],
    ["globalMaxPooling1d", ofOptions(globalMaxPooling1d)],
    ["globalMaxPooling2d", ofOptions(globalMaxPooling2d)],
    ["upSampling1d", of("size", upSampling1d)],
    ["upSampling2d", of("size", upSampling2d)],
    ["resizing", of("height width", resizing)],
    ["zeroPadding1d", of("padding", zeroPadding1d)],
    ["zeroPadding2d", of("padding", zeroPadding2d)],
    ["reflectionPadding1d", of("padding", reflectionPadding1d)],
    ["reflectionPadding2d", of("padding", reflectionPadding2d)],
    ["cropping1d", of("cropping", cropping1d)],
    ["cropping2d", of("cropping", cropping2d)],
    ["randomFlip", of("mode", randomFlip)],
    ["randomTranslation", of("heightFactor widthFactor", randomTranslation)],
    ["randomContrast", of("factor", randomContrast)],
    ["randomBrightness", of("factor", randomBrightness)],
    ["randomErasing", of("probability", randomErasing)],
    ["conv1d", of("filters kernelSize", conv1d)],
    ["conv2d", of("filters kernelSize", conv2d)],
    ["conv1dTranspose", of("filters kernelSize", conv1dTranspose)],
    ["conv2dTranspose", of("filters kernelSize", conv2dTranspose)],
    ["separableConv1d", of("filters kernelSize", separableConv1d)],
    ["separableConv2d", of("filters kernelSize", separableConv2d)],
    ["depthwiseConv1d", of("kernelSize", depthwiseConv1d)],
    ["depthwiseConv2d", of("kernelSize", depthwiseConv2d)],
  ]))();
