/** rows.wat as `npx wat2wasm` compiles it, in base64. */
export const MODULE =
  'AGFzbQEAAAABNgVgBX9/f39/AGAEf39/fwBgBX9/f398AGAOf39/f39/f39/f39/f38AYAp/f39/f39/fHx8AAMGBQABAgMEBQMBAAEHNQYGbWVt' +
  'b3J5AgAIbXVsdGlwbHkAAAVyZW5ldwABA2JveAACBWJsZW5kAAMHY29tcGFyZQAECr4FBVcCAX8CewNAIAMgBWr9AAQAIQYgBCAFav0ABAAhByAA' +
  'IAVqIAYgBv3yASAHIAf98gH98AH9CwQAIAEgBWogBiAH/fIB/QsEACAFQRBqIQUgBSACSQ0ACwtQAgF/AXsDQCACIARq/QAEACEFIAAgBGogACAE' +
  'av0ABAAgBSADIARq/QAEAP3xAf3wAf0LBAAgAyAEaiAF/QsEACAEQRBqIQQgBCABSQ0ACwthAgN/AnsgBP0UIQkDQCACIAVqIQYgBiADaiEHIAb9' +
  'AAQAIQgDQCAGQQhqIQYgCCAG/QAEAP3wASEIIAYgB0kNAAsgACAFaiAJIAj98gH9CwQAIAVBEGohBSAFIAFJDQALC+8BAgF/BnsgAv0KAwAhDyAC' +
  '/QoDCCEQIAL9CgMQIREgAv0KAxghEiAC/QoDICETIAL9CgMoIRQDQCAAIA5qIA8gCCAOav0ABAD98gEgECAHIA5q/QAEACAJIA5q/QAEAP3wAf3y' +
  'Af3wASARIAYgDmr9AAQAIAogDmr9AAQA/fAB/fIBIBIgBSAOav0ABAAgCyAOav0ABAD98AH98gH98AEgEyAEIA5q/QAEACAMIA5q/QAEAP3wAf3y' +
  'ASAUIAMgDmr9AAQAIA0gDmr9AAQA/fAB/fIB/fAB/fAB/fAB/QsEACAOQRBqIQ4gDiABSQ0ACwu/AQIBfwd7IAf9FCELIAj9FCEMIAn9FCENA0Ag' +
  'AyAKav0ABAAhDiAEIApq/QAEACEPIA4gD/3yASEQIA4gDv3yASAPIA/98gH98AEhESAAIApqIBAgEP3wASAM/fABIBEgDP3wAf3zAf0LBAAgCyAG' +
  'IApq/QAEACAQ/fEB/fIBIRAgASAKaiAQIBD98AEgDf3wASALIAUgCmr9AAQAIBH98QH98gEgDf3wAf3zAf0LBAAgCkEQaiEKIAogAkkNAAsL';

/** Declares the part of WebAssembly used here: the official types come only with all of the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Exports of rows.wat, with its argument names; addresses and lengths are in bytes. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  multiply(squares: number, products: number, length: number, x: number, y: number): void;
  renew(sums: number, length: number, fresh: number, oldest: number): void;
  box(out: number, length: number, row: number, span: number, share: number): void;
  blend(out: number, length: number, weights: number, ...rows: number[]): void;
  compare(luminance: number, structure: number, length: number, ...rest: number[]): void;
}

const VALUE = Float64Array.BYTES_PER_ELEMENT;
const LINE = 64;
const PAGE = 65536;

let opened: Kernel | undefined;

function kernel(): Kernel {
  if (opened === undefined) {
    const bytes = Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0));
    opened = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Kernel;
  }
  return opened;
}

/** A row of float64 in the kernel's memory. */
export interface Row {
  readonly address: number;
  readonly values: Float64Array;
}

/**
 * Allocates rows of zeros in the kernel's only memory; the next call overwrites them.
 * @param length numbers per row
 */
export function rowsOf(count: number, length: number): Row[] {
  const { memory } = kernel();
  // An odd number of cache lines apart: rows a power of two apart would push each other out of the cache.
  const stride = LINE * (Math.ceil(((length + 1) * VALUE) / LINE) | 1);
  const missing = count * stride - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  new Uint8Array(memory.buffer, 0, count * stride).fill(0);
  return Array.from({ length: count }, (_, index) => ({
    address: index * stride,
    values: new Float64Array(memory.buffer, index * stride, length),
  }));
}

/** Writes x² + y² to `squares` and x·y to `products`. */
export function multiply(x: Row, y: Row, squares: Row, products: Row): void {
  kernel().multiply(squares.address, products.address, evenBytes(x.values.length), x.address, y.address);
}

/** Updates sums of rows by `fresh` less `oldest`, and replaces the oldest row by the fresh one. */
export function renew(sums: Row, oldest: Row, fresh: Row): void {
  kernel().renew(sums.address, evenBytes(sums.values.length), fresh.address, oldest.address);
}

/** Writes sums of `size` neighbouring numbers, times a factor. @param count number of sums */
export function box(out: Row, count: number, row: Row, size: number, factor: number): void {
  kernel().box(out.address, evenBytes(count), row.address, (size - 1) * VALUE, factor);
}

const TAPS = 11;

/**
 * Writes the sum of eleven rows with weights that are symmetric about the middle.
 * @param count numbers to write
 * @param weights a row that begins with the middle's weight and those of its neighbours, one to five away
 * @param rows addresses of the eleven rows, in bytes
 */
export function blend(out: Row, count: number, weights: Row, rows: readonly number[]): void {
  kernel().blend(out.address, evenBytes(count), weights.address, ...rows);
}

/** Addresses of eleven rows that are one row, each shifted by one more number. */
export function shifts({ address }: Row): number[] {
  return Array.from({ length: TAPS }, (_, tap) => address + tap * VALUE);
}

/** Writes SSIM's two factors at the places of a row, from the means of x, y, x² + y² and x·y. */
export function compare(
  [luminance, structure]: readonly [Row, Row],
  count: number,
  means: readonly Row[],
  factor: number,
  c1: number,
  c2: number,
): void {
  const [x, y, squares, products] = means.map(({ address }) => address) as [number, number, number, number];
  kernel().compare(luminance.address, structure.address, evenBytes(count), x, y, squares, products, factor, c1, c2);
}

/** Bytes of `count` numbers, rounded up to an even count: the kernel takes two at once; every row has the room. */
function evenBytes(count: number): number {
  return VALUE * (count + (count % 2));
}
