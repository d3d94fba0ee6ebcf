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

/** Has `shape` the sizes that are known, behind the axes that are not asked for? */
export function fitsDims(shape: Dims, dims: Dims, first = 0): boolean {
  if (shape.length !== dims.length + first) return false;
  for (let axis = 0; axis < dims.length; axis++) {
    const size = dims[axis];
    if (size !== null && size !== shape[axis + first]) return false;
  }
  return true;
}

/** The size of the last axis; 1 of a scalar. */
export const lastSize = (shape: Dims): number | null =>
  shape.length === 0 ? 1 : shape[shape.length - 1]!;

/** Is some size not known? */
export const isOpen = ({ shape }: { readonly shape: Dims }): boolean => shape.includes(null);

export function sameShape(a: Dims, b: Dims): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}
