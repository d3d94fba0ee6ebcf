import { ArgumentError } from "../errors.ts";
import { repeated, show } from "../options/index.ts";
import { type Dims, lastSize, showShape } from "../values/shape.ts";

/** Refuses names of classes that are equal, or not as many as the outputs tell apart. */
export function checkClassNames(where: string, names: readonly string[], outputShape: Dims): void {
  const what = `${where}: classNames`;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new ArgumentError(`${what}: expected an array of strings, got ${show(names)}`);
  }
  const twice = repeated(names);
  if (twice !== undefined) {
    throw new ArgumentError(`${what}: expected each name once, got ${show(twice)} twice`);
  }
  const units = lastSize(outputShape);
  if (units === null) return;
  const classes = units === 1 ? 2 : units; // one output tells two classes apart
  if (names.length !== classes) {
    throw new ArgumentError(
      `${what}: expected ${classes} names for outputs ${showShape(outputShape)}, got ${names.length}`,
    );
  }
}
