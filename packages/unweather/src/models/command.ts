import { relative } from 'node:path';
import { markdownTable } from 'markdown-table';
import { type ModelOverview, overview } from './overview.js';

/** Prints all models, as a table or as one JSON object per line. */
export async function modelsCommand({ json = false }: { readonly json?: boolean }): Promise<void> {
  const models = await overview();
  const text = json ? models.map((model) => JSON.stringify(model)).join('\n') : tableOf(models);
  process.stdout.write(`${text}\n`);
}

function tableOf(models: readonly ModelOverview[]): string {
  const head = ['model', 'removes', 'network', 'parameters', 'size', 'time', 'weights'];
  const rows = models.map(({ model, removes, network, parameters, bytes, time, weights }) => [
    ...[model, removes, network, parameters.toLocaleString('en'), megabytes(bytes), timeText(time)],
    weightsText(weights),
  ]);
  const table = markdownTable([head, ...rows], { align: ['l', 'l', 'l', 'r', 'r', 'r', 'l'] });
  const notes = [
    'Of several models for a weather, --model WEATHER takes the first with weights; those of other publishers are only',
    'used where the model is named. Size: the parameters as float32. Time: that of the model which --model WEATHER takes',
    'is 1; without such a model, processor seconds for a picture.',
    'Licence of all models and of weights they train: MIT; packages of other publishers state their own. The embedded',
    'photographs are public domain, CC0 or CC BY.',
  ];
  return [table, notes.join('\n'), qualityTable(models)].filter(Boolean).join('\n\n');
}

/** "2.4", or "3.1 s" where nothing is there to compare with; empty if it was not measured. */
function timeText(time: ModelOverview['time']): string {
  if (time === null) return '';
  if (time.ratio === null) return `${time.seconds.toFixed(1)} s`;
  return time.ratio < 10 ? time.ratio.toPrecision(2) : time.ratio.toFixed(0);
}

/** Scores that the cards of the available weights state, in whole sets of pictures. */
function qualityTable(models: readonly ModelOverview[]): string {
  const rows = models.flatMap(({ model, weights }) =>
    (weights.there ? weights.measured : [])
      .filter(({ on }) => !CONDITION.test(on))
      .map(({ on, pictures, psnrIn, psnr, ssim, protocol, date }) => [
        ...[model, on, `${pictures}`, psnrIn.toFixed(2), psnr.toFixed(2), ssim.toFixed(4), protocol, date],
      ]),
  );
  if (rows.length === 0) return '';
  const head = ['measured', 'on', 'pictures', 'PSNR in', 'PSNR out', 'SSIM out', 'protocol', 'date'];
  return markdownTable([head, ...rows], { align: ['l', 'l', 'r', 'r', 'r', 'r', 'l', 'l'] });
}

/** A part of a set, in a card: "did-mdn test, heavy". */
const CONDITION = /, [^,]+$/;

function weightsText(weights: ModelOverview['weights']): string {
  if (!weights.there) return `none; ${weights.install ?? weights.train}`;
  if (weights.problem !== undefined) return weights.problem;
  const { name, size, licence, card, trainedOn } = weights;
  const about =
    card === null
      ? trainedOn && `trained on ${trainedOn}`
      : `${licence ?? 'no licence stated'}, described in ${relative('', card)}`;
  return [name, megabytes(size), about].filter(Boolean).join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
