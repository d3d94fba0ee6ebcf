import type { Raw } from "../engine/raw.ts";
import type { Operand, Written } from "../engine/writer.ts";
import { Code, FLOAT } from "./code.ts";
import { call, functionOf } from "./module.ts";
import { unrollers } from "./ops/all.ts";

/**
 * A program of small ops as a function of its own: sizes and offsets stand in its instructions, tiles
 * are written out, nothing is looked up. The same bits as the core's `run`, in a third of the time for
 * the smallest. It returns what `run` does, or -1 where a block is missing. Undefined where nothing
 * is gained.
 */
export function unroll(
  core: Raw,
  program: number,
  ops: readonly Written[],
): (() => number) | undefined {
  const known = ops.filter(({ name }) => name in unrollers);
  const small = known.every(({ name, op }) => unrollers[name]!.fits(op as never));
  return small && known.length > 0 ? functionOf(codeOf(program, ops), core) : undefined;
}

/** Bytes that the core has for each base: its address and its length. */
const BASE = 2 * FLOAT;

function codeOf(program: number, ops: readonly Written[]): Code {
  const code = new Code();
  const [bases, status] = [code.local("i32"), code.local("i32")];
  call(code.integer(program), "bases").tee(bases).op("i32.eqz");
  code.if(() => code.integer(-1).op("return"));
  const at = ({ segment, offset }: Operand) => {
    const base = code.local("i32");
    code
      .get(bases)
      .memory("i32.load", segment * BASE)
      .set(base);
    return { local: base, offset: offset * FLOAT };
  };
  ops.forEach(({ name, op }, index) => {
    const perform = () => {
      call(code.integer(program).integer(index), "perform").tee(status);
      code.if(() => code.get(status).op("return"));
    };
    const write = unrollers[name]?.write ?? perform;
    code.scope(() => write(op as never, { code, at, perform }));
  });
  return code.integer(0);
}
