import { argsortOp, putAlongOp, scanOp, takeAlongOp } from "./along.ts";
import { chooseOp, dropOp } from "./compare.ts";
import { convolveOp, imageGradientOp, kernelGradientOp } from "./convolution.ts";
import { activationGradientOp, activationOp, binaryOps, unaryOps } from "./elementwise.ts";
import { argmaxOp, castOp, gatherOp, ignoreOp, oneHotOp, scatterAddOp } from "./indexing.ts";
import { integersOp, reduceIntegersOp } from "./integers.ts";
import { erfOp, expm1Op, floorOp, modOp, powOp, roundOp } from "./math.ts";
import { denseBackwardOp, matmulBackwardOp, matmulOp } from "./matmul.ts";
import { momentsBackwardOp, momentsOp, normalizedOp } from "./moments.ts";
import { onePassOp } from "./one-pass.ts";
import { concatenateOp, sliceOp } from "./pieces.ts";
import { averagePoolBackwardOp, averagePoolOp, maxPoolBackwardOp, maxPoolOp } from "./pool.ts";
import { dropoutOp, randomOp } from "./random.ts";
import { reduceOp } from "./reduce.ts";
import { broadcastOp, copyOp, reshapeOp, transposeOp, viewAsOp } from "./shape.ts";
import {
  crossEntropyBackwardOp,
  crossEntropyOp,
  logSoftmaxOp,
  softmaxBackwardOp,
  softmaxOp,
} from "./softmax.ts";
import { stopGradientOp } from "./stop.ts";

/** Every op. Only the references ask for it, so that it pulls nothing into other bundles. */
export const allOps: readonly { readonly name: string; readonly gradient?: unknown }[] = [
  ...Object.values(unaryOps),
  ...Object.values(binaryOps),
  activationOp,
  activationGradientOp,
  matmulOp,
  matmulBackwardOp,
  denseBackwardOp,
  convolveOp,
  imageGradientOp,
  kernelGradientOp,
  reduceOp,
  reshapeOp,
  viewAsOp,
  broadcastOp,
  transposeOp,
  copyOp,
  softmaxOp,
  logSoftmaxOp,
  softmaxBackwardOp,
  crossEntropyOp,
  crossEntropyBackwardOp,
  gatherOp,
  scatterAddOp,
  oneHotOp,
  argmaxOp,
  castOp,
  ignoreOp,
  randomOp,
  dropoutOp,
  floorOp,
  roundOp,
  expm1Op,
  erfOp,
  powOp,
  modOp,
  chooseOp,
  dropOp,
  integersOp,
  reduceIntegersOp,
  sliceOp,
  concatenateOp,
  takeAlongOp,
  putAlongOp,
  scanOp,
  argsortOp,
  stopGradientOp,
  maxPoolOp,
  maxPoolBackwardOp,
  averagePoolOp,
  averagePoolBackwardOp,
  momentsOp,
  momentsBackwardOp,
  normalizedOp,
  onePassOp,
];
