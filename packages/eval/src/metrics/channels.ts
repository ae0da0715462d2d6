/** Planes of numbers to be compared, all of one size: one plane, or one per channel. */
export interface Channels {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float64Array[];
}
