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
  const head = ['model', 'removes', 'network', 'parameters', 'size', 'weights'];
  const rows = models.map(({ model, removes, network, parameters, bytes, weights }) => [
    ...[model, removes, network, parameters.toLocaleString('en'), megabytes(bytes)],
    weightsText(weights),
  ]);
  const table = markdownTable([head, ...rows], { align: ['l', 'l', 'l', 'r', 'r', 'l'] });
  const notes = [
    'Of several models for a weather, --model WEATHER takes the first with weights. Size: the parameters as float32.',
    'Licence of all models and of weights they train: MIT. The embedded photographs are public domain, CC0 or CC BY.',
  ];
  return `${table}\n\n${notes.join('\n')}`;
}

function weightsText(weights: ModelOverview['weights']): string {
  if (!weights.there) return `none; ${weights.train}`;
  if (weights.problem !== undefined) return weights.problem;
  const { name, size, licence, card, trainedOn } = weights;
  const about =
    card === null ? trainedOn && `trained on ${trainedOn}` : `${licence}, described in ${relative('', card)}`;
  return [name, megabytes(size), about].filter(Boolean).join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
