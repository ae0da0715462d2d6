import { buildGraph, compileHere, contrastive, goldenPicture, gradients, input } from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { contrastiveVgg } from '../stages/collation.js';
import { LOSS, vggState } from './shared.js';

const Term = z.object({ loss_unweighted: z.number(), gradient_of_anchor: Summary });

const Golden = z.object({
  case: z.string(),
  input: z.array(z.int()),
  vgg_features_of_anchor: z.array(Summary),
  scr: Term,
  hcr: Term,
});

/** Checks the soft and hard contrastive terms alone: contrast.*.json. */
export async function checkContrast(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, vgg_features_of_anchor, ...terms } = Golden.parse(golden);
  const vgg = contrastiveVgg();
  const state = vggState(vgg);
  const [anchor, positive, negative] = [input('anchor', shape), input('positive', shape), input('negative', shape)];
  const losses = {
    scr: contrastive(vgg, anchor, positive, negative),
    hcr: contrastive(vgg, anchor, positive, negative, { allNegativesOf: shape[0]! }),
  };
  const features = Object.fromEntries(vgg.apply(anchor).map((feature, i) => [`feature${i}`, feature]));
  const by = { scrBy: gradients(losses.scr, [anchor])[0]!, hcrBy: gradients(losses.hcr, [anchor])[0]! };
  const executable = await compileHere(buildGraph({ ...losses, ...by, ...features }), state);
  try {
    const results = await executable.run({
      anchor: goldenPicture('input', `${name}:anchor`, shape),
      positive: goldenPicture('target', `${name}:positive`, shape),
      negative: goldenPicture('input', `${name}:negative`, shape),
    });
    return [
      ...vgg_features_of_anchor.map((feature, i) => ({
        quantity: `features ${i}`,
        ...compareSummary('features', feature, results[`feature${i}`], { relative: 1e-4, absolute: 1e-5 }),
      })),
      ...(['scr', 'hcr'] as const).flatMap((term) => [
        {
          quantity: term,
          ...compare(
            [[term, terms[term].loss_unweighted]],
            () => Number(results[term]!.data[0]),
            () => LOSS,
          ),
        },
        {
          quantity: `gradient of ${term}`,
          ...compareSummary('gradient', terms[term].gradient_of_anchor, results[`${term}By`]!, {
            relative: 1e-3,
            absolute: 1e-7,
          }),
        },
      ]),
    ];
  } finally {
    await executable.dispose();
  }
}
