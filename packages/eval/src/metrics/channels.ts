/** Numbers of a picture, row by row: bytes 0 … 255, or floats. */
export type Plane = Uint8Array | Float64Array;

/** Planes of numbers to be compared, all of one size: one plane, or one per channel. */
export interface Channels {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Plane[];
}
