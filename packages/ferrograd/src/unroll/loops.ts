import { type At, after, type Code, FLOAT, VECTOR } from "./code.ts";

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

/** Pushes the sum of a run: element i goes to lane i mod 16, the lanes are joined by a fixed tree. */
export function sum(code: Code, at: At, len: number): void {
  code.scope(() => {
    const lanes = [0, 1, 2, 3].map(() => code.local("v128"));
    for (const lane of lanes) code.vector(0).set(lane);
    const from = code.pointer(at);
    code.repeat(len, 16, [[from, FLOAT]], (count) => {
      for (let i = 0; i < count; i += 4) {
        const lane = lanes[i / 4]!;
        code.get(lane).load({ local: from, offset: i * FLOAT }, Math.min(4, count - i));
        code.simd("add").set(lane);
      }
    });
    const [a, b, c, d] = lanes as [number, number, number, number];
    code.get(a).get(c).simd("add").get(b).get(d).simd("add").simd("add").set(a);
    for (const lane of [0, 2, 1, 3]) {
      code.get(a).lane(lane);
      if (lane >= 2) code.op("f32.add");
    }
    code.op("f32.add");
  });
}
