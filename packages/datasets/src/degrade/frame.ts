/** Position of a crop in its photograph; degradations that vary over a scene (haze) depend on it. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  /** Size of the whole photograph. */
  readonly width: number;
  readonly height: number;
}
