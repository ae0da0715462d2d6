import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c, maskedCrc32c } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';

import { EventFile } from './event-file.js';

/** Fields of a protobuf message by number; a varint as a number, all else as bytes. */
function fieldsOf(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, kind] = [Math.floor(key / 8), key % 8];
    const value = kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : varint());
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

/** Events of a TFRecord file, whose checksums are checked. */
async function eventsIn(path: string) {
  const file = await readFile(path);
  const events = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    at += 16 + length;
    const fields = fieldsOf(data);
    const one = (field: number) => fields.get(field)?.[0];
    const values = (fieldsOf((one(5) as Buffer) ?? Buffer.alloc(0)).get(1) ?? []).map((value) => {
      const scalar = fieldsOf(value as Buffer);
      return [`${scalar.get(1)![0]}`, (scalar.get(2)![0] as Buffer).readFloatLE()] as const;
    });
    const session = one(7) as Buffer | undefined;
    events.push({
      time: (one(1) as Buffer).readDoubleLE(),
      step: one(2),
      version: one(3)?.toString(),
      ...(session && { status: fieldsOf(session).get(1)![0] }),
      values: Object.fromEntries(values),
    });
  }
  return events;
}

test('checksums are those of CRC-32C', () => {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  // Every event file by TensorFlow begins with a record of 24 bytes, whose length has this checksum.
  expect(maskedCrc32c(Buffer.from([24, 0, 0, 0, 0, 0, 0, 0]))).toBe(0x224b7fa3);
});

test('scalars are read back, and every beginning has a file of its own', async () => {
  const folder = join(await temporaryFolder(), 'run');
  for (const from of [0, 200]) {
    const file = EventFile.begin(folder, 1_700_000_000.5);
    file.goOnAfter(from, 1_700_000_001);
    file.scalars(
      from + 1,
      new Map([
        ['loss/total', 0.25],
        ['training/PSNR', Infinity],
      ]),
      1_700_000_002,
    );
    file.scalars(70_000, new Map([['validation PSNR/ünïcode', 31.5]]), 1_700_000_003);
    file.close();
    file.scalars(70_001, new Map([['loss/total', 1]]), 1_700_000_004);
  }
  const names = await readdir(folder);
  expect(names).toHaveLength(2);
  for (const [i, name] of names.sort().entries()) {
    expect(name).toMatch(/^events\.out\.tfevents\.1700000000\.\d+\.\d$/);
    expect(await eventsIn(join(folder, name))).toEqual([
      { time: 1_700_000_000.5, step: 0, version: 'brain.Event:2', values: {} },
      { time: 1_700_000_001, step: 200 * i + 1, version: undefined, status: 1, values: {} },
      { time: 1_700_000_002, step: 200 * i + 1, values: { 'loss/total': 0.25, 'training/PSNR': Infinity } },
      { time: 1_700_000_003, step: 70_000, values: { 'validation PSNR/ünïcode': 31.5 } },
    ]);
  }
});
