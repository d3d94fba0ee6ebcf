/** Where an operand lies: a segment of the program and a word in it. */
export interface Operand {
  readonly segment: number;
  readonly offset: number;
}

/** For operands that an op does not have: of length 0, so anywhere. */
export const ABSENT: Operand = { segment: 0, offset: 0 };

const floatBits = new Float32Array(1);
const floatWord = new Uint32Array(floatBits.buffer);

/** Writes a program, word by word. The generated encoders know the layout of each op. */
export class Writer {
  readonly words: number[] = [];
  /** Ops written so far. */
  ops = 0;

  op(code: number): void {
    this.ops++;
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
