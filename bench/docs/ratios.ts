import type { Row } from "../types.ts";

/** Two digits, or a whole number from 100 on. */
export function times(value: number): string {
  return value >= 99.5 ? value.toFixed(0) : value.toPrecision(2);
}

/** Who is faster than we are, in how many of the cases that it can do, and by how much at best. */
export function ahead(rows: readonly Row[]): string[] {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  return peers.flatMap((peer) => {
    const ratios = rows.flatMap(({ ratio }) => ratio[peer] ?? []);
    const faster = ratios.filter((ratio) => ratio < 1);
    if (faster.length === 0) return [];
    const best = times(1 / Math.min(...faster));
    return [`${peer} in ${faster.length} of ${ratios.length} cases, at best ${best} times as fast`];
  });
}
