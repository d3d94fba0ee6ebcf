/** Where an operand lies: a segment of the program and a word in it. */
export interface Operand {
  readonly segment: number;
  readonly offset: number;
}

/** For operands that an op does not have: of length 0, so anywhere. */
export const ABSENT: Operand = { segment: 0, offset: 0 };

const floatBits = new Float32Array(1);
const floatWord = new Uint32Array(floatBits.buffer);

/** An op as it was written: its fields, by its entry in the table. */
export interface Written {
  readonly name: string;
  readonly op: object;
}

/** Writes a program, word by word. The generated encoders know the layout of each op. */
export class Writer {
  readonly words: number[] = [];
  /** What was written so far. */
  readonly ops: Written[] = [];

  op(code: number, written: Written): void {
    this.ops.push(written);
    this.words.push(code);
  }

  word(value: number): void {
    this.words.push(value >>> 0);
  }

  float(value: number): void {
    floatBits[0] = value;
    this.words.push(floatWord[0]!);
  }

  operand({ segment, offset }: Operand): void {
    this.words.push(segment, offset);
  }
}

type Fields = Readonly<Record<string, unknown>>;
/** The code of a name, by the field that has it. */
type Codes = Readonly<Record<string, (name: never) => number>>;

function writeAll(w: Writer, names: readonly string[], fields: Fields, codes: Codes): void {
  for (const name of names) {
    const value = fields[name];
    if (name.startsWith("~")) w.float(fields[name.slice(1)] as number);
    else if (typeof value === "string") w.word(codes[name]!(value as never));
    else if (typeof value === "object") w.operand(value as Operand);
    else w.word(Number(value));
  }
}

/**
 * A function that writes an op by its layout: the names of its fields and operands, `~` before floats, then each group in
 * brackets, its name first.
 */
export function writer<Op>(code: number, name: string, layout: string, codes: Codes = {}) {
  return (w: Writer, op: Op): void => {
    const fields = op as Fields;
    const [body, ...groups] = layout.split("[").map((part) => part.match(/[~\w]+/g) ?? []);
    w.op(code, { name, op: fields });
    writeAll(w, body!, fields, codes);
    for (const [group, ...names] of groups) {
      const items = fields[group!] as readonly Fields[];
      w.word(items.length);
      for (const item of items) writeAll(w, names, item, codes);
    }
  };
}
