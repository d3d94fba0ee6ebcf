/**
 * Raw deflate (RFC 1951), decoded bit by bit. It runs once, in a fresh process: there, what counts is
 * how little has to be parsed, built and warmed up before it.
 */
export function inflate(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const from = new Bits(data);
  let at = 0;
  for (let last = 0; last === 0; ) {
    last = from.bits(1);
    const type = from.bits(2);
    at = type === 0 ? copy(from, out, at) : expand(from, codesOf(type, from), out, at);
  }
  return out;
}

class Bits {
  private readonly data: Uint8Array;
  private byte = 0;
  private bit = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  /** A number of so many bits, the least one first. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      value |= ((this.data[this.byte]! >> this.bit) & 1) << i;
      this.skip();
    }
    return value;
  }

  /** The next symbol: codes of one length are consecutive numbers, the highest bit first. */
  symbol({ counts, symbols }: Code): number {
    let code = 0; // relative to the first code of its length
    let index = 0; // of that first code's symbol
    for (let length = 1; ; length++) {
      code |= (this.data[this.byte]! >> this.bit) & 1;
      this.skip();
      const count = counts[length]!;
      if (code < count) return symbols[index + code]!;
      index += count;
      code = (code - count) << 1;
    }
  }

  /** So many bytes, from the next whole one on. */
  bytes(count: number): Uint8Array {
    if (this.bit > 0) this.byte++;
    this.bit = 0;
    this.byte += count;
    return this.data.subarray(this.byte - count, this.byte);
  }

  private skip(): void {
    this.bit = (this.bit + 1) & 7;
    if (this.bit === 0) this.byte++;
  }
}

/** A Huffman code: how many codes have each length, and the symbols in order of their codes. */
interface Code {
  readonly counts: Uint16Array; // (16)
  readonly symbols: Uint16Array;
}

function codeOf(lengths: ArrayLike<number>): Code {
  const counts = new Uint16Array(17);
  const next = new Uint16Array(17);
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) if (lengths[i] !== 0) counts[lengths[i]!]!++;
  for (let length = 1; length < 16; length++) next[length + 1] = next[length]! + counts[length]!;
  for (let i = 0; i < lengths.length; i++) if (lengths[i] !== 0) symbols[next[lengths[i]!]!++] = i;
  return { counts, symbols };
}

/** The codes of a block: of literals and lengths, and of distances. */
function codesOf(type: number, from: Bits): readonly [Code, Code] {
  if (type === 1) {
    const fixed = Array.from({ length: 288 }, (_, i) =>
      i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
    );
    return [codeOf(fixed), codeOf(new Uint8Array(30).fill(5))];
  }
  const literals = from.bits(5) + 257;
  const all = literals + from.bits(5) + 1;
  const ofLengths = new Uint8Array(19);
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  for (let i = 0, count = from.bits(4) + 4; i < count; i++) ofLengths[order[i]!] = from.bits(3);
  const code = codeOf(ofLengths);
  const lengths = new Uint8Array(all);
  for (let at = 0; at < all; ) {
    const symbol = from.symbol(code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    const value = symbol === 16 ? lengths[at - 1]! : 0;
    const repeat = symbol === 18 ? 11 + from.bits(7) : 3 + from.bits(symbol === 16 ? 2 : 3);
    lengths.fill(value, at, at + repeat);
    at += repeat;
  }
  return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
}

/** Literals, and copies of what came before. @returns where it ends */
function expand(
  from: Bits,
  [literals, distances]: readonly [Code, Code],
  out: Uint8Array,
  start: number,
): number {
  for (let at = start; ; ) {
    const symbol = from.symbol(literals);
    if (symbol < 256) out[at++] = symbol;
    else if (symbol === 256) return at;
    else {
      const length = symbol === 285 ? 258 : 3 + ranged(from, symbol - 257, 2);
      const distance = 1 + ranged(from, from.symbol(distances), 1);
      for (const end = at + length; at < end; at++) out[at] = out[at - distance]!;
    }
  }
}

/** A value by its code: after the first 2^(log + 1) codes, each 2^log codes have one extra bit more. */
function ranged(from: Bits, code: number, log: number): number {
  const extra = Math.max(0, (code >> log) - 1);
  const step = 1 << log;
  return extra === 0 ? code : ((step + (code & (step - 1))) << extra) + from.bits(extra);
}

/** A stored block: its length, the same inverted, its bytes. @returns where it ends */
function copy(from: Bits, out: Uint8Array, at: number): number {
  const [low, high] = from.bytes(4);
  const bytes = from.bytes(low! | (high! << 8));
  out.set(bytes, at);
  return at + bytes.length;
}
