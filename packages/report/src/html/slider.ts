import { html, type Markup } from './markup.js';
import type { WebPicture } from './web-picture.js';

/** A picture of a page, with its name and alternative text. */
export interface NamedWebPicture {
  readonly picture: WebPicture;
  readonly name: string;
  readonly alt: string;
}

/** Two pictures of one size under a slider that uncovers one or the other: by pointer, finger or arrow keys. */
export function slider(before: NamedWebPicture, after: NamedWebPicture): Markup {
  return html`<figure><div class="uncover">${image(before)}${image(after)}
<input type="range" min="0" max="100" value="50" aria-label="How much of the picture shows the ${before.name}, in per cent"></div>
<figcaption><span>${before.name}</span><span>${after.name}</span></figcaption></figure>`;
}

/** A picture without a slider. */
export function image({ picture: { uri, width, height }, alt }: Omit<NamedWebPicture, 'name'>): Markup {
  return html`<img src="${uri}" width="${width}" height="${height}" alt="${alt}">`;
}
