/** Bytes that are appended to. */
export class Bytes {
  private buffer = new Uint8Array(1 << 12);
  length = 0;

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow();
    this.buffer[this.length++] = value;
  }

  bytes(...values: readonly number[]): void {
    for (const value of values) this.byte(value);
  }

  /** A number without sign, seven bits to a byte. */
  unsigned(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  signed(value: number): void {
    let rest = value;
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest & 0x7f);
  }

  float(value: number): void {
    float[0] = value;
    for (const byte of floatBytes) this.byte(byte);
  }

  double(value: number): void {
    double[0] = value;
    for (const byte of doubleBytes) this.byte(byte);
  }

  append({ buffer, length }: Bytes): void {
    while (this.buffer.length < this.length + length) this.grow();
    this.buffer.set(buffer.subarray(0, length), this.length);
    this.length += length;
  }

  private grow(): void {
    const longer = new Uint8Array(2 * this.buffer.length);
    longer.set(this.buffer);
    this.buffer = longer;
  }

  all(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length);
  }
}

const float = new Float32Array(1);
const floatBytes = new Uint8Array(float.buffer);
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);
