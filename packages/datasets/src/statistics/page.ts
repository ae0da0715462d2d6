import { type AnyPicture, Random, toBytes } from '@unweather/core-tensor';
import sharp from 'sharp';
import { openPair } from '../pair.js';
import type { Cells } from './cells.js';
import { MEASURED, type Weather } from './measure.js';
import { type RealPairs, statisticsSets } from './sets.js';

/** Number of pairs shown per set, and side of the centre crop of each, in pixels. */
const [SHOWN, SIDE] = [4, 192];

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222}h2{font-size:1.1rem;margin:2rem 0 .4rem}' +
  'img{margin:0 4px 4px 0}dl{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0}dt{color:#666}dd{margin:0}';

/**
 * Makes a page with embedded pictures: for every set, crops of degraded pictures, their truths below them, and the
 * set's numbers.
 * @param cells the numbers, one line per set, in the order of {@link statisticsSets}
 * @throws UserError naming the file that cannot be used
 */
export async function statisticsPage(weather: Weather, cells: Cells, real?: RealPairs): Promise<string> {
  const [head, ...lines] = cells;
  const sections: string[] = [];
  for (const [i, { set, pairs }] of (await statisticsSets(real, MEASURED[weather].degradations)).entries()) {
    const shown: { truth: string; input: string }[] = [];
    for (const source of spread(pairs)) {
      const { truth, input } = await openPair(source, Random.named('statistics', source.name));
      shown.push({ truth: await image(truth, `truth of ${source.name}`), input: await image(input, source.name) });
    }
    const numbers = head.slice(1).map((name, j) => `<div><dt>${escaped(name)}</dt><dd>${lines[i]![j + 1]!}</dd></div>`);
    const [inputs, truths] = [shown.map(({ input }) => input).join(''), shown.map(({ truth }) => truth).join('')];
    sections.push(
      `<section><h2>${escaped(set)}</h2><div>${inputs}</div><div>${truths}</div><dl>${numbers.join('')}</dl></section>`,
    );
  }
  const title = `Synthesised ${weather}${real === undefined ? '' : ' beside real pairs'}`;
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>` +
    `<h1>${title}</h1>${sections.join('\n')}</html>\n`
  );
}

/** Picks a few items, evenly spaced over the list. */
function spread<Item>(list: readonly Item[]): Item[] {
  const count = Math.min(SHOWN, list.length);
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!);
}

/** Makes an embedded WebP image of a picture's centre. */
async function image(picture: AnyPicture, name: string): Promise<string> {
  const { width, height, data } = toBytes(picture);
  const [wide, high] = [Math.min(SIDE, width), Math.min(SIDE, height)];
  const webp = await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left: (width - wide) >> 1, top: (height - high) >> 1, width: wide, height: high })
    .webp({ quality: 88 })
    .toBuffer();
  const uri = `data:image/webp;base64,${webp.toString('base64')}`;
  return `<img src="${uri}" width="${wide}" height="${high}" alt="${escaped(name)}">`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
