import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { errorCode, fileReason, maskedCrc32c, UserError } from '@unweather/core-tensor';

// The format: TFRecords (tensorflow/core/lib/io/record_writer.h), each a protobuf Event (core/util/event.proto) with a
// Summary of scalars (core/framework/summary.proto) or a SessionLog. npm has no maintained package that writes it.

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;

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
        file.write(seconds, 0, (event) => event.tag(3, LengthDelimited).string('brain.Event:2'));
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
    this.write(seconds, step + 1, (event) => event.tag(7, LengthDelimited).fork().tag(1, Varint).uint32(START).join());
  }

  /** Writes numbers of a step by their tags. @throws UserError naming the file */
  scalars(step: number, values: ReadonlyMap<string, number>, seconds: number): void {
    this.write(seconds, step, (event) => {
      event.tag(5, LengthDelimited).fork();
      for (const [tag, value] of values) {
        event.tag(1, LengthDelimited).fork().tag(1, LengthDelimited).string(tag);
        event.tag(2, Bit32).float(Math.fround(value)).join();
      }
      return event.join();
    });
  }

  /** Closes the file. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private write(seconds: number, step: number, what: (event: BinaryWriter) => BinaryWriter): void {
    if (this.file === undefined) return;
    const event = what(new BinaryWriter().tag(1, Bit64).double(seconds).tag(2, Varint).int64(step)).finish();
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
function record(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, crc(length), data, crc(data)]);
}

function crc(bytes: Uint8Array): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(maskedCrc32c(bytes));
  return four;
}
