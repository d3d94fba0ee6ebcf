import { areFinite } from "../values/finite.ts";
import { core } from "./core.ts";

/** Numbers that are copied into the core at a time; fewer JavaScript has looked through by then. */
const CHUNK = 1 << 14;

/** Are all of them finite? Of many the core says it in a fifth of the time. */
export function areFiniteByCore(data: Float32Array): boolean {
  if (data.length <= CHUNK) return areFinite(data);
  const block = core().alloc("programs", CHUNK);
  let bad = -1;
  for (let begin = 0; bad < 0 && begin < data.length; begin += CHUNK) {
    const part = data.subarray(begin, begin + CHUNK);
    block.view().f32.set(part);
    bad = block.raw.firstNonFinite(block.handle, 0, part.length);
  }
  block.free();
  return bad < 0;
}
