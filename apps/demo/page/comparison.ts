import type { MetadataChoice, PictureMetadata } from '@unweather/core-tensor/browser';
import { elements } from './elements.js';
import type { Report } from './messages.js';

const { before, after, slider, compare, drop } = elements;
const caption = compare.querySelector('figcaption')!;

/** Shows a photograph, alone. @throws Error when the browser does not show such a file */
export async function showPhotograph(file: Blob): Promise<void> {
  const bitmap = await createImageBitmap(file);
  Object.assign(before, { width: bitmap.width, height: bitmap.height });
  before.getContext('2d')!.drawImage(bitmap, 0, 0);
  compare.style.setProperty('--ratio', String(before.width / before.height));
  bitmap.close();
  showAfter(false);
  drop.hidden = true;
  compare.hidden = false;
}

/** Metadata of the restored photograph. */
let metadata: PictureMetadata = {};

/** Lays the restored picture over the right half of the photograph. */
export function showRestored({ data, width, height, ...rest }: Extract<Report, { kind: 'restored' }>): void {
  metadata = rest.metadata ?? {};
  Object.assign(after, { width, height });
  after.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  slider.value = '50';
  divide();
  showAfter(true);
}

/** The restored picture as a PNG file, with what is chosen of the photograph's metadata; null if it cannot be made. */
export async function restoredFile(choice: MetadataChoice): Promise<Blob | null> {
  const file = await new Promise<Blob | null>((resolve) => {
    after.toBlob(resolve, 'image/png');
  });
  if (file === null) return null;
  // Loaded only here: the page itself needs nothing of the networks.
  const { addMetadata } = await import('@unweather/core-tensor/browser');
  const bytes = await addMetadata(new Uint8Array(await file.arrayBuffer()), metadata, choice, after);
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' });
}

function showAfter(shown: boolean): void {
  for (const element of [after, slider, caption as HTMLElement]) element.hidden = !shown;
}

function divide(): void {
  after.style.clipPath = `inset(0 0 0 ${slider.value}%)`;
  slider.setAttribute('aria-valuetext', `the restored picture begins at ${slider.value} percent of the width`);
}

slider.addEventListener('input', divide);
