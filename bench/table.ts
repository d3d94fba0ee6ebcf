import type { Row, Suite } from "./types.ts";

/** One table per suite, for people: milliseconds, and how many times our time a peer needs. */
export function formatTables(suites: readonly Suite[], rows: readonly Row[]): string {
  return suites
    .map((suite) => {
      const table = formatTable(rows.filter((row) => row.suite === suite.name));
      const notes = suite.notes.map((note) => `  * ${note}`);
      return [`\n${suite.name}`, ...table, ...notes].join("\n");
    })
    .join("\n");
}

function formatTable(rows: readonly Row[]): string[] {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  const shares = rows.some((row) => row.ceilingShare !== undefined);
  const titles = peers.map((name) => {
    const version = rows.find((row) => name in row.peers)?.peers[name].version;
    return `${name} ${version}`;
  });
  const body = rows.map((row) => [
    row.case,
    row.runtime,
    row.api,
    row.copies,
    formatMs(row.ours.medianMs),
    ...(shares ? [formatShare(row)] : []),
    ...peers.map((name) => formatPeer(row, name)),
  ]);
  return align([
    ["case", "runtime", "api", "copies", "ours ms", ...(shares ? ["share"] : []), ...titles],
    ...body,
  ]);
}

function formatPeer(row: Row, name: string): string {
  const peer = row.peers[name];
  return peer === undefined
    ? "-"
    : `${formatMs(peer.medianMs)} (${row.ratio[name].toPrecision(3)}x)`;
}

function formatShare({ ceilingShare }: Row): string {
  return ceilingShare === undefined ? "-" : `${(100 * ceilingShare).toFixed(0)} %`;
}

function formatMs(ms: number): string {
  return ms.toPrecision(3);
}

function align(lines: readonly string[][]): string[] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
