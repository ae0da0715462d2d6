import {
  documentOf,
  html,
  image,
  LONGEST,
  type NamedWebPicture,
  QUALITY,
  slider,
  topLine,
  webPicture,
} from '@unweather/report/parts';
import type { Compared } from './read.js';

/** A page that holds its pictures: before and after under a slider, the truth beside them. */
export async function comparisonPage(compared: readonly Compared[]): Promise<string> {
  const shown = await Promise.all(compared.map(named));
  const [before, after, truth] = shown as [NamedWebPicture, NamedWebPicture, NamedWebPicture?];
  const title = `${compared[0]!.name} and ${compared[1]!.name}`;
  const scores = compared.filter(({ scores }) => scores !== undefined);
  const body = html`<header>${topLine()}<h1>${title}</h1></header>
<main class="pictures">
${slider(before, after)}
${truth ? html`<figure>${image(truth)}<figcaption><span>truth</span></figcaption></figure>` : ''}
</main>
<footer>
${scores.length > 0 ? html`<p>${scores.map(({ role, scores }) => html`<b>${role}</b>: ${scores!}. `)}By the protocol basicsr, from the exact pictures, against ${compared[2]!.name}.</p>` : ''}
<p>The slider takes the pointer, a finger, and the arrow keys. Pictures are shown as WebP of quality ${QUALITY}, at most
${LONGEST} pixels long.</p>
</footer>`;
  return documentOf(title, ['page', 'evaluation'], body);
}

async function named({ role, name, picture }: Compared): Promise<NamedWebPicture> {
  return { picture: await webPicture(picture), name: role, alt: `${role}: ${name}` };
}
