// Values may come from another realm (a vm context, Jest, jsdom, a worker's messages), where `instanceof` is false.

/** Name of a value's built-in kind, in every realm: "Float32Array", "Blob", "Object". */
export function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** True for a Float32Array of any realm. */
export function isFloat32Array(value: unknown): value is Float32Array<ArrayBuffer> {
  return kindOf(value) === 'Float32Array';
}

/** True for a Uint8Array of any realm, a Buffer included. */
export function isUint8Array(value: unknown): value is Uint8Array<ArrayBuffer> {
  return kindOf(value) === 'Uint8Array';
}

/** True for a Uint16Array of any realm. */
export function isUint16Array(value: unknown): value is Uint16Array<ArrayBuffer> {
  return kindOf(value) === 'Uint16Array';
}
