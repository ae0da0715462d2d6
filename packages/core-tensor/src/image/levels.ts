import { UserError } from '../support/error.js';
import { isUint8Array } from '../support/kinds.js';

/**
 * Converts a number in [0, 1] to a byte: clamped, times 255 in float32, truncated, as many papers' test scripts do.
 * @throws UserError for NaN and infinities
 */
export function byteOf(value: number): number {
  return Math.trunc(Math.fround(clamped(value) * 255));
}

/** Converts a number in [0, 1] to 16 bits: clamped, times 65535 and rounded. @throws UserError as {@link byteOf} */
export function wordOf(value: number): number {
  return Math.round(clamped(value) * 65535);
}

/** Clamps a number to [0, 1]. @throws UserError for NaN and infinities, which are no levels of a picture */
export function clamped(value: number): number {
  if (!Number.isFinite(value)) throw notFinite(value);
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/**
 * Requires that all numbers of a picture are finite, before they are clamped or scored.
 * @param what the picture, in messages: "the restored picture"
 * @param firstRow row of the whole picture that these begin with
 * @throws UserError naming the first number that is not, and its place
 */
export function requireFinitePicture(
  { width, data }: { readonly width: number; readonly data: Uint8Array | Float32Array },
  what: string,
  firstRow = 0,
): void {
  if (isUint8Array(data)) return;
  for (let at = 0; at < data.length; at++) {
    if (Number.isFinite(data[at])) continue;
    const [row, column] = [firstRow + Math.floor(at / 3 / width), Math.floor(at / 3) % width];
    throw notFinite(data[at]!, ` in channel ${at % 3}, row ${row}, column ${column}`, what);
  }
}

function notFinite(value: number, place = '', what = 'the picture'): UserError {
  return new UserError(`${what} contains ${value}${place}, which is no colour; check the weights and the input`);
}
