import type { Paper } from '@unweather/commands';
import { carriedWeights } from '@unweather/commands/model';
import { Random, Restorer, readCheckpoint, toBytes } from '@unweather/core-tensor';
import { CHANNEL_ORDERS, embeddedPairs, openPair, type Pair, whole, withColourJitter } from '@unweather/datasets';
import { basicsrProtocol } from '@unweather/eval';
import { inventory, problemOf } from '@unweather/weights';

/** What is found about carried weights. */
export interface Carried {
  /** What is wrong with the files. */
  readonly problem: string | undefined;
  /** Mean gain in dB over the held-out embedded photographs under medium weather, by the protocol `basicsr`. */
  readonly gain: number;
  /**
   * Least gain, likewise, where the first photograph has other colours and twice the saturation. Weights that had seen too
   * few colours once gave every photograph of the set well, and black for strong yellow.
   */
  readonly strongColours: number;
}

/**
 * Holds the weights that a paper's package carries for a task against their hash and their card, and restores the held-out
 * embedded photographs under medium weather by them.
 */
export async function carriedOf(paper: Paper, task: string): Promise<Carried> {
  const { network: name, degradation } = paper.tasks[task]!;
  const weights = await carriedWeights(paper, task);
  const held = (await inventory(import.meta.dirname)).find((one) => one.name === weights)!;
  const network = paper.networks[name]!.create();
  const restorer = await Restorer.open(network, (await readCheckpoint(held.path, name, network.parameters())).weights);
  const gainOf = async ({ input, truth }: Pair) => {
    const restored = toBytes(await restorer.restore(input));
    return basicsrProtocol.score(restored, truth).psnr - basicsrProtocol.score(input, truth).psnr;
  };
  const sources = (await embeddedPairs('held-out', degradation)).filter(({ name }) => name.endsWith('-medium'));
  const gains: number[] = [];
  for (const source of sources) gains.push(await gainOf(await openPair(source, new Random(0))));
  const strong: number[] = [];
  for (const channels of CHANNEL_ORDERS)
    strong.push(
      await gainOf(
        await openPair(sources[0]!, new Random(0), {
          prepare: (picture) => whole(withColourJitter(picture, { channels, saturation: 2 })),
        }),
      ),
    );
  await restorer.dispose();
  return {
    problem: await problemOf(held),
    gain: gains.reduce((a, b) => a + b) / gains.length,
    strongColours: Math.min(...strong),
  };
}
