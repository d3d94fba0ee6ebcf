/**
 * The most that 128-bit SIMD without fused multiply-add can do here: a loop of acc = acc * m + c
 * over independent accumulators in registers, nothing loaded, nothing stored. With few of them the
 * latency of the two instructions shows, with many the registers run out. Processors also differ by
 * the order: Zen 4 does 47 GFLOP/s where the two alternate and 59 where four of one kind follow each
 * other. So the ceiling is the best of several counts in several orders.
 */
import { type Clock, type Contender, measure, QUICK } from "./harness.ts";

const COUNTS = [8, 10, 12] as const;
/** So many multiplications in a row, then as many additions. */
const GROUPS = [1, 4, 12] as const;
const LOOPS = 100_000;
/** Multiplications and additions of the four lanes of one accumulator. */
const FLOPS = 8;

export interface Ceiling extends Contender {
  /** Floating-point operations of one call of `run`. */
  readonly flops: number;
}

/** One contender per number of accumulators and order. */
export function ceilings(): Ceiling[] {
  return COUNTS.flatMap((count) => GROUPS.map((group) => ceiling(count, group)));
}

/** The one with the highest rate here. */
export async function highestCeiling(clock?: Clock): Promise<Ceiling> {
  const all = ceilings();
  const timings = await measure(all, QUICK, clock);
  const rates = all.map(({ flops }, i) => flops / timings[i].medianMs);
  return all[rates.indexOf(Math.max(...rates))];
}

function ceiling(count: number, group: number): Ceiling {
  const module = new WebAssembly.Module(ceilingModule(count, group));
  const { run } = new WebAssembly.Instance(module).exports as { run(loops: number): number };
  return {
    name: `ceiling${count}/${group}`,
    flops: FLOPS * count * LOOPS,
    run: () => run(LOOPS),
  };
}

/**
 * Loop body, for each group of accumulators: acc = f32x4.mul(acc, m) of all of them, then
 * acc = f32x4.add(acc, c). Returns the sum of the first lanes, so that nothing can be left out.
 */
function ceilingModule(count: number, group: number): Uint8Array<ArrayBuffer> {
  const [m, c, first] = [1, 2, 3]; // local 0 is the counter
  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const f32 = (value: number) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
  const splat = [0xfd, 0x13];
  const accumulators = Array.from({ length: count }, (_, i) => first + i);
  const each = (accs: readonly number[], operand: number, op: number) =>
    accs.flatMap((acc) => [...get(acc), ...get(operand), 0xfd, op, 0x01, ...set(acc)]);
  const body: number[] = [];
  for (let i = 0; i < count; i += group) {
    const accs = accumulators.slice(i, i + group);
    body.push(...each(accs, m, 0xe6), ...each(accs, c, 0xe4)); // f32x4.mul, f32x4.add
  }
  const code = [
    ...[...f32(0.999), ...splat, ...set(m), ...f32(0.001), ...splat, ...set(c)],
    ...accumulators.flatMap((acc) => [...f32(1 + acc), ...splat, ...set(acc)]),
    ...[0x03, 0x40, ...body], // loop
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // count down, br_if, end
    ...f32(0),
    ...accumulators.flatMap((acc) => [...get(acc), 0xfd, 0x1f, 0, 0x92]), // extract_lane 0, f32.add
    0x0b,
  ];
  const section = (id: number, bytes: readonly number[]) => [id, ...leb(bytes.length), ...bytes];
  const fn = [1, count + 2, 0x7b, ...code]; // v128 locals
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]), // (i32) -> f32
    ...section(3, [1, 0]),
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]), // export "run"
    ...section(10, [1, ...leb(fn.length), ...fn]),
  ]);
}

/** LEB128, the variable-length integers of WebAssembly. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >> 7)];
}
