import { SUM_TREE } from "../engine/ops.generated.ts";
import { type At, after, type Code, FLOAT, VECTOR } from "./code.ts";
import { Sums } from "./sums.ts";

/** Vectors that are written out one after the other. */
const VECTORS = 4;

/** `body` for the vectors of runs of `len` floats, one at a time: where they lie, and how many floats. */
export function each<Names extends string>(
  code: Code,
  len: number,
  runs: Readonly<Record<Names, At>>,
  body: (at: Readonly<Record<Names, At>>, lanes: number) => void,
): void {
  const names = Object.keys(runs) as Names[];
  const places = (place: (name: Names) => At) =>
    Object.fromEntries(names.map((name) => [name, place(name)])) as Record<Names, At>;
  const whole = Math.floor(len / 4);
  code.scope(() => {
    const loops = whole > VECTORS;
    const starts = places((name) =>
      loops ? { local: code.pointer(runs[name]), offset: 0 } : runs[name],
    );
    const moves = loops ? names.map((name) => [starts[name].local, VECTOR] as const) : [];
    code.repeat(whole, Math.min(whole, VECTORS) || 1, moves, (count) => {
      for (let i = 0; i < count; i++) {
        code.scope(() =>
          body(
            places((name) => after(starts[name], i * VECTOR)),
            4,
          ),
        );
      }
    });
    if (len % 4 > 0)
      body(
        places((name) => after(runs[name], whole * VECTOR)),
        len % 4,
      );
  });
}

/** Places of some floats, `stride` bytes apart. */
export const strided = (count: number, stride: number): number[] =>
  Array.from({ length: count }, (_, i) => i * stride);

/** Pushes the sum of a run, a double: element i is in lane i mod 4. */
export function sum(code: Code, at: At, len: number): void {
  code.scope(() => {
    const sums = new Sums(code);
    const from = code.pointer(at);
    code.repeat(len, SUM_TREE * 4, [[from, FLOAT]], (count) => {
      const load = (row: number) => {
        code.load({ local: from, offset: row * VECTOR }, Math.min(4, count - row * 4));
      };
      const whole = Math.floor(count / 4);
      sums.add(whole, load);
      if (count % 4 > 0) sums.add(1, () => load(whole));
    });
    sums.joined();
  });
}
