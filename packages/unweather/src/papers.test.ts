import { shapesOf } from '@unweather/core-tensor';
import type { ModelEntry } from '@unweather/model';
import { expect, test } from 'vitest';
import { PAPER_LIST } from './papers.js';

test.each(PAPER_LIST)('%s has in browsers the tasks and the networks that it has in Node', async (name, row) => {
  const { model } = await row.model();
  const { model: inBrowser } = (await import(`@unweather/${name}/browser`)) as { model: ModelEntry };
  expect(inBrowser.tasks).toEqual(model.tasks);
  expect(Object.keys(row.tasks).sort()).toEqual(Object.keys(model.tasks).sort());
  expect(Object.keys(inBrowser.networks)).toEqual(Object.keys(model.networks));
  for (const [network, { create }] of Object.entries(inBrowser.networks))
    expect(shapesOf(create().parameters())).toEqual(shapesOf(model.networks[network]!.create().parameters()));
});

test('of MANAS, browsers take every network that a name describes', async () => {
  const name = 'MANAS-HHFF-FHFH-HFFH-048-440-344-no-stem';
  const { model } = await import('@unweather/manas');
  const { model: inBrowser } = await import('@unweather/manas/browser');
  const ours = model.found!.named(name)!.create();
  expect(shapesOf(inBrowser.found.named(name)!.create().parameters())).toEqual(shapesOf(ours.parameters()));
  expect(inBrowser.found.named('MSBDN')).toBeUndefined();
});
