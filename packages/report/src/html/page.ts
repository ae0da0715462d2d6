import type { Sources } from '../sources.js';
import type { MeasuredRow } from '../tables/rows.js';
import { type Section, type Tables, tablesOf } from '../tables/sections.js';
import { documentOf, topLine } from './document.js';
import { ERROR_SCALE } from './error-map.js';
import { evaluationDetails } from './evaluation.js';
import type { Missing } from './exemplars.js';
import { html, type Markup } from './markup.js';
import { sectionTable, unmeasuredTable } from './table.js';
import { LONGEST, QUALITY } from './web-picture.js';

const KINDS = {
  benchmark: '',
  embedded:
    'Not a benchmark: the few embedded photographs, with synthesised weather. These numbers cannot be compared with a paper’s.',
  own: 'Not a benchmark: a user’s own list of pairs. These numbers cannot be compared with a paper’s.',
};

/**
 * A report as one self-contained page that loads nothing: pictures, style and script are inside.
 * @param folder folder of the evaluations, to which their pictures' paths are relative
 * @param missing receives a sentence for every place that lacks its pictures; default: they are named in the page alone
 */
export async function reportPage(
  folder: string,
  sources: Sources,
  missing: Missing = () => undefined,
): Promise<string> {
  const tables = tablesOf(sources);
  const sections: Markup[] = [];
  for (const section of tables.sections) sections.push(await sectionOf(folder, section, missing));
  const body = html`${header(sources, tables)}
<main>
${sections}
${unmeasured(tables)}
</main>
${footer()}`;
  return documentOf('Restoration, measured', ['page', 'tables', 'evaluation'], body);
}

function header({ evaluations }: Sources, { sections, unmeasured }: Tables): Markup {
  const pictures = evaluations.reduce((sum, { summary }) => sum + summary.at(-1)!.pictures, 0);
  const days = evaluations.map(({ provenance }) => provenance.date.slice(0, 10)).sort();
  const [first, last] = [days[0]!, days.at(-1)!];
  const when = first === last ? `on ${first}` : `from ${first} to ${last}`;
  const count = evaluations.length === 1 ? 'One evaluation' : `${evaluations.length} evaluations`;
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const rest = unmeasured.length > 0 ? html`<li><a href="#unmeasured">published, not measured here</a></li>` : html``;
  return html`<header>
${topLine()}
<h1>Restoration, measured</h1>
<p class="lead">${count}, ${pictures} scored pictures, ${when}. Every number is a mean over all pictures of its split and
stands under the protocol that it was computed by. Small figures are 95 % intervals. <b>Measured (published)</b>: a paper’s
number stands in brackets where it answers the same question.</p>
<nav aria-label="Contents"><ul>${links}${rest}</ul></nav>
</header>`;
}

async function sectionOf(folder: string, section: Section, missing: Missing): Promise<Markup> {
  const { id, kind, title, groups } = section;
  const details: Markup[] = [];
  const rows = groups.flatMap((group) => group.rows);
  for (const row of rows.filter((row): row is MeasuredRow => row.kind === 'measured'))
    details.push(await evaluationDetails(folder, row, missing));
  return html`<section class="split" id="${id}">
<h2 id="${id}-title">${title}</h2>
${KINDS[kind] && html`<p class="warning">${KINDS[kind]}</p>`}
${groups.length > 1 ? html`<p class="note">Rows are grouped by protocol: numbers of different ones cannot be compared.</p>` : ''}
${sectionTable(section)}
${details}
</section>
`;
}

function unmeasured({ unmeasured: rows }: Tables): Markup {
  if (rows.length === 0) return html``;
  return html`<section class="split" id="unmeasured">
<h2 id="unmeasured-title">Published, not measured here</h2>
<p class="note">Numbers that others published, on splits for which this report has no evaluation.</p>
${unmeasuredTable(rows)}
</section>`;
}

function footer(): Markup {
  return html`<footer>
<p>Intervals hold 95 % of the means of 2000 resampled sets; scenes are drawn, not pictures.
Gain is PSNR after minus PSNR before.</p>
<p>Pictures are shown as WebP of quality ${QUALITY}, at most ${LONGEST} pixels long; scores and error maps come from the exact
pictures. An error map shows |restored − truth|, mean of the channels, from 0 to ${ERROR_SCALE} of 255 levels, the same scale on all.</p>
</footer>`;
}
