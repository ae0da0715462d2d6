import { readFile } from 'node:fs/promises';
import { readRegistry } from '@unweather/datasets';
import { readPublished } from '@unweather/eval';
import type { Study } from '@unweather/lab';

/** Finds benchmark splits of a paper's tasks that datasets.json lacks, and protocols that the tasks lack. */
export async function benchmarkProblems({ tasks, protocols }: Study): Promise<string[]> {
  const { datasets } = await readRegistry();
  const exported = Object.values((await import(protocols.href)) as Record<string, unknown>);
  return Object.entries(tasks).flatMap(([task, { benchmarks, protocols: own }]) => [
    ...own.filter((protocol) => !exported.includes(protocol)).map(({ name }) => `${protocols.href} lacks ${name}`),
    ...Object.entries(benchmarks).flatMap(([place, protocol]) => {
      const [dataset, split] = place.split('/') as [string, string];
      const known = datasets[dataset]?.splits.some(({ name }) => name === split) ?? false;
      const scored = own.some(({ name }) => name === protocol);
      return [
        ...(known ? [] : [`${task}: datasets.json has no ${place}`]),
        ...(scored ? [] : [`${task} has no protocol ${protocol}`]),
      ];
    }),
  ]);
}

/**
 * Finds problems in a paper's published.json: a task or protocol that the paper lacks, a dataset in datasets.json
 * without the split, a protocol with which eval does not score the split, a number that the README does not show.
 */
export async function publishedProblems(paper: Study, readme: URL): Promise<string[]> {
  const text = await readFile(readme, 'utf8');
  const { datasets } = await readRegistry();
  return readPublished(paper.published).flatMap(({ task, dataset, split, protocol, psnr, ssim }) => {
    const protocols = paper.tasks[task]?.protocols.map(({ name }) => name);
    const known = datasets[dataset]?.splits.map(({ name }) => name);
    const scored = paper.tasks[task]?.benchmarks[`${dataset}/${split}`];
    const shown = [4, 2].some((digits) => text.includes(`${psnr.toFixed(2)} / ${ssim.toFixed(digits)}`));
    return [
      ...(protocols === undefined ? [`there is no task ${task}`] : []),
      ...(protocol === null || protocols?.includes(protocol) ? [] : [`${task} has no protocol ${protocol}`]),
      ...(known === undefined || split === '' || known.includes(split) ? [] : [`${dataset} has no split ${split}`]),
      ...(protocol === null || scored === protocol
        ? []
        : [`${dataset}/${split} is published by ${protocol}, scored by ${scored ?? 'nothing'}`]),
      ...(shown ? [] : [`the README does not show ${psnr.toFixed(2)} / ${ssim.toFixed(4)}`]),
    ];
  });
}
