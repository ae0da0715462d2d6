import { aecr } from '@unweather/aecr';
import { aecr as aecrInBrowser } from '@unweather/aecr/browser';
import { afrnet } from '@unweather/afrnet';
import { afrnet as afrnetInBrowser } from '@unweather/afrnet/browser';
import type { Paper } from '@unweather/commands';
import type { BrowserPaper } from '@unweather/commands/browser';
import { shapesOf } from '@unweather/core-tensor';
import { durn } from '@unweather/durn';
import { durn as durnInBrowser } from '@unweather/durn/browser';
import { manas } from '@unweather/manas';
import { manas as manasInBrowser } from '@unweather/manas/browser';
import { multiweather } from '@unweather/multiweather';
import { multiweather as multiweatherInBrowser } from '@unweather/multiweather/browser';
import { expect, test } from 'vitest';

test.each<[string, Paper, BrowserPaper]>([
  ['aecr', aecr, aecrInBrowser],
  ['afrnet', afrnet, afrnetInBrowser],
  ['durn', durn, durnInBrowser],
  ['manas', manas, manasInBrowser],
  ['multiweather', multiweather, multiweatherInBrowser],
])('%s has in browsers the tasks and the networks that it has in Node', (_, paper, inBrowser) => {
  const tasks = (of: Paper['tasks'] | BrowserPaper['tasks']) =>
    Object.entries(of).map(([name, { network, otherNetworks = [] }]) => [name, network, otherNetworks]);
  expect(tasks(inBrowser.tasks)).toEqual(tasks(paper.tasks));
  expect(Object.keys(inBrowser.networks)).toEqual(Object.keys(paper.networks));
  for (const [name, create] of Object.entries(inBrowser.networks))
    expect(shapesOf(create().parameters())).toEqual(shapesOf(paper.networks[name]!.create().parameters()));
});

test('of MANAS, browsers take every network that a name describes', () => {
  const name = 'MANAS-HHFF-FHFH-HFFH-048-440-344-no-stem';
  const [ours, theirs] = [manas.found!.named(name)!.create(), manasInBrowser.found(name)!];
  expect(shapesOf(theirs.parameters())).toEqual(shapesOf(ours.parameters()));
  expect(manasInBrowser.found('MSBDN')).toBeUndefined();
});
