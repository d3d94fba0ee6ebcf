import { ArgumentError, ShapeError } from "../../errors.ts";
import { listOf, text } from "../../options/index.ts";
import { showShape, sizeOf } from "../../values/shape.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./elementwise.ts";
import { matrixProduct } from "./matmul.ts";
import { part } from "./pieces.ts";
import { sum } from "./reduce.ts";
import { noMore, requireFloat } from "./require.ts";
import { reshape, transpose } from "./shape.ts";

/** a·b of vectors; of matrices and more the sum over the last axis of a and the one before the last of b (numpy.dot). @example dot([1, 2], [3, 4]).item() // 11 */
export function dot(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = [a, b].map((t) => requireFloat("dot", toTensor("dot()", t)) as Tensor) as [
    Tensor,
    Tensor,
  ];
  if (x.rank === 0 || y.rank === 0) return mul(x, y);
  const axis = Math.max(y.rank - 2, 0);
  if (x.shape[x.rank - 1] !== y.shape[axis]) {
    throw new ShapeError(
      `dot(): expected (…, k) and (…, k, n) or (k), got ${showShape(x.shape)} and ${showShape(y.shape)}`,
    );
  }
  const rest = y.shape.map((_, i) => i).filter((i) => i !== axis);
  const k = y.shape[axis]!;
  const columns = reshape(transpose(y, [axis, ...rest]), [k, sizeOf(rest.map((i) => y.shape[i]!))]);
  const rows = reshape(x, [sizeOf(x.shape.slice(0, -1)), k]);
  return reshape(matrixProduct(rows, columns), [
    ...x.shape.slice(0, -1),
    ...rest.map((i) => y.shape[i]!),
  ]);
}

/** aᵢbⱼ of the elements of a and b in a row: (n), (m) → (n, m) (numpy.outer). @example outer([1, 2], [3, 4]).array() // [[3, 4], [6, 8]] */
export function outer(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = [toTensor("outer()", a), toTensor("outer()", b)];
  return mul(
    reshape(requireFloat("outer", x), [x.size, 1]),
    reshape(requireFloat("outer", y), [1, y.size]),
  );
}

/**
 * Matrix product (…, m, k)·(…, k, n) → (…, m, n). The axes in front are a batch and broadcast
 * (numpy.matmul, torch.matmul); no matrix is copied where one operand has a single one. A vector is a row
 * on the left and a column on the right, and its axis of size 1 goes.
 *
 * @example matmul([[1, 2]], [[3], [4]]).array() // [[11]]
 * @example matmul(ones([8, 2, 3]), ones([8, 3, 5])).shape // [8, 2, 5]
 * @example matmul([[1, 2], [3, 4]], [1, 1]).array() // [3, 7]
 * @throws ShapeError when the inner sizes differ, the batches do not broadcast or an operand is a scalar
 */
export function matmul(a: TensorLike, b: TensorLike): Tensor;
export function matmul(a: TensorLike, b: TensorLike, ...more: readonly unknown[]): Tensor {
  noMore("matmul", more, "transpose() swaps axes");
  const [x, y] = [a, b].map((t) => requireFloat("matmul", toTensor("matmul()", t)) as Tensor) as [
    Tensor,
    Tensor,
  ];
  if (Math.min(x.rank, y.rank) !== 1) return matrixProduct(x, y);
  const product = matrixProduct(
    x.rank === 1 ? reshape(x, [1, x.size]) : x,
    y.rank === 1 ? reshape(y, [y.size, 1]) : y,
  );
  const last = product.rank - 1;
  const gone = [x.rank === 1 ? last - 1 : -1, y.rank === 1 ? last : -1];
  return reshape(
    product,
    product.shape.filter((_, i) => !gone.includes(i)),
  );
}

/** A tensor with a letter for each axis. */
interface Lettered {
  readonly x: Tensor;
  readonly axes: string;
}

const unique = (letters: string): string => [...new Set(letters)].join("");
const without = (axes: string, letters: string): string =>
  [...axes].filter((letter) => !letters.includes(letter)).join("");
const common = (axes: string, letters: string): string =>
  [...axes].filter((letter) => letters.includes(letter)).join("");

/** The axes in another order, after a sum over those that are not in it. */
function ordered({ x, axes }: Lettered, order: string): Tensor {
  const gone = [...axes].flatMap((letter, i) => (order.includes(letter) ? [] : [i]));
  const rest = common(axes, order);
  const kept = gone.length > 0 ? sum(x, { axis: gone }) : x;
  return rest === order
    ? kept
    : transpose(
        kept,
        [...order].map((letter) => rest.indexOf(letter)),
      );
}

/** The diagonal, where a letter stands for two axes. */
function diagonal({ x, axes }: Lettered): Lettered {
  const at = [...axes].findIndex((letter, i) => axes.indexOf(letter) < i);
  if (at < 0) return { x, axes };
  const first = axes.indexOf(axes[at]!);
  const n = x.shape[first]!;
  const rest = axes
    .split("")
    .map((_, i) => i)
    .filter((i) => i !== first && i !== at);
  const sizes = rest.map((i) => x.shape[i]!);
  const square = reshape(transpose(x, [first, at, ...rest]), [n * n, sizeOf(sizes)]);
  const y = part(square, 0, 0, n, n + 1);
  return diagonal({
    x: reshape(y, [n, ...sizes]),
    axes: axes[first]! + rest.map((i) => axes[i]).join(""),
  });
}

/** The product of two, summed over the letters that nobody asks for any more, as a batch of matrix products. */
function product(a: Lettered, b: Lettered, wanted: string): Lettered {
  const both = common(a.axes, b.axes);
  const batch = common(both, wanted);
  const summed = without(both, wanted);
  const [left, right] = [
    common(without(a.axes, both), wanted),
    common(without(b.axes, both), wanted),
  ];
  const sizes = new Map([a, b].flatMap(({ x, axes }) => [...axes].map((l, i) => [l, x.shape[i]!])));
  const size = (letters: string) => [...letters].map((letter) => sizes.get(letter)!);
  const total = (letters: string) => sizeOf(size(letters));
  const x = reshape(ordered(a, batch + left + summed), [total(batch), total(left), total(summed)]);
  const y = reshape(ordered(b, batch + summed + right), [
    total(batch),
    total(summed),
    total(right),
  ]);
  const axes = batch + left + right;
  return { x: reshape(matrixProduct(x, y), size(axes)), axes };
}

/** The axes that "..." stands for, the last of them first. */
const REST = "01234567";

/** With a digit for each axis that "..." stands for. */
function spelled(term: string, rank: number): string {
  const named = term.replace("...", "");
  if (named === term) return term;
  return term.replace(
    "...",
    [...REST.slice(0, Math.max(0, rank - named.length))].reverse().join(""),
  );
}

/** The letters of an equation, by operand, and those of the result. */
function lettersOf(
  equation: unknown,
  ranks: readonly number[],
): { given: string[]; result: string } {
  const count = ranks.length;
  const [terms = "", end, ...more] = text("einsum()", "equation", equation)
    .replaceAll(" ", "")
    .split("->");
  const given = terms.split(",").map((term, i) => spelled(term, ranks[i] ?? 0));
  const left = given.join(",");
  const most = given
    .map((axes) => axes.replace(/\D/g, ""))
    .reduce((a, b) => (b.length > a.length ? b : a));
  const right = end?.replace("...", most);
  const all = unique(given.join(""));
  const once = [...all]
    .filter((l) => /\D/.test(l) && given.join("").split(l).length === 2)
    .sort()
    .join("");
  const result = right ?? most + once;
  const isPlain =
    /^[A-Za-z,.]*$/.test(terms) &&
    !/\./.test(left + result) &&
    /^\w*$/.test(result) &&
    more.length === 0;
  if (
    isPlain &&
    given.length === count &&
    unique(result) === result &&
    without(result, all) === "" &&
    without(most, result) === ""
  ) {
    return { given, result };
  }
  throw new ArgumentError(
    `einsum(): equation: expected a letter for each axis of ${count} tensors, as in "ij,jk->ik", got "${String(equation)}"`,
  );
}

/** Without the axes of "..." of size 1 that go with larger ones. */
function stretched(list: readonly Tensor[], given: readonly string[]): Lettered[] {
  const largest = new Map<string, number>();
  list.forEach(({ shape }, i) => {
    [...given[i]!].forEach((axis, at) => {
      largest.set(axis, Math.max(largest.get(axis) ?? 1, shape[at] ?? 1));
    });
  });
  return list.map((x, i) => {
    const axes = given[i]!;
    const stays = [...axes].map(
      (axis, at) => !(/\d/.test(axis) && x.shape[at] === 1 && largest.get(axis)! > 1),
    );
    if (axes.length !== x.rank || !stays.includes(false)) return { x, axes };
    const kept = [...axes].filter((_, at) => stays[at]).join("");
    return {
      x: reshape(
        x,
        x.shape.filter((_, at) => stays[at]),
      ),
      axes: kept,
    };
  });
}

/**
 * Products summed over letters (numpy.einsum): each axis has a letter, equal letters go together, and what is not in
 * the result is summed over. "..." stands for all other axes of a tensor, which are broadcast. Without "->" the result has
 * these, then the letters that stand once, in the order of the alphabet. Made of matrix products, from left to right.
 *
 * @example einsum("ij,jk->ik", [[1, 2]], [[3], [4]]).array() // [[11]]
 * @example einsum("ii->i", [[1, 2], [3, 4]]).array() // [1, 4]
 * @example einsum("...i,i->...", [[1, 2], [3, 4]], [1, 10]).array() // [21, 43]
 * @throws ArgumentError for an equation that does not fit; ShapeError for a letter of two sizes
 */
export function einsum(equation: string, ...tensors: readonly TensorLike[]): Tensor {
  const list = listOf("einsum()", "tensors", tensors, (where, name, x) =>
    requireFloat("einsum", toTensor(`${where}: ${name}`, x)),
  );
  const { given, result } = lettersOf(
    equation,
    list.map(({ rank }) => rank),
  );
  const sizes = new Map<string, number>();
  const spread = stretched(list as Tensor[], given);
  const operands = spread.map(({ x, axes }): Lettered => {
    if (axes.length !== x.rank) {
      throw new ShapeError(
        `einsum(): "${axes}": expected ${axes.length} axes, got shape ${showShape(x.shape)}`,
      );
    }
    for (const [at, letter] of [...axes].entries()) {
      const size = sizes.get(letter) ?? x.shape[at]!;
      sizes.set(letter, size);
      if (size !== x.shape[at]) {
        throw new ShapeError(
          `einsum(): "${letter}": expected one size, got ${size} and ${x.shape[at]}`,
        );
      }
    }
    return diagonal({ x: x as Tensor, axes });
  });
  const last = operands.reduce((a, b, i) =>
    product(
      a,
      b,
      result +
        operands
          .slice(i + 1)
          .map(({ axes }) => axes)
          .join(""),
    ),
  );
  return ordered(last, result);
}
