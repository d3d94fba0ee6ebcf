import type { AccuracyRow, Row, SizeRow, Suite, TimeRow } from "./types.ts";

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
  const peers = peersOf(rows);
  const extras = EXTRAS.filter(({ of }) => rows.some((row) => of(row) !== undefined));
  const titles = peers.map((name) => {
    const version = rows.find((row) => name in row.peers)?.peers[name].version;
    return version === undefined ? name : `${name} ${version}`;
  });
  const body = rows.map((row) => [
    row.case,
    row.runtime,
    row.api,
    row.copies,
    formatAmount(row.ours),
    ...extras.map(({ of }) => of(row) ?? "-"),
    ...peers.map((name) => formatPeer(row, name)),
  ]);
  const names = extras.map(({ title }) => title);
  const unit = unitOf(rows[0]?.ours ?? {});
  return align([["case", "runtime", "api", "copies", unit, ...names, ...titles], ...body]);
}

const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Our time of the processor in units of that on the wall: 1 is one thread without a pause. */
export function cpuShare(row: Row): number | undefined {
  const { cpuMs, medianMs } = (row as TimeRow).ours;
  return cpuMs === undefined ? undefined : cpuMs / medianMs;
}

/** What only some suites have. */
export const EXTRAS: readonly { title: string; of(row: Row): string | undefined }[] = [
  { title: "build", of: ({ build }) => (build === "simd" ? undefined : build) },
  { title: "cpu", of: (row) => percent(cpuShare(row)) },
  { title: "cold ms", of: (row) => (row as TimeRow).ours.coldMs?.toPrecision(3) },
  { title: "share", of: (row) => percent((row as TimeRow).ceilingShare) },
  { title: "overhead", of: (row) => percent((row as TimeRow).overhead) },
  { title: "steps", of: (row) => (row as AccuracyRow).steps?.toString() },
  { title: "ceiling", of: (row) => (row as SizeRow).ceilingBytes?.toString() },
];

type Amount = Row["ours"];

/** Those with a time, or left out, in one of the rows. */
export function peersOf(rows: readonly Row[]): string[] {
  const names = rows.flatMap((row) => Object.keys({ ...row.peers, ...(row as TimeRow).over }));
  return [...new Set(names)];
}

/** Where a peer was left out. */
export function overIn(row: Row, peer: string): string | undefined {
  const seconds = (row as TimeRow).over?.[peer];
  return seconds === undefined ? undefined : `over ${seconds} s`;
}

function formatPeer(row: Row, name: string): string {
  const peer = row.peers[name];
  return peer === undefined
    ? (overIn(row, name) ?? "-")
    : `${formatAmount(peer)} (${row.ratio[name].toPrecision(3)}x)`;
}

function unitOf(amount: object): string {
  if ("bytes" in amount) return "ours bytes";
  return "accuracy" in amount ? "accuracy" : "ours ms";
}

/** Milliseconds to three digits, bytes, or a share of 1. */
export function formatAmount(amount: Amount): string {
  if ("bytes" in amount) return String(amount.bytes);
  return "accuracy" in amount ? amount.accuracy.toFixed(3) : amount.medianMs.toPrecision(3);
}

export function align(lines: readonly string[][]): string[] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
