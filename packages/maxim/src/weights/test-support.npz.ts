import { crc32 } from 'node:zlib';

/** Bytes of an .npz of float32 arrays, as `numpy.savez` writes it: a zip archive that stores .npy files. */
export function npz(
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>,
): Uint8Array {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    const [file, bytes] = [Buffer.from(`${name}.npy`), npy(shape, values)];
    // From the version to the length of the extra field, which both headers have alike.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(file.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, place, file);
    const parts = [Buffer.from([0x50, 0x4b, 3, 4]), common, file, bytes];
    files.push(...parts);
    at += parts.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(arrays).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

function npy(shape: readonly number[], values: readonly number[]): Buffer {
  const size = shape.map((size) => `${size}, `).join('');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${size}), }`.padEnd(117);
  const data = new Uint8Array(Float32Array.from(values).buffer);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(`${header}\n`),
    data,
  ]);
}
