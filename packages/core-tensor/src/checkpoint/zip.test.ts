import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { crc32 } from './crc32.js';
import { openZip } from './zip.js';

const LIMITS = { unpacked: 1e6, words: 'a megabyte' };
const HELLO = Buffer.from('hello, hello, hello, hello');

/** An archive of one deflated entry, whose sizes and places stand in Zip64 fields only. */
function zip64(): Buffer {
  const bytes = Buffer.from(zipSync({ a: HELLO }, { level: 9 }));
  const start = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const central = Buffer.from(bytes.subarray(start, bytes.indexOf(Buffer.from([0x50, 0x4b, 5, 6]))));
  const extra = Buffer.alloc(4 + 24);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  // In the order of the format: size, packed size, place.
  for (const [i, at] of [24, 20, 42].entries()) {
    extra.writeBigUInt64LE(BigInt(central.readUInt32LE(at)), 4 + 8 * i);
    central.writeUInt32LE(0xffffffff, at);
  }
  central.writeUInt16LE(extra.length, 30);
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(1n, 24);
  end.writeBigUInt64LE(1n, 32);
  end.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + central.length + extra.length), 8);
  const last = Buffer.alloc(22, 0xff);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(0, 20);
  return Buffer.concat([bytes.subarray(0, start), central, extra, end, locator, last]);
}

test('an archive with Zip64 fields is read, and a comment at its end is skipped', () => {
  const entries = openZip(zip64(), LIMITS);
  expect([...entries.keys()]).toEqual(['a']);
  expect(Buffer.from(entries.get('a')!.bytes()).equals(HELLO)).toBe(true);
  expect(entries.get('a')!.crc).toBe(crc32(HELLO));
  const commented = Buffer.concat([Buffer.from(zipSync({ a: HELLO })), Buffer.from('a comment')]);
  expect(Buffer.from(openZip(commented, LIMITS).get('a')!.bytes()).equals(HELLO)).toBe(true);
});

test('an entry that unpacks to more than its directory states is refused', () => {
  const bytes = Buffer.from(zipSync({ a: new Uint8Array(100_000) }, { level: 9 }));
  bytes.writeUInt32LE(50, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  expect(() => openZip(bytes, LIMITS).get('a')!.bytes()).toThrow(/entry "a" does not unpack to the size that/);
});

test('the checksum is that of zip archives', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
