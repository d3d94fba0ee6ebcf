type Corner = readonly [x: number, y: number, value: number];

/**
 * Where a function on a grid has a value: segments as x, y, x, y one after another. Each cell is two triangles, and
 * a level crosses a triangle in one straight line or not at all.
 */
export function contours(
  xs: readonly number[],
  ys: readonly number[],
  values: readonly (readonly number[])[], // (ys, xs)
  level: number,
): number[] {
  const segments: number[] = [];
  const corner = (i: number, j: number): Corner => [xs[i]!, ys[j]!, values[j]![i]!];
  for (let j = 0; j + 1 < ys.length; j++) {
    for (let i = 0; i + 1 < xs.length; i++) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      segments.push(...crossing([a, b, d], level), ...crossing([b, c, d], level));
    }
  }
  return segments;
}

function crossing(triangle: readonly [Corner, Corner, Corner], level: number): number[] {
  const found: number[] = [];
  triangle.forEach(([x, y, value], i) => {
    const [toX, toY, next] = triangle[(i + 1) % 3]!;
    if (value < level === next < level) return;
    const share = (level - value) / (next - value);
    found.push(x + share * (toX - x), y + share * (toY - y));
  });
  return found;
}
