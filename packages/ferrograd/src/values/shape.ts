/** Sizes of the axes; `[]` is a scalar. `number` stands for a size that the type does not know. */
export type Shape = readonly number[];

/** Sizes of the axes of what is not there yet; `null` where a size is known at the first use only. */
export type Dims = readonly (number | null)[];

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

/** `[2, 3]` */
export function showShape(shape: Dims): string {
  return `[${shape.map(String).join(", ")}]`;
}

export function sameShape(a: Dims, b: Dims): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}
