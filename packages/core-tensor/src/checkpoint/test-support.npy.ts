/** Bytes of a .npy file, version 1. */
export function npy(descr: string, shape: readonly number[], data: Uint8Array, fortran = false): Uint8Array {
  const size = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${size}), }`;
  return npyOf(dictionary, data);
}

/** Bytes of a .npy file with any text as its header. */
export function npyOf(header: string, data: Uint8Array, version = 1): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const text = Buffer.from(`${header.padEnd(Math.ceil((header.length + prefix + 1) / 64) * 64 - prefix - 1)}\n`);
  const length = Buffer.alloc(prefix - 8);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY'), Buffer.from([version, 0]), length, text, data]);
}

/** Bytes of numbers, little-endian. */
export function bytesOf(numbers: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
