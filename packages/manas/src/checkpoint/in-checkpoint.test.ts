import { fileURLToPath } from 'node:url';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { architectureNamed } from '../architecture/architecture.js';
import { networkInCheckpoint } from './in-checkpoint.js';
import { isOfUnusedCandidate } from './unused.js';

// Files that PyTorch wrote, with the official names; most tensors hold a single number.
const file = (name: string) => fileURLToPath(new URL(`../../goldens/checkpoints/${name}`, import.meta.url));
const manas = runnerOf(new URL('../cli.js', import.meta.url));

test('the network of a pickled module, and of a state_dict whose counters say what ran', async () => {
  expect(await networkInCheckpoint(file('module.pt'))).toBe('MANAS-FHFF-HHFH-HFHF-048-440-344');
  expect(await networkInCheckpoint(file('state.pth'))).toBe('MANAS-HHHF-FFFF-HHHH-258-432-358-no-stem');
});

test('where a file does not say it, the error does', async () => {
  await expect(networkInCheckpoint(file('undecided.pth'))).rejects.toThrow(
    /undecided\.pth: does not say which of its candidates the edge "auto1\.0\.ops\.0" uses; .+ with --architecture/,
  );
  await expect(networkInCheckpoint(file('search.pt'))).rejects.toThrow(/search\.pt: has no cell "stage2\.0"/);
  const folder = await temporaryFolder();
  const restore = await manas(['restore', 'photo.png', '--weights', file('module.pt'), '--out', `${folder}/out.png`]);
  expect(restore).toMatchObject({ status: 1 });
  expect(restore.stderr).toMatch(
    /module\.pt: tensor "stage1\.0\.conv1\.weight" is missing \(.+\); the nearest of the 40 names .+ use a checkpoint of MANAS-F/,
  );
});

test('unused are the candidates that were not chosen, and stage 1 where there is none', () => {
  const architecture = architectureNamed('MANAS-FHFF-HHFH-HFHF-048-440-344')!;
  const unused = (name: string, of = architecture) => isOfUnusedCandidate(of, name);
  expect(unused('auto1.1.ops.2.ops.8.ChannelGate.mlp.1.bias')).toBe(false);
  expect(unused('auto1.1.ops.1.ops.8.ChannelGate.mlp.1.bias')).toBe(true);
  expect(unused('auto3.3.ops.0.ops.3.op.0.weight')).toBe(false);
  expect(unused('stage1.0.conv1.weight')).toBe(false);
  expect(unused('stage1.0.conv1.weight', { ...architecture, stem: false })).toBe(true);
  expect(unused('fc.weight')).toBe(false);
});
