import type { Evaluation } from '@unweather/eval';
import { html, type Markup } from './markup.js';

/** Provenance of an evaluation's numbers, collapsed until opened. */
export function provenance({
  title,
  baseline,
  weights,
  protocol,
  metrics,
  pairs,
  expected,
  provenance: of,
}: Evaluation): Markup {
  const versions = Object.entries(of.versions).map(([name, version]) => `${name} ${version}`);
  const entries: [string, Markup | string][] = [
    baseline ? ['Baseline', title] : ['Weights', html`${weights.file}<br><code>SHA-256 ${weights.sha256}</code>`],
    ['Protocol', html`<b>${protocol.name}</b>: ${protocol.description}`],
    ...metrics.map(({ name, description, better }): [string, string] => [name, `${description}; ${better} is better`]),
    [
      'Pictures',
      `${pairs} pairs were listed; ${expected === null ? 'the registry states none' : `the registry states ${expected}`}`,
    ],
    ['Measured', html`<time datetime="${of.date}">${of.date}</time>`],
    ['Commit', of.commit === null ? 'outside of a repository' : html`<code>${of.commit}</code>`],
    ['Engine', of.engine],
    ['Machine', `${of.cpu}, ${of.threads} ${of.threads === 1 ? 'thread' : 'threads'}, ${of.platform}`],
    ['Versions', versions.join(', ')],
  ];
  return html`<details><summary>Where these numbers come from</summary>
<dl>${entries.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></details>`;
}
