import { StateError } from "../errors.ts";

/** The first property of all, so that what copies an object field by field stops there. */
const STOP: PropertyDescriptor = {
  enumerable: true,
  get: () => {
    throw new StateError(
      "structuredClone(), postMessage() and JSON.stringify(): expected something without functions, got a model; " +
        "copy or send model.save(), and make it again there with loadModel()",
    );
  },
};

/** An object that says how it is copied, where it cannot be cloned. */
export class Unclonable {
  constructor() {
    Object.defineProperty(this, "clone", STOP);
  }
}
