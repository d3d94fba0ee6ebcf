import { ArgumentError, ShapeError } from "../errors.ts";
import { zeros } from "../graph/constants.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import { stack } from "../graph/ops/concatenate.ts";
import { slice } from "../graph/ops/slice.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { callable, listOf } from "../options/index.ts";
import { showShape } from "../values/shape.ts";
import { gradients, tensorOf } from "./differentiate.ts";

/**
 * The gradients of a loss for each row of a batch by itself, (rows, …) for a target of shape (…): as a loop over the
 * rows gives them, in one graph, so that one run computes them all, and `jit` makes one program of it. `loss` gets one row at
 * a time, with its axis of size 1, as models take rows, and gives one number. What it is made of is there once for each row: the time to
 * compile grows with them. Of hundreds call a jitted function of one row for each, which is compiled once. torch.func.vmap(torch.func.grad(loss)), jax.vmap(jax.grad(loss)).
 *
 * @param targets what is differentiated by, such as `model.variables`
 * @param batch tensors that have the same number of rows
 * @example
 * const w = variable([1, 2]);
 * const loss = (x: Tensor, y: Tensor) => sum(square(sub(matmul(x, w), y)));
 * perRowGradients(loss, [w], [[1, 0], [2, 1]], [3, 2])[0].array() // [[-4, 0], [8, 4]]
 * @example
 * const w = variable([1, 2]);
 * const loss = (x: Tensor, y: Tensor) => sum(square(sub(matmul(x, w), y)));
 * const ofOne = jit((x: Tensor, y: Tensor) => perRowGradients(loss, [w], x, y));
 * [[1, 0, 3], [2, 1, 2]].map(([a, b, y]) => ofOne(tensor([[a!, b!]]), tensor([y!]))[0]!.array()) // [[[-4, 0]], [[8, 4]]]
 * @throws ShapeError for a batch without rows in common, and for a loss that is no number; else as `grad`
 */
export function perRowGradients<B extends readonly AnyTensor[]>(
  loss: (...row: B) => Tensor,
  targets: readonly AnyTensor[],
  ...batch: { readonly [I in keyof B]: TensorLike }
): Tensor[] {
  const where = "perRowGradients()";
  callable(where, "loss", loss);
  const by = listOf(where, "targets", targets, tensorOf);
  const given = batch.map((part, i) => toTensor(`${where}: batch[${i}]`, part));
  const rows = given[0]?.shape[0];
  if (rows === undefined) {
    throw new ArgumentError(`${where}: batch: expected tensors with rows, got none`);
  }
  for (const { shape } of given) {
    if (shape[0] === rows) continue;
    throw new ShapeError(
      `${where}: batch: expected ${rows} rows in each, as in the first, got shape ${showShape(shape)}`,
    );
  }
  if (rows === 0) return by.map(({ shape }) => zeros([0, ...shape]));
  const each = Array.from({ length: rows }, (_, row) => {
    const one = given.map((part) => slice(part as Tensor, [[row, row + 1]]));
    return gradients(loss(...(one as readonly AnyTensor[] as B)), by, where);
  });
  return by.map((_, i) => stack(each.map((of) => of[i]!)));
}
