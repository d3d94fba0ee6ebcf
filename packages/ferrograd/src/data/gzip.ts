import { Gunzip } from "fflate";
import { FormatError } from "../errors.ts";
import { concatBytes } from "../values/bytes.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Bytes that are unpacked in one go, at most 1032 times as many when unpacked. */
const PIECE = 1 << 14;
const HEADER = 10;
/** CRC-32 and length behind each member of a gzip file, both little-endian. */
const TRAILER = 8;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** What one member unpacked to: checked against its trailer. */
class Member {
  private crc = 0xffffffff;
  private length = 0;

  add(bytes: Uint8Array): void {
    let crc = this.crc;
    for (let i = 0; i < bytes.length; i++) crc = CRC[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
    this.crc = crc;
    this.length += bytes.length;
  }

  /** What is wrong with it, if the trailer that ends here is another's. */
  fault(bytes: Uint8Array, end: number): string | undefined {
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + end - TRAILER, TRAILER);
    if (trailer.getUint32(4, true) !== this.length >>> 0) return "another length than its end says";
    const crc = (this.crc ^ 0xffffffff) >>> 0;
    return trailer.getUint32(0, true) === crc ? undefined : "another checksum than its end says";
  }
}

/**
 * The contents of a gzip file (RFC 1952), of one member or several, checked against the checksums and
 * lengths that it ends with. Room is taken for what has been unpacked, never for what the file says.
 *
 * @param mostOf told the first bytes that were unpacked: the most that the format inside can need, or
 * undefined while they are too few to tell
 * @throws FormatError for a file that is cut off, damaged, or larger than that
 */
export function gunzip(
  bytes: Uint8Array,
  file: string,
  mostOf: (head: Uint8Array) => number | undefined,
): Uint8Array {
  const fail = (got: string): never => {
    throw new FormatError(`${file}: expected a whole gzip file, got ${got}`);
  };
  const pieces: Uint8Array[] = [];
  let size = 0;
  let most: number | undefined;
  let member = new Member();
  const close = (end: number) => {
    const fault = member.fault(bytes, end);
    if (fault !== undefined) fail(fault);
    member = new Member();
  };
  if (bytes.length < HEADER + TRAILER) fail(`${bytes.length} bytes`);
  const stream = new Gunzip((piece) => {
    if (piece.length === 0) return;
    member.add(piece);
    pieces.push(piece);
    size += piece.length;
    most ??= mostOf(concatBytes(pieces));
    if (most !== undefined && size > most) fail(`more than the ${most} bytes that it announces`);
  });
  stream.onmember = close;
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    fail(`one that is cut off or damaged: ${(error as Error).message}`);
  }
  close(bytes.length);
  return concatBytes(pieces);
}
