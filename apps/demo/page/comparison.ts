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

/** Lays the restored picture over the right half of the photograph. */
export function showRestored({ data, width, height }: Extract<Report, { kind: 'restored' }>): void {
  Object.assign(after, { width, height });
  after.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  slider.value = '50';
  divide();
  showAfter(true);
}

/** The restored picture as a PNG file. */
export function restoredFile(): Promise<Blob | null> {
  return new Promise((resolve) => {
    after.toBlob(resolve, 'image/png');
  });
}

function showAfter(shown: boolean): void {
  for (const element of [after, slider, caption as HTMLElement]) element.hidden = !shown;
}

function divide(): void {
  after.style.clipPath = `inset(0 0 0 ${slider.value}%)`;
  slider.setAttribute('aria-valuetext', `the restored picture begins at ${slider.value} percent of the width`);
}

slider.addEventListener('input', divide);
