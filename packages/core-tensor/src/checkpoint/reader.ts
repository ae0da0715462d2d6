/** Error for invalid content of a file; the caller adds the file's name and the remedy. */
export class Unreadable extends Error {}

/** Reads numbers and texts from bytes, in little-endian order, never past their end. */
export class Reader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Uint8Array {
    if (length < 0 || this.at + length > this.bytes.length)
      throw new Unreadable(`truncated: ${length} bytes needed at byte ${this.at} of ${this.bytes.length}`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  uint16(): number {
    this.take(2);
    return this.view.getUint16(this.at - 2, true);
  }

  uint32(): number {
    this.take(4);
    return this.view.getUint32(this.at - 4, true);
  }

  int32(): number {
    this.take(4);
    return this.view.getInt32(this.at - 4, true);
  }

  uint64(): number {
    this.take(8);
    return Number(this.view.getBigUint64(this.at - 8, true));
  }

  /** Pickles write floats in big-endian order. */
  float64(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, false);
  }

  text(length: number, limit: number): string {
    if (length > limit) throw new Unreadable(`a string of ${length} bytes, more than the ${limit} allowed`);
    return new TextDecoder().decode(this.take(length));
  }

  /** Reads a text up to the next line feed. */
  line(limit: number): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new Unreadable('truncated in a line');
    const text = this.text(end - this.at, limit);
    this.at++;
    return text;
  }

  /** Reads a whole number of `length` bytes, two's complement. */
  long(length: number): number | bigint {
    if (length > 64) throw new Unreadable(`an integer of ${length} bytes, more than the 64 allowed`);
    let value = 0n;
    for (const [i, byte] of this.take(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
    const signed = BigInt.asIntN(8 * Math.max(length, 1), value);
    return signed >= -(2n ** 53n) && signed <= 2n ** 53n ? Number(signed) : signed;
  }
}
