/**
 * The rows that are the worst, the worst first and of equals those that come first; `badness` of a row with nothing wrong is NaN.
 * Of many rows no list is made.
 */
export function worstRows(
  rows: number,
  badness: (row: number) => number,
  most: number,
): readonly number[] {
  const worst: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = badness(row);
    if (Number.isNaN(own)) continue;
    let at = worst.length;
    while (at > 0 && badness(worst[at - 1]!) < own) at--;
    if (at < most) worst.splice(at, 0, row);
    if (worst.length > most) worst.pop();
  }
  return worst;
}
