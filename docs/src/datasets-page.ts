import { readFile } from 'node:fs/promises';
import { type RegisteredDataset, type RegisteredSplit, readRegistry } from '@unweather/datasets';
import { type PublishedResult, readPublished } from '@unweather/eval';
import type { Study } from '@unweather/lab';
import { markdownTable } from 'markdown-table';
import { z } from 'zod';
import { PAPERS } from './papers.js';

/** Place of the page below the repository's folder. */
export const DATASETS_PAGE = 'docs/datasets.md';

const HEAD = `# Datasets

What each dataset is, how to get it, what to know before you believe a number on it, which papers report it, and how
long an evaluation takes. \`npx nx run docs:datasets\` writes this page from \`datasets.json\`, the papers' benchmarks and
their \`published.json\`.

unweather downloads no dataset: each is its authors'. *Not stated* means that their page or code does not say. Hours are
those of one core of an AMD EPYC with AVX2, on one thread: the time of a 256×256 picture (\`speed.json\` of the package),
multiplied by the pixels. An evaluation uses all cores and says how long is left.

What a split's folder must look like, and how its inputs find their truths, stands in \`datasets.json\`; \`prepare\` checks
every file. Pairs of your own need none of this: see [Train on your own pairs](train-on-your-own-pairs.md).`;

/** The page about every dataset, in Markdown. */
export async function datasetsPage(): Promise<string> {
  const { datasets } = await readRegistry();
  const studies = Object.entries(PAPERS).map(([name, { label, study }]) => ({ name, label, study }));
  const seconds = new Map(
    await Promise.all(studies.map(async ({ name, study }) => [name, await secondsOf(study)] as const)),
  );
  const reports = studies.flatMap(({ name, label, study }) =>
    Object.entries(study.tasks).flatMap(([task, { benchmarks, network }]) =>
      Object.entries(benchmarks).map(([split, protocol]) => ({
        ...{ paper: name, label, task, split, protocol, network: network as string },
        seconds: seconds.get(name)?.[network as string],
      })),
    ),
  );
  const published = studies.flatMap(({ label, study }) =>
    readPublished(study.published).map((row) => ({ label, row })),
  );
  const sections = Object.entries(datasets).map(([name, dataset]) => section(name, dataset, reports, published));
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

interface Report {
  readonly paper: string;
  readonly label: string;
  readonly task: string;
  /** DATASET/SPLIT. */
  readonly split: string;
  readonly protocol: string;
  readonly network: string;
  /** Processor seconds for a picture of 256×256; undefined where they were not measured. */
  readonly seconds: number | undefined;
}

interface Published {
  readonly label: string;
  readonly row: PublishedResult;
}

const Speed = z.object({ networks: z.record(z.string(), z.object({ seconds: z.number() })) });

async function secondsOf({ home }: Study): Promise<Record<string, number>> {
  const { networks } = Speed.parse(JSON.parse(await readFile(new URL('speed.json', home), 'utf8')));
  return Object.fromEntries(Object.entries(networks).map(([name, { seconds }]) => [name, seconds]));
}

function section(
  name: string,
  dataset: RegisteredDataset,
  reports: readonly Report[],
  published: readonly Published[],
): string {
  const { title, homepage, licence, size, note, splits } = dataset;
  const home = /^https?:/.test(homepage) ? `<${homepage}>` : `\`${homepage}\``;
  const facts = [
    `**${title}.** Home: ${home}. Licence: ${licence}.`,
    ...(size === undefined ? [] : [`Scored at ${size.join('×')}.`]),
    ...(note === undefined ? [] : [note]),
  ].join(' ');
  const prepared = splits.some(({ layouts }) => layouts !== undefined);
  const getting = prepared ? `\n\n\`\`\`sh\nnpx nx run datasets:prepare -- ${name} --root DIR\n\`\`\`` : '';
  const scored = reports.filter(({ split }) => split.startsWith(`${name}/`));
  const numbers = published.filter(({ row }) => row.dataset === name);
  return [
    `## ${name}`,
    facts,
    splitsTable(splits) + getting,
    ...(scored.length > 0 ? [benchmarksTable(scored, dataset)] : []),
    ...(numbers.length > 0 ? [publishedTable(numbers)] : []),
  ].join('\n\n');
}

function splitsTable(splits: readonly RegisteredSplit[]): string {
  const uses = { train: 'training', test: 'testing', all: 'both, by a list' };
  const rows = splits.map(({ name, use, pairs, list, note = '' }) => [
    `\`${name}\``,
    uses[use],
    pairs === null ? 'not stated' : pairs.toLocaleString('en'),
    list === undefined ? '' : `\`${list.file}\``,
    cell(note),
  ]);
  return table([['split', 'for', 'pairs', 'official list', 'to know'], ...rows], 'llrll');
}

function benchmarksTable(reports: readonly Report[], { size, splits }: RegisteredDataset): string {
  const rows = reports.map(({ paper, task, split, protocol, network, seconds }) => {
    const [dataset, name] = split.split('/') as [string, string];
    const pairs = splits.find((one) => one.name === name)?.pairs;
    const known = seconds !== undefined && size !== undefined && typeof pairs === 'number';
    return [
      `\`npx nx run ${paper}:eval -- --task ${task} --dataset ${dataset}\``,
      name,
      `\`${protocol}\``,
      network,
      known ? duration((seconds * pairs * size[0] * size[1]) / 256 ** 2) : 'not known',
    ];
  });
  return table([['evaluation', 'split', 'protocol', 'network', 'time'], ...rows], 'llllr');
}

function publishedTable(published: readonly Published[]): string {
  const rows = published.map(({ label, row: { split, condition, protocol, psnr, ssim, source, seen, note } }) => [
    label,
    [split, ...(condition === undefined ? [] : [condition])].join(', '),
    `${psnr.toFixed(2)} / ${ssim.toFixed(4)}`,
    protocol === null ? 'not stated' : `\`${protocol}\``,
    cell([source, ...(seen ? [] : ['second-hand']), ...(note === undefined ? [] : [note])].join('; ')),
  ]);
  return table([['published by', 'split', 'PSNR / SSIM', 'protocol', 'where'], ...rows], 'llrll');
}

/** Two digits are all that an extrapolation from one picture size deserves. */
function duration(seconds: number): string {
  const [value, unit] = seconds < 5400 ? [seconds / 60, 'min'] : [seconds / 3600, 'h'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const table = (rows: readonly (readonly string[])[], align: string) => markdownTable(rows, { align: [...align] });
