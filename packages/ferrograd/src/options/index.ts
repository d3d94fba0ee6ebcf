export { checkConfig, savedName } from "./config.ts";
export { checkOptions, type NoOptions, oneOf, requireOptions } from "./options.ts";
export { isCallable, isPlain, own, show, visible } from "./show.ts";
export { editDistance, hint, list, nearest, repeated } from "./suggest.ts";
export {
  boolean,
  bytesOf,
  callable,
  finiteFloat32,
  finiteNumber,
  float32,
  fraction,
  int32,
  listOf,
  MAX_RANK,
  nonNegativeFloat32,
  nonNegativeInteger,
  nonNegativeNumber,
  positiveInteger,
  shapeOf,
  sizeOrNull,
  text,
} from "./validators.ts";
