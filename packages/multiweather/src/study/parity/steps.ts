import { compileHere, type State, type TensorData, UserError } from '@unweather/core-tensor';
import { compare, type GoldenCheck, normOfDifference } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { transferModules } from '../networks/transfer.js';
import { collationStep, contrastiveVgg, transferParameters } from '../stages/collation.js';
import { examinationStep } from '../stages/examination.js';
import { Batch, Counts, openTeachers, optimiserOf, picturesOf } from './batch.js';
import { asGolden, filled, networkState, vggState } from './shared.js';

const Golden = z.object({
  case: z.string(),
  input: Batch,
  /** Number of pictures per teacher; default: one each. */
  images_per_teacher: Counts.optional(),
  gain: z.number(),
  optimiser: z.string().optional(),
  steps: z
    .array(
      z.object({
        step: z.int().nonnegative(),
        stage: z.enum(['collation', 'examination']),
        lr: z.number(),
        loss: z.record(z.string(), z.number()),
      }),
    )
    .min(1),
  change_of_parameters_after_all_steps: z.record(z.string(), z.object({ l2: z.number() })),
});

/** Checks steps of stage 1, then of stage 2, with one optimiser throughout: student.steps.*.json. */
export async function checkSteps(golden: unknown): Promise<GoldenCheck[]> {
  const file = Golden.parse(golden);
  const { case: name, gain, steps, change_of_parameters_after_all_steps: change } = file;
  const [batch, , ...size] = file.input;
  const counts = file.images_per_teacher ?? Array.from({ length: batch }, () => 1);
  if (counts.reduce((a, b) => a + b) !== batch)
    throw new UserError(`"images_per_teacher" ${counts.join(', ')} do not make the batch of ${batch}`);
  const { optimiser } = optimiserOf(file.optimiser);
  const student = new MSBDN();
  const transfer = transferModules(counts.length);
  const vgg = contrastiveVgg();
  const stages = {
    collation: collationStep({ student, transfer, teachers: counts.length, counts, vgg, size, optimiser }),
    examination: examinationStep({ student, vgg, batch, size, optimiser }),
  };
  const first: State = new Map([
    ...networkState(student, gain),
    ...filled(transferParameters(transfer), 1, asGolden),
    ...vggState(vgg),
    ...stages.collation.optimiserState(),
  ]);
  const graphs = { collation: stages.collation.graph, examination: stages.examination.graph };
  const executable = await compileHere(graphs, first, { rewrite: false });
  const teachers = await openTeachers(gain, counts.length);
  try {
    const checks: GoldenCheck[] = [];
    for (const { step, stage, lr, loss } of steps) {
      const [input, target] = (['input', 'target'] as const).map((kind) =>
        picturesOf(kind, `${name}:step${step}`, counts, size),
      ) as [TensorData, TensorData];
      const seen = input.data as Float32Array<ArrayBuffer>;
      const given = stage === 'collation' ? await teachers.of(seen, counts, size) : {};
      const feeds = { input, target, ...given, ...stages[stage].optimiser.inputs(step + 1, lr) };
      const results = await executable.run(feeds, stage);
      checks.push({
        quantity: `losses of step ${step}`,
        ...compare(
          Object.entries(loss),
          (term) => Number(results[term]?.data[0]),
          () => ({ relative: 1e-3, absolute: 0 }),
        ),
      });
    }
    const after = await executable.state();
    checks.push({
      quantity: 'change of parameters',
      ...compare(
        Object.entries(change).map(([path, { l2 }]) => [path, l2]),
        (path) => normOfDifference(after.get(path), first.get(path)),
        (path) =>
          after.get(path)?.data.length === 1 ? { relative: 0, absolute: 5e-4 } : { relative: 2e-2, absolute: 1e-6 },
      ),
    });
    return checks;
  } finally {
    await teachers.dispose();
    await executable.dispose();
  }
}
