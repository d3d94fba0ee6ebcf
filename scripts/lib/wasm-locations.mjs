/**
 * Leaves out what the module's data says of where Rust would panic: records of file, line and column, and the names of
 * files. A panic here is a trap without a text, so that nobody reads them, but the linker has placed them before
 * wasm-opt finds that out. Text in, text out, in the layout of wasm-dis.
 *
 * @returns the text, and how many records were left out
 */
export function dropLocations(text) {
  const segments = [...text.matchAll(SEGMENT)].map(([, at, bytes]) => segmentOf(Number(at), bytes));
  const used = new Set([...text.matchAll(ADDRESS)].map(([, address]) => Number(address)));
  const isUsed = ({ at, length }) => {
    for (let address = at; address < at + length; address++) if (used.has(address)) return true;
    return false;
  };
  const records = locationsIn(segments).filter(({ record }) => !isUsed(record));
  const names = records.map(({ name }) => name).filter((name) => !isUsed(name));
  const dropped = new Set();
  for (const { at, length } of [...records.map(({ record }) => record), ...names]) {
    for (let address = at; address < at + length; address++) dropped.add(address);
  }
  const kept = segments.flatMap((segment) => without(segment, dropped));
  const written = kept.map(
    ({ at, bytes }, i) => ` (data $${i} (i32.const ${at}) "${quoted(bytes)}")\n`,
  );
  const place = text.search(SEGMENT);
  const rest = text.replaceAll(SEGMENT, "");
  return {
    text: rest.slice(0, place) + written.join("") + rest.slice(place),
    count: records.length,
  };
}

const SEGMENT = /^ \(data \$\d+ \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)\n/gm;
const ADDRESS = /(?:i32\.const |offset=)(\d{6,})\b(?!\) ")/g;
const ESCAPES = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };

/** Bytes at an address, of a text in which they may be escaped. */
function segmentOf(at, text) {
  const parts = [...text.matchAll(/\\([0-9a-f]{2})|\\(.)|([^\\])/g)];
  const byteOf = ([, hex, sign, char]) =>
    hex ? Number.parseInt(hex, 16) : sign ? ESCAPES[sign] : char.charCodeAt(0);
  return { at, bytes: parts.map(byteOf) };
}

/** Records of four words, the first two of which are the place and length of a file's name. */
function locationsIn(segments) {
  const [{ at: start }, last] = [segments[0], segments.at(-1)];
  const memory = Buffer.alloc(last.at + last.bytes.length + RECORD - start); // zero where no segment is
  for (const { at, bytes } of segments) Buffer.from(bytes).copy(memory, at - start);
  const found = [];
  for (let i = 0; i + RECORD <= memory.length; ) {
    const [place, length, line, column] = [0, 4, 8, 12].map((n) => memory.readUInt32LE(i + n));
    const at = place - start;
    const isText = at >= 0 && length > 3 && length < 200 && at + length <= memory.length;
    const name = isText ? memory.toString("latin1", at, at + length) : "";
    if (/^[\w./@-]+\.rs$/.test(name) && line > 0 && line < 1e5 && column > 0 && column < 1e4) {
      found.push({ record: { at: start + i, length: RECORD }, name: { at: place, length } });
      i += RECORD;
    } else {
      i += 4;
    }
  }
  return found;
}

/** Bytes of a location: a pointer, a length, a line and a column. */
const RECORD = 16;

/** The parts of a segment that lie between what is dropped. */
function without({ at, bytes }, dropped) {
  const parts = [];
  for (const [i, byte] of bytes.entries()) {
    if (dropped.has(at + i)) continue;
    const last = parts.at(-1);
    if (last?.at + last?.bytes.length === at + i) last.bytes.push(byte);
    else parts.push({ at: at + i, bytes: [byte] });
  }
  return parts;
}

const quoted = (bytes) => bytes.map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
