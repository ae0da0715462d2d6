import { compileHere, type Executable, goldenPicture, type State, type TensorData } from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, norm, Summary } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { transferModules } from '../networks/transfer.js';
import { collationStep, contrastiveVgg, transferParameters } from '../stages/collation.js';
import { examinationStep } from '../stages/examination.js';
import { Teachers } from '../stages/knowledge.js';
import { asGolden, filled, GRADIENT, joined, LOSS, networkState, VALUE, vggState } from './shared.js';

const Numbers = z.record(z.string(), z.number());

const Golden = z.object({
  case: z.string(),
  /** Absent where the file is the float64 twin of another; the cases' shapes then follow from their names. */
  input: z.tuple([z.int(), z.int(), z.int(), z.int()]).optional(),
  images_per_teacher: z.array(z.int()).optional(),
  gain: z.number().default(0.6),
  loss: z.record(z.string(), z.union([z.number(), z.string()])),
  output: Summary.optional(),
  gradient: Numbers,
  updated: Numbers.optional(),
});

type Golden = z.infer<typeof Golden>;

const RATE = 4e-4;
const SIZE = [64, 64] as const;

/** Teachers filled by the formula, each with its own seeds. */
export function openTeachers(gain: number, count: number): Promise<Teachers> {
  const states = Array.from({ length: count }, (_, k) => networkState(new MSBDN(), gain, `teacher${k}:`));
  return Teachers.open({ inference: (graph, state) => compileHere(graph, state) }, 1, states);
}

/** Stage 1: loss terms, gradients and one Adam step: student.train.kc-*.json. */
export async function checkCollation(golden: unknown): Promise<GoldenCheck[]> {
  const file = Golden.parse(golden);
  const counts = file.images_per_teacher ?? [1, 1];
  const sizes = counts.map((count) => [count, 3, ...SIZE]);
  const cases = counts.map((_, k) => `${file.case}:${k}`);
  const inputs = cases.map((name, k) => goldenPicture('input', name, sizes[k]!));
  const targets = cases.map((name, k) => goldenPicture('target', name, sizes[k]!));
  const student = new MSBDN();
  const transfer = transferModules(counts.length);
  const vgg = contrastiveVgg();
  const step = collationStep({ student, transfer, teachers: counts.length, vgg, size: SIZE, inspect: true });
  const first = new Map([
    ...networkState(student, file.gain),
    ...filled(transferParameters(transfer), 1, asGolden),
    ...vggState(vgg),
    ...step.optimiserState(),
  ]);
  const teachers = await openTeachers(file.gain, counts.length);
  const given = await teachers.of(joined(inputs).data as Float32Array<ArrayBuffer>, counts, SIZE[0]);
  await teachers.dispose();
  const executable = await compileHere(step.graph, first, { rewrite: false });
  const batch = { input: joined(inputs), target: joined(targets), ...given };
  return checkStep(file, executable, { ...batch, ...step.optimiser.inputs(1, RATE) });
}

/** Stage 2: likewise: student.train.ke-*.json. */
export async function checkExamination(golden: unknown): Promise<GoldenCheck[]> {
  const file = Golden.parse(golden);
  const shape = file.input ?? [2, 3, ...SIZE];
  const student = new MSBDN();
  const vgg = contrastiveVgg();
  const step = examinationStep({ student, vgg, batch: shape[0], size: SIZE, inspect: true });
  const first = new Map([...networkState(student, file.gain), ...vggState(vgg), ...step.optimiserState()]);
  const executable = await compileHere(step.graph, first, { rewrite: false });
  return checkStep(file, executable, {
    input: goldenPicture('input', file.case, shape),
    target: goldenPicture('target', file.case, shape),
    ...step.optimiser.inputs(1, RATE),
  });
}

async function checkStep(
  file: Golden,
  executable: Executable,
  feeds: Record<string, TensorData>,
): Promise<GoldenCheck[]> {
  try {
    const results = await executable.run(feeds);
    const after: State = new Map([...(await executable.state())].map(([name, value]) => [asGolden(name), value]));
    const ours = new Map(Object.entries(results).map(([name, value]) => [asGradient(name), value]));
    const terms = Object.entries(file.loss).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    const checks: GoldenCheck[] = [
      {
        quantity: 'loss terms',
        ...compare(
          terms,
          (name) => results[name] && Number(results[name].data[0]),
          () => LOSS,
        ),
      },
      {
        quantity: 'gradient norms',
        ...compare(
          Object.entries(file.gradient),
          (name) => norm(ours.get(`gradient.${name}`)),
          () => GRADIENT,
        ),
      },
    ];
    if (file.output)
      checks.push({ quantity: 'output', ...compareSummary('output', file.output, results.output!, VALUE) });
    if (file.updated)
      checks.push({
        quantity: 'parameters after a step',
        ...compare(
          Object.entries(file.updated),
          (name) => norm(after.get(name)),
          () => ({ relative: 1e-3, absolute: 2 * RATE }),
        ),
      });
    return checks;
  } finally {
    await executable.dispose();
  }
}

/** "gradient.ckt.0…" is the golden files' "ckt:0…". */
function asGradient(name: string): string {
  return name.replace(/^gradient\.ckt\./, 'gradient.ckt:');
}
