import { createHash } from 'node:crypto';
import { type EvaluationContext, type PictureRecord, type ScoreSet, writeEvaluation } from '@unweather/eval';
import { LPIPS } from './measures.js';
import type { ScoresFile } from './results.js';
import type { ScoredFolder, ScoredPicture } from './run.js';

/**
 * Writes an evaluation, as `eval` writes them, for each folder of results and each protocol, over the pictures that the
 * inputs have, too. Reports are made of evaluations, which compare restored pictures with the inputs.
 * @param scored the inputs, then the folders of results
 * @returns the paths written
 * @throws UserError naming the file that cannot be written
 */
export async function writeEvaluations(
  out: string,
  file: ScoresFile,
  [inputs, ...results]: readonly ScoredFolder[],
): Promise<string[]> {
  const before = new Map(inputs!.pictures.map((picture) => [picture.name, picture]));
  const written: string[] = [];
  for (const [ruler, { protocol }] of file.rulers.entries()) {
    if (protocol === null) continue;
    for (const folder of results) {
      const pictures = folder.pictures.filter(({ name }) => before.has(name));
      if (pictures.length === 0) continue;
      const context = contextOf(folder, pictures, protocol, file);
      const records = pictures.map((picture) => recordOf(before.get(picture.name)!, picture, ruler, context));
      // One after another: each rewrites the folder's datasets.csv.
      written.push(...(await writeEvaluation(out, context, records)));
    }
  }
  return written;
}

function contextOf(
  { label, path }: ScoredFolder,
  pictures: readonly ScoredPicture[],
  protocol: EvaluationContext['protocol'],
  { truth, scores, provenance }: ScoresFile,
): EvaluationContext {
  return {
    format: 1,
    paper: label.replace(/[^\w-]+/g, '_'),
    title: `Pictures of ${path}`,
    task: 'score',
    taskTitle: 'scored pictures',
    network: label,
    baseline: false,
    dataset: truth!,
    split: '',
    benchmark: false,
    pairs: pictures.length,
    expected: null,
    notes: [
      `${pictures.length} pictures of ${path} against those of the same names in ${truth}.`,
      `Protocol ${protocol.name}: ${protocol.description}`,
      'In the place of the weights stands the SHA-256 of the pictures.',
    ],
    protocol,
    metrics: scores.filter(({ name }) => name !== 'psnr' && name !== 'ssim').map((score) => ({ ...score })),
    weights: { file: path, sha256: sha256(pictures.map(({ name, hash }) => [name, hash])) },
    provenance,
  };
}

function recordOf(
  before: ScoredPicture,
  { name, hash, scene, sets }: ScoredPicture,
  ruler: number,
  { protocol, metrics, provenance }: EvaluationContext,
): PictureRecord {
  // LPIPS describes its weights.
  const settings = [protocol.name, metrics.map((of) => (of.name === LPIPS ? of.description : of.name))];
  return {
    picture: name,
    condition: '',
    scene: scene.slice(0, 16),
    key: sha256([settings, provenance.versions.unweather, before.hash, hash, scene]),
    input: before.sets[ruler] as ScoreSet,
    restored: sets[ruler] as ScoreSet,
  };
}

function sha256(of: unknown): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex');
}
