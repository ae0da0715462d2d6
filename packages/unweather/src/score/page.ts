import { documentOf, html, type Markup, topLine } from '@unweather/report/parts';
import type { Score } from './measures.js';
import { type Beside, placeOf, sourceOf } from './published.js';
import type { ScoresFile } from './results.js';
import type { RulerSummary } from './summary.js';
import { differencesText, headingOf, numberText, pText, signedText } from './texts.js';

/** One page with every table; its columns sort, and it loads nothing. */
export async function scoresPage(file: ScoresFile): Promise<string> {
  const { results, truth, rulers, scores, published, provenance } = file;
  const title = `Scores of ${results.map(({ label }) => label).join(', ')}`;
  const body = html`<header>${topLine()}<h1>${title}</h1>
<p class="lead">${truth === null ? 'Without truths.' : html`Against the truths in <code>${truth}</code>.`} Small figures are 95 %
intervals of the means.</p></header>
<main>${rulers.map((ruler, i) => rulerSection(ruler, scores, `ruler-${i}`))}
${published.length === 0 ? '' : publishedSection(published)}</main>
<footer><p>Intervals hold 95 % of the means of 2000 resampled sets; scenes are drawn, not pictures. The sign test counts
scenes.</p>
${scores.map(({ name, description, better }) => html`<p><b>${name}</b>: ${description}; ${better} is better.</p>`)}
<p>Measured on ${provenance.date} by unweather ${provenance.versions.unweather ?? ''}, ${provenance.engine}.</p></footer>`;
  return documentOf(title, ['page', 'tables'], body);
}

function rulerSection(
  { protocol, folders, rows, differences }: RulerSummary,
  scores: readonly Score[],
  id: string,
): Markup {
  const title = protocol === null ? 'Scores without a protocol' : `By ${protocol.name}`;
  const columns = scores.flatMap((score) => folders.map((folder, at) => ({ score, folder, at })));
  const head = columns.map(({ score, folder }) => headingOf(score, folders.length > 1 ? folder.label : ''));
  const means = columns.map(({ score, folder }) => {
    const of = folder.means[score.name];
    if (of === undefined) return html`<td class="number"></td>`;
    return html`<td class="number"><b>${numberText(of.mean, score)}</b> <small>${numberText(of.low, score)} to
${numberText(of.high, score)}</small></td>`;
  });
  const lines = rows.map(
    ({ name, sets }) => html`<tr><th scope="row" data-value="${name}">${name}</th>${columns.map(({ score, at }) => {
      const value = sets[at]?.[score.name];
      return html`<td class="number" data-value="${value ?? ''}">${numberText(value, score)}</td>`;
    })}</tr>
`,
  );
  return html`<section class="split" id="${id}"><h2 id="${id}-title">${title}</h2>
${protocol === null ? '' : html`<p class="note">${protocol.description}</p>`}
${scrolled(
  `${id}-title`,
  html`<thead><tr>${heading('Picture', false)}${head.map((name) => heading(name, true))}</tr></thead>
<tbody><tr class="protocol"><th scope="row">mean of ${folders.map(({ pictures }) => pictures).join(', ')}</th>${means}</tr></tbody>
<tbody>${lines}</tbody>`,
)}
${differences.length === 0 ? '' : differenceTable(differences, scores, `${id}-title`)}</section>
`;
}

function differenceTable(differences: RulerSummary['differences'], scores: readonly Score[], label: string): Markup {
  const names = ['Paired difference', 'Score', 'Mean', 'Scenes better', 'worse', 'equal', 'Sign test p', 'Pictures'];
  const lines = differences.map((of) => {
    const score = scores.find(({ name }) => name === of.score)!;
    const [better, worse] = score.better === 'higher' ? [of.above, of.below] : [of.below, of.above];
    const numbers = [better, worse, of.equal].map(
      (count) => html`<td class="number" data-value="${count}">${count}</td>`,
    );
    return html`<tr><th scope="row" data-value="${of.label}">${of.label} − ${of.less}</th>
<td data-value="${of.score}">${headingOf(score, '')}</td>
<td class="number" data-value="${of.mean}">${signedText(of.mean, score)} <small>${signedText(of.low, score)} to ${signedText(of.high, score)}</small></td>
${numbers}<td class="number" data-value="${of.p}">${pText(of.p)}</td><td class="number" data-value="${of.pictures}">${of.pictures}</td></tr>
`;
  });
  return scrolled(
    label,
    html`<thead><tr>${names.map((name, i) => heading(name, i > 1))}</tr></thead><tbody>${lines}</tbody>`,
  );
}

function publishedSection(published: readonly Beside[]): Markup {
  const names = ['Published', 'PSNR', 'SSIM', 'Protocol', 'Measured here less published', 'Where'];
  const lines = published.map(
    (of) => html`<tr><th scope="row" data-value="${placeOf(of)}">${placeOf(of)}</th>
<td class="number" data-value="${of.result.psnr}">${of.result.psnr.toFixed(2)}</td>
<td class="number" data-value="${of.result.ssim}">${of.result.ssim.toFixed(4)}</td>
<td data-value="${of.result.protocol ?? ''}">${of.result.protocol ?? 'not stated'}</td>
<td class="reason">${differencesText(of)}</td><td class="source">${sourceOf(of.result)}</td></tr>
`,
  );
  const head = names.map((name, i) => heading(name, i === 1 || i === 2));
  return html`<section class="split" id="published"><h2 id="published-title">Published</h2>
<p class="note">Compare with published numbers only if these are all pictures of that split, and no others.</p>
${scrolled('published-title', html`<thead><tr>${head}</tr></thead><tbody>${lines}</tbody>`)}</section>`;
}

function heading(name: string, number: boolean): Markup {
  return html`<th scope="col"${number ? html` class="number"` : ''}><button type="button">${name}</button></th>`;
}

/** A table that scrolls by itself on narrow pages. */
function scrolled(label: string, content: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${label}"><table>${content}</table></div>`;
}
