import { compileHere, goldenPicture, type State, type TensorData } from '@unweather/core-tensor';
import { compare, type GoldenCheck, normOfDifference } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { transferModules } from '../networks/transfer.js';
import { collationStep, contrastiveVgg, transferParameters } from '../stages/collation.js';
import { examinationStep } from '../stages/examination.js';
import { asGolden, filled, joined, networkState, vggState } from './shared.js';
import { openTeachers } from './training.js';

const Golden = z.object({
  case: z.string(),
  gain: z.number(),
  steps: z.array(
    z.object({
      step: z.int(),
      stage: z.enum(['collation', 'examination']),
      lr: z.number(),
      loss: z.record(z.string(), z.number()),
    }),
  ),
  change_of_parameters_after_all_steps: z.record(z.string(), z.object({ l2: z.number() })),
});

const SIZE = [64, 64] as const;
const TEACHERS = 2;

/** Steps of stage 1, then of stage 2, one optimiser throughout: student.steps.*.json. */
export async function checkSteps(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, gain, steps, change_of_parameters_after_all_steps: change } = Golden.parse(golden);
  const student = new MSBDN();
  const transfer = transferModules(TEACHERS);
  const vgg = contrastiveVgg();
  const stages = {
    collation: collationStep({ student, transfer, teachers: TEACHERS, vgg, size: SIZE }),
    examination: examinationStep({ student, vgg, batch: TEACHERS, size: SIZE }),
  };
  const first: State = new Map([
    ...networkState(student, gain),
    ...filled(transferParameters(transfer), 1, asGolden),
    ...vggState(vgg),
    ...stages.collation.optimiserState(),
  ]);
  const graphs = { collation: stages.collation.graph, examination: stages.examination.graph };
  const teachers = await openTeachers(gain, TEACHERS);
  const executable = await compileHere(graphs, first, { rewrite: false });
  try {
    const checks: GoldenCheck[] = [];
    for (const { step, stage, lr, loss } of steps) {
      const pictures = (kind: string): TensorData[] =>
        Array.from({ length: TEACHERS }, (_, i) => goldenPicture(kind, `${name}:step${step}:${i}`, [1, 3, ...SIZE]));
      const inputs = pictures('input');
      const input = joined(inputs);
      const seen = input.data as Float32Array<ArrayBuffer>;
      const given = stage === 'collation' ? await teachers.of(seen, [1, 1], SIZE[0]) : {};
      const batch = { input, target: joined(pictures('target')), ...given };
      const results = await executable.run({ ...batch, ...stages[stage].optimiser.inputs(step + 1, lr) }, stage);
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
