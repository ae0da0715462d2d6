import { type FloatPicture, type Picture, requireFinitePicture } from '@unweather/core-tensor';

/** Rounds to bytes as torchvision's `save_image` does: ⌊clamp(255·v + 0.5, 0, 255)⌋. @throws UserError for NaN and infinities */
export function rounded(picture: FloatPicture): Picture {
  const { width, height, data } = picture;
  requireFinitePicture(picture, 'the restored picture');
  const byte = (value: number) => Math.floor(Math.min(Math.max(Math.fround(Math.fround(value * 255) + 0.5), 0), 255));
  return { width, height, data: new Uint8Array(data.map(byte)) };
}
