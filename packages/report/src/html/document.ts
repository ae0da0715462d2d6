import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { html, Markup } from './markup.js';

/** Style sheets of the folder `style`. */
export type Style = 'page' | 'tables' | 'evaluation';

/**
 * A self-contained page that loads nothing: pictures, style and script are inside.
 * @param styles in their order
 */
export async function documentOf(title: string, styles: readonly Style[], body: Markup): Promise<string> {
  const beside = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');
  const script = await beside('../page/behaviour.js');
  const style = (await Promise.all(styles.map((name) => beside(`../../style/${name}.css`)))).join('');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
<script type="module">${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

/** Content security policy: fetches nothing, runs only our script; inline styles serve the charts and sliders. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
}

/** Line above a page's title: the project's name and the theme's buttons, whose state the style sheet reads. */
export function topLine(): Markup {
  const choices = ['system', 'light', 'dark'].map((name, i) => {
    const checked = i === 0 ? html` checked` : '';
    return html`<label><input type="radio" name="theme" id="theme-${name}"${checked}><span>${name}</span></label>`;
  });
  return html`<div class="top"><p class="mark">unweather</p><fieldset class="theme"><legend>Theme</legend>${choices}</fieldset></div>`;
}
