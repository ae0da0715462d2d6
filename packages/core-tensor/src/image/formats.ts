/** File formats in which pictures can be written. */
export const PICTURE_FORMATS = ['png', 'jpg', 'webp', 'avif', 'tiff'] as const;
/** One of {@link PICTURE_FORMATS}. */
export type PictureFileFormat = (typeof PICTURE_FORMATS)[number];
