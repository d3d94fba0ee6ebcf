import type { Split } from "../data/split.ts";
import { checkOptions, type NoOptions } from "../options/index.ts";
import type { Features } from "../values/rows.ts";
import { table } from "./generated/digits.ts";
import { load } from "./load.ts";

const MAX_INK = 16;

const toUnit =
  () =>
  ({ data, shape }: Features): Features => ({ data: data.map((v) => v / MAX_INK), shape });

let split: Split | undefined;

/**
 * 1,797 handwritten digits as 8x8 gray images, 64 pixels in rows from the top left, 10 classes.
 *
 * Pixels are scaled to 0..1 (ink 0..16 divided by 16). The split is fixed and stratified: 1,438
 * rows for training, 359 for testing, each in random order. Unpacked at the first call; later
 * calls give the same objects.
 *
 * Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), UCI Machine
 * Learning Repository, doi:10.24432/C50P49, CC BY 4.0, the part that scikit-learn distributes.
 *
 * @example
 * const { train, test } = digits();
 * train.x.shape; // [1438, 64]
 */
export function digits(options: NoOptions = {}): Split {
  checkOptions("digits()", options, []);
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));
  split ??= load(table, { name: "digits", classNames }, toUnit);
  return split;
}
