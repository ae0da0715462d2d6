import {
  buildGraph,
  CONTRASTIVE_LAYERS,
  compileHere,
  contrastive,
  goldenPicture,
  goldenState,
  gradients,
  input,
  shapesOf,
  type TensorData,
  Vgg,
} from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, norm, Summary } from '@unweather/lab';
import { z } from 'zod';

const Golden = z.object({
  case: z.string(),
  input: z.array(z.int().positive()),
  features_anchor: z.array(Summary),
  loss: z.number(),
  gradient: Summary,
  gradient_norm: z.number(),
  ablation: z.object({ loss: z.number(), gradient_norm: z.number() }),
  anchor_equals_positive: z.number(),
  anchor_equals_negative: z.number(),
});

const NUMBER = { relative: 1e-4, absolute: 1e-7 };
const GRADIENT = { relative: 1e-3, absolute: 1e-6 };

/** Checks contrastive regularisation alone, with a VGG19 filled by the formula: contrast.*.json. */
export async function checkContrast(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const vgg = new Vgg('vgg19', CONTRASTIVE_LAYERS);
  const shapes = shapesOf(vgg.parameters('vgg19'));
  const tensor = (name: string) => input(name, expected.input);
  const [anchor, positive, negative] = [tensor('anchor'), tensor('positive'), tensor('negative')];
  const loss = contrastive(vgg, anchor, positive, negative);
  const ablation = contrastive(vgg, anchor, positive, negative, { positiveOnly: true });
  const [gradient, bare] = [gradients(loss, [anchor])[0]!, gradients(ablation, [anchor])[0]!];
  const features = Object.fromEntries(vgg.apply(anchor).map((feature, i) => [`feature ${i}`, feature]));
  const graph = buildGraph({ loss, ablation, gradient, bare, ...features });
  const executable = await compileHere(graph, goldenState(shapes, 1));
  try {
    const picture = (kind: string) => goldenPicture(kind, expected.case, expected.input);
    const feeds = { anchor: picture('input'), positive: picture('target'), negative: picture('negative') };
    const results = await executable.run(feeds);
    const lossAt = async (at: TensorData) => Number((await executable.run({ ...feeds, anchor: at })).loss!.data[0]);
    const got: Record<string, number> = {
      loss: Number(results.loss!.data[0]),
      'gradient norm': norm(results.gradient)!,
      'loss without negatives': Number(results.ablation!.data[0]),
      'gradient norm without negatives': norm(results.bare)!,
      'loss at the positive': await lossAt(feeds.positive),
      'loss at the negative': await lossAt(feeds.negative),
    };
    const numbers: [string, number][] = [
      ['loss', expected.loss],
      ['gradient norm', expected.gradient_norm],
      ['loss without negatives', expected.ablation.loss],
      ['gradient norm without negatives', expected.ablation.gradient_norm],
      ['loss at the positive', expected.anchor_equals_positive],
      ['loss at the negative', expected.anchor_equals_negative],
    ];
    return [
      ...expected.features_anchor.map((feature, i) => ({
        quantity: `features ${i}`,
        ...compareSummary(`features ${i}`, feature, results[`feature ${i}`], { relative: 1e-4, absolute: 1e-5 }),
      })),
      ...numbers.map(([name, value]) => ({
        quantity: name,
        ...compare(
          [[name, value]],
          () => got[name],
          () => (name.startsWith('gradient') ? { ...NUMBER, relative: 1e-3 } : NUMBER),
        ),
      })),
      { quantity: 'gradient', ...compareSummary('gradient', expected.gradient, results.gradient!, GRADIENT) },
    ];
  } finally {
    await executable.dispose();
  }
}
