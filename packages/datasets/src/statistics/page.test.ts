import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writePicture } from '../test-support.js';
import { statisticsPage } from './page.js';
import { SNOWS } from './snow.js';

test('a page shows real pairs, then every level, each with its own numbers, and needs nothing else', async () => {
  const meta = join(await temporaryFolder(), 'a<b&c.json');
  await writePicture(join(meta, '../gt.png'), 200, 100);
  await writePicture(join(meta, '../in.png'), 200, 100);
  await writeFile(meta, JSON.stringify([['gt.png', 'in.png']]));
  const levels = SNOWS.flatMap((name) => ['light', 'medium', 'heavy'].map((level) => `${name}, ${level}`));
  const numbers = [meta, ...levels].map((set, i) => [set, `number ${i}`]);
  const page = await statisticsPage('snow', [['', 'x < y'], ...numbers], { meta });
  const sections = page.match(/<section>.*?<\/section>/gs)!;
  expect(sections).toHaveLength(7);
  expect(sections[0]).toContain('a&lt;b&amp;c.json</h2>');
  expect(sections[0]!.match(/width="192" height="100"/g)).toHaveLength(2);
  for (const [i, section] of sections.slice(1).entries()) {
    expect(section).toContain(`<h2>${levels[i]}</h2>`);
    expect(section).toContain(`<dt>x &lt; y</dt><dd>number ${i + 1}</dd>`);
    const images = section.match(/src="data:image\/webp;base64,[^"]+"/g)!;
    expect(images).toHaveLength(8);
    expect(new Set(images).size).toBe(8);
  }
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
});
