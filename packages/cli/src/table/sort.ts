/** Puts rows into an order in place: row i becomes what row `order[i]` was. */
export function sortRows(
  data: Float32Array | Int32Array,
  rows: number,
  order: ArrayLike<number>,
): void {
  const width = data.length / rows;
  const done = new Uint8Array(rows);
  const first = data.slice(0, width);
  for (let start = 0; start < rows; start++) {
    if (done[start]) continue;
    first.set(data.subarray(start * width, (start + 1) * width));
    // Each circle of rows is walked once, with its first row kept aside.
    let at = start;
    for (let from = order[at]!; from !== start; from = order[at]!) {
      data.copyWithin(at * width, from * width, (from + 1) * width);
      done[at] = 1;
      at = from;
    }
    data.set(first, at * width);
    done[at] = 1;
  }
}
