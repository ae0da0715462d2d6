/** A picture in memory: 8-bit RGB, rows top to bottom, channels interleaved (height × width × 3 bytes). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle of pixels; the origin is the top left corner. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a picture inside a window. */
export function cut(picture: Picture, window: Window): Picture {
  const data = new Uint8Array(window.width * window.height * 3);
  const row = window.width * 3;
  for (let y = 0; y < window.height; y++) {
    const start = ((window.top + y) * picture.width + window.left) * 3;
    data.set(picture.data.subarray(start, start + row), y * row);
  }
  return { width: window.width, height: window.height, data };
}

/** The picture mirrored left to right. */
export function mirrored(picture: Picture): Picture {
  const { width, height, data } = picture;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + (width - 1 - x)) * 3;
      out.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  return { width, height, data: out };
}

/**
 * Writes a picture as float32 planes (CHW, RGB, values byte/255 in [0, 1]) into `target` at `offset`.
 * The division is done in float32 arithmetic's nearest value, as torchvision's ToTensor does.
 */
export function toPlanes(picture: Picture, target: Float32Array, offset = 0): void {
  const plane = picture.width * picture.height;
  const { data } = picture;
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) target[offset + c * plane + i] = data[i * 3 + c]! / 255;
}

/**
 * A picture from float32 planes (CHW, RGB): clamped to [0, 1], times 255, and **truncated** to a byte, as the test
 * scripts of DuRN do it (`(x*255).astype(uint8)`); the product is taken in float32.
 */
export function fromPlanes(planes: Float32Array, width: number, height: number, offset = 0): Picture {
  const plane = width * height;
  const data = new Uint8Array(plane * 3);
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) {
      const value = Math.min(Math.max(planes[offset + c * plane + i]!, 0), 1);
      data[i * 3 + c] = Math.trunc(Math.fround(value * 255));
    }
  return { width, height, data };
}
