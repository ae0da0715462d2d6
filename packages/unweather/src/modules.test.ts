import { modulesOf } from '@unweather/testing';
import { expect, test } from 'vitest';
import { PAPER_LIST } from './papers.js';

/** Packages that training and evaluation need, and restoring does not. */
const STUDY = ['cli-progress', 'commander', 'jsfive', 'markdown-table', 'piscina', 'ssim.js', 'vitest'];
const OUR_STUDY = ['datasets', 'eval', 'lab', 'report'];

test.each(PAPER_LIST.map(([name]) => name))('@unweather/%s opens and restores without what trains it', async (name) => {
  const modules = await modulesOf(`@unweather/${name}`, import.meta.dirname);
  console.log(`@unweather/${name}: ${modules.length} modules`);
  const packages = new Set(
    modules.map(
      (url) => /\/packages\/([^/]+)\//.exec(url)?.[1] ?? /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1],
    ),
  );
  expect(packages).toContain(name);
  expect(packages).toContain('core-tensor');
  for (const other of [...STUDY, ...OUR_STUDY]) expect(packages).not.toContain(other);
  expect(modules.filter((url) => /\/dist\/study\//.test(url))).toEqual([]);
});
