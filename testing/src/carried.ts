import type { Paper } from '@unweather/commands';
import { carriedWeights } from '@unweather/commands/model';
import { Random, Restorer, readCheckpoint, toBytes } from '@unweather/core-tensor';
import { embeddedPairs, openPair } from '@unweather/datasets';
import { basicsrProtocol } from '@unweather/eval';
import { inventory, problemOf } from '@unweather/weights';

/**
 * Holds the weights that a paper's package carries for a task against their hash and their card, and restores the held-out
 * embedded photographs under medium weather by them.
 * @returns what is wrong with the files, and the mean gain in dB by the protocol `basicsr`
 */
export async function carriedOf(paper: Paper, task: string): Promise<{ problem: string | undefined; gain: number }> {
  const { network: name, degradation } = paper.tasks[task]!;
  const weights = await carriedWeights(paper, task);
  const held = (await inventory(import.meta.dirname)).find((one) => one.name === weights)!;
  const network = paper.networks[name]!.create();
  const restorer = await Restorer.open(network, (await readCheckpoint(held.path, name, network.parameters())).weights);
  const gains: number[] = [];
  const pairs = await embeddedPairs('held-out', degradation);
  for (const source of pairs.filter(({ name }) => name.endsWith('-medium'))) {
    const { input, truth } = await openPair(source, new Random(0));
    const restored = toBytes(await restorer.restore(input));
    gains.push(basicsrProtocol.score(restored, truth).psnr - basicsrProtocol.score(input, truth).psnr);
  }
  await restorer.dispose();
  return { problem: await problemOf(held), gain: gains.reduce((a, b) => a + b) / gains.length };
}
