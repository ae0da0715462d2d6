import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, fileReason, UserError } from '@unweather/core-tensor';
import { maskedCrc32c } from './crc32c.js';

// The format: TFRecords (tensorflow/core/lib/io/record_writer.h), each a protobuf Event (core/util/event.proto) with a
// Summary of scalars (core/framework/summary.proto) or a SessionLog. npm has no maintained package that writes it.

/** SessionLog.START: TensorBoard drops what earlier files say of this step and later ones. */
const START = 1;

/** Writes scalars where TensorBoard finds them: `events.out.tfevents.…` in the folder of a run. */
export class EventFile {
  private constructor(
    private readonly path: string,
    private file: number | undefined,
  ) {}

  /** Begins a file. @param seconds time of its beginning @throws UserError naming the file that cannot be written */
  static begin(folder: string, seconds: number): EventFile {
    for (let i = 0; ; i++) {
      // TensorBoard reads the files of a folder in the order of their names.
      const path = join(folder, `events.out.tfevents.${Math.floor(seconds)}.${process.pid}.${i}`);
      try {
        mkdirSync(folder, { recursive: true });
        const file = new EventFile(path, openSync(path, 'wx'));
        file.write(seconds, 0, bytesField(3, 'brain.Event:2'));
        return file;
      } catch (thrown) {
        if (errorCode(thrown) === 'EEXIST') continue;
        if (thrown instanceof UserError) throw thrown;
        throw unwritable(path, thrown);
      }
    }
  }

  /** Says that the run goes on after a step: later ones in earlier files are void. @throws UserError naming the file */
  goOnAfter(step: number, seconds: number): void {
    this.write(seconds, step + 1, bytesField(7, varintField(1, START)));
  }

  /** Writes numbers of a step by their tags. @throws UserError naming the file */
  scalars(step: number, values: ReadonlyMap<string, number>, seconds: number): void {
    const summary = [...values].map(([tag, value]) =>
      bytesField(1, Buffer.concat([bytesField(1, tag), floatField(2, value)])),
    );
    this.write(seconds, step, bytesField(5, Buffer.concat(summary)));
  }

  /** Closes the file. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private write(seconds: number, step: number, what: Buffer): void {
    if (this.file === undefined) return;
    const event = Buffer.concat([doubleField(1, seconds), varintField(2, step), what]);
    try {
      writeSync(this.file, record(event));
    } catch (thrown) {
      this.close();
      throw unwritable(this.path, thrown);
    }
  }
}

function unwritable(path: string, thrown: unknown): UserError {
  return new UserError(`${path}: cannot be written (${fileReason(thrown)}); free the space and go on with --resume`);
}

/** TFRecord: the length, its CRC, the data, their CRC. */
function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, crc(length), data, crc(data)]);
}

function crc(bytes: Buffer): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(maskedCrc32c(bytes));
  return four;
}

// Fields of protobuf: the number and the kind of the field (0 varint, 1 64 bits, 2 bytes, 5 32 bits), then its value.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function bytesField(field: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = field * 8 + 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = field * 8 + 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}
