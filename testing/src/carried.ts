import { Random, Restorer, readCheckpoint, toBytes } from '@unweather/core-tensor';
import { CHANNEL_ORDERS, embeddedPairs, openPair, type Pair, whole, withColourJitter } from '@unweather/datasets';
import { basicsrProtocol, factsOf, type PictureFacts } from '@unweather/eval';
import type { Study } from '@unweather/lab';
import { carriedWeights } from '@unweather/model';
import { inventory, problemOf } from '@unweather/weights';

/** Findings about carried weights. */
export interface Carried {
  /** Problem of the files; undefined if there is none. */
  readonly problem: string | undefined;
  /** Mean gain in dB over the held-out embedded photographs under medium weather, by the protocol `basicsr`. */
  readonly gain: number;
  /**
   * Smallest such gain on the first photograph with other colours and twice the saturation. Weights trained on too few
   * colours once restored every photograph of the set well, but gave black for strong yellow.
   */
  readonly strongColours: number;
  /** Means of the gates' measurements over the same photographs. */
  readonly facts: Pick<PictureFacts, 'detail' | 'frame'>;
}

/**
 * Validates the weights that a paper's package carries for a task against their hash and card, and restores the
 * held-out embedded photographs under medium weather with them.
 * @param weights their name; default: the default weights of the task
 */
export async function carriedOf(paper: Study, task: string, weights?: string): Promise<Carried> {
  const { degradation } = paper.tasks[task]!;
  const taken = weights ?? (await carriedWeights(paper, task));
  const held = (await inventory(import.meta.dirname)).find((one) => one.name === taken)!;
  const name = held.network!;
  const network = paper.networks[name]!.create();
  const restorer = await Restorer.open(network, (await readCheckpoint(held.path, name, network.parameters())).weights);
  const restoredOf = async ({ input }: Pair) => toBytes(await restorer.restore(input));
  const gainOf = async (pair: Pair) =>
    basicsrProtocol.score(await restoredOf(pair), pair.truth).psnr - basicsrProtocol.score(pair.input, pair.truth).psnr;
  const sources = (await embeddedPairs('held-out', degradation)).filter(({ name }) => name.endsWith('-medium'));
  const facts: PictureFacts[] = [];
  for (const source of sources) {
    const pair = await openPair(source, new Random(0));
    facts.push(factsOf(toBytes(pair.input), await restoredOf(pair), toBytes(pair.truth)));
  }
  const mean = (of: (one: PictureFacts) => number) => facts.reduce((sum, one) => sum + of(one), 0) / facts.length;
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
    gain: mean(({ psnr, psnrIn }) => psnr - psnrIn),
    strongColours: Math.min(...strong),
    facts: { detail: mean(({ detail }) => detail), frame: mean(({ frame }) => frame) },
  };
}
