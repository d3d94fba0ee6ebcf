import type { SizeRow, Suite } from "../types.ts";

/** Bytes of ours, by what is downloaded, with the ceiling of each. */
export interface OurSize {
  readonly name: string;
  readonly kilobytes: number;
  readonly bytes: number;
}
/** Bytes of a library's JavaScript after gzip, and of the wasm that it loads. */
export interface ProgramSize {
  readonly version: string;
  readonly javascript: number;
  readonly wasm: number;
  readonly wasmGzip: number;
}

/** What of a peer stands beside ours. */
const BESIDE: Readonly<Record<string, (size: ProgramSize) => number>> = {
  "wasm/raw": ({ wasm }) => wasm,
  "wasm/gzip": ({ wasmGzip }) => wasmGzip,
  "sequential+dense/gzip": ({ javascript, wasmGzip }) => javascript + wasmGzip,
  "slim/gzip": ({ javascript }) => javascript,
};

/** What a page downloads; measured where the bundler is, so it has no cases to run. */
export const size: Suite = {
  name: "size",
  notes: [
    "bytes; JavaScript bundled and minified for browsers; gzip -9",
    "ours: of npm run size; peers: a program that predicts with a small network, and the wasm file that it loads",
    "sequential+dense: with the wasm; slim: the JavaScript alone",
  ],
  outsideBrowsers: true,
  cases: [],
};

export function sizeRows(
  ours: readonly OurSize[],
  programs: Readonly<Record<string, ProgramSize>>,
): SizeRow[] {
  return ours.map(({ name, kilobytes, bytes }) => {
    const others = Object.entries(programs).flatMap(([peer, program]) => {
      const theirs = BESIDE[name]?.(program) ?? 0;
      return theirs > 0 ? [[peer, { version: program.version, bytes: theirs }] as const] : [];
    });
    return {
      ...{ suite: size.name, case: name, runtime: "any", build: "simd", api: "model" },
      ...{ copies: "none", ours: { bytes }, ceilingBytes: 1000 * kilobytes },
      peers: Object.fromEntries(others),
      ratio: Object.fromEntries(others.map(([peer, theirs]) => [peer, theirs.bytes / bytes])),
    };
  });
}
