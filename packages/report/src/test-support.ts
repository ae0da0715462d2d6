import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Picture, Random, readPicture, writePng } from '@unweather/core-tensor';
import {
  composeProtocol,
  type EvaluationContext,
  type Exemplar,
  lumaOpenCV,
  nameOf,
  type PictureRecord,
  truncated,
  uniform7,
  writeEvaluation,
} from '@unweather/eval';
import sharp from 'sharp';
import { errorMap } from './html/error-map.js';

export { temporaryFolder } from '../../../vitest/folder.js';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const PROTOCOL = composeProtocol({
  name: 'durn-rain',
  description: 'PSNR and SSIM of OpenCV’s full-range Y of bytes; SSIM by a 7×7 uniform window.',
  quantisation: truncated,
  colour: lumaOpenCV,
  window: uniform7,
});

const PHOTOGRAPHS = ['china', 'city', 'coffee', 'path', 'reflect'];
const NOISE = { light: 40, medium: 80, heavy: 140 };

export const CONTEXT: EvaluationContext = {
  format: 1,
  paper: 'durn',
  title: 'Dual Residual Networks, CVPR 2019',
  task: 'rain',
  taskTitle: 'rain streaks',
  baseline: false,
  network: 'DuRN_S',
  dataset: 'did-mdn',
  split: 'test',
  benchmark: true,
  pairs: 15,
  expected: null,
  notes: [],
  protocol: { name: PROTOCOL.name, description: PROTOCOL.description },
  metrics: [{ name: 'mae', description: 'mean absolute error in levels', better: 'lower', decimals: 1 }],
  weights: { file: 'runs/durn/checkpoint.safetensors', sha256: '0123456789abcdef'.repeat(4) },
  provenance: {
    date: '2026-11-21T12:00:00.000Z',
    commit: '0123456789abcdef0123456789abcdef01234567',
    versions: { node: 'v20.20.2', '@unweather/durn': '0.1.0', sharp: '0.35.5' },
    engine: 'onnxruntime 1.30.0 (cpu)',
    cpu: 'a processor',
    threads: 2,
    platform: 'linux x64',
  },
};

interface Measured {
  readonly record: PictureRecord;
  readonly pictures: { readonly input: Picture; readonly restored: Picture; readonly truth: Picture };
}

/** Adds noise to the embedded photographs and restores them by a median filter: scores of real pictures. */
export async function measure(): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const name of PHOTOGRAPHS) {
    const truth = await readPicture(join(ROOT, 'packages/datasets/embedded/held-out', `${name}.png`));
    for (const [condition, amount] of Object.entries(NOISE)) {
      const picture = `${name}-${condition}`;
      const random = Random.named(picture);
      const data = truth.data.map((value) => Math.min(255, Math.max(0, value + random.between(-amount, amount))));
      const input = { ...truth, data };
      const restored = await filtered(input);
      const scores = (of: Picture) => ({ ...PROTOCOL.score(of, truth), mae: errorMap(of, truth).mean });
      const record = {
        picture,
        condition,
        scene: name,
        key: picture,
        input: scores(input),
        restored: scores(restored),
      };
      measured.push({ record, pictures: { input, restored, truth } });
    }
  }
  return measured;
}

async function filtered({ width, height, data }: Picture): Promise<Picture> {
  const restored = await sharp(data, { raw: { width, height, channels: 3 } })
    .median(3)
    .raw()
    .toBuffer();
  return { width, height, data: new Uint8Array(restored) };
}

/** Writes an evaluation with its three pictures as `eval` does. @returns its name */
export async function writeSample(
  folder: string,
  measured: readonly Measured[],
  changes: Partial<EvaluationContext> = {},
): Promise<string> {
  const context = { ...CONTEXT, ...changes };
  const name = nameOf(context);
  const byScore = [...measured].sort((a, b) => b.record.restored.psnr - a.record.restored.psnr);
  const exemplars: Exemplar[] = [];
  await mkdir(join(folder, name), { recursive: true });
  for (const [rank, share] of [
    ['best', 0],
    ['median', 0.5],
    ['worst', 1],
  ] as const) {
    const { record, pictures } = byScore[Math.round(share * (byScore.length - 1))]!;
    const file = (kind: string) => `${name}/${rank}-${kind}.png`;
    for (const [kind, picture] of Object.entries(pictures)) await writePng(join(folder, file(kind)), picture);
    const files = { input: file('input'), restored: file('restored'), truth: file('truth') };
    exemplars.push({ rank, picture: record.picture, ...files });
  }
  await writeEvaluation(
    folder,
    context,
    measured.map(({ record }) => record),
    exemplars,
  );
  return name;
}
