/**
 * What is written of the metadata of a picture: 'keep', all EXIF and XMP data, GPS among them, but no thumbnail, which
 * would show the picture as it was; 'copyright', whose picture it is; 'none'.
 */
export const METADATA = ['keep', 'copyright', 'none'] as const;
/** One of {@link METADATA}. */
export type MetadataChoice = (typeof METADATA)[number];
