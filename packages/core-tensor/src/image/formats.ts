/** File formats in which pictures can be written. */
export const PICTURE_FORMATS = ['png', 'jpg', 'webp', 'avif', 'tiff', 'gif'] as const;
/** One of {@link PICTURE_FORMATS}. */
export type PictureFileFormat = (typeof PICTURE_FORMATS)[number];

/** Formats that hold 16 bits per channel. */
export const DEEP_FORMATS: readonly PictureFileFormat[] = ['png', 'tiff'];
/** Formats that hold several frames or pages. */
export const FRAME_FORMATS: readonly PictureFileFormat[] = ['webp', 'gif', 'tiff'];

/** Longest side that a format stores, in pixels; the others hold any picture that is decoded. */
export const LONGEST_SIDES: Readonly<Partial<Record<PictureFileFormat, number>>> = {
  jpg: 65_500,
  webp: 16_383,
  avif: 16_384,
  gif: 65_535,
};

/** Other endings of a format's files. */
export const ALIASES: Readonly<Record<string, PictureFileFormat>> = {
  jpeg: 'jpg',
  jpe: 'jpg',
  jfif: 'jpg',
  tif: 'tiff',
};
