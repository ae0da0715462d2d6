import {
  adam,
  compileHere,
  type Executable,
  goldenPicture,
  type State,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, norm, Summary } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { transferModules } from '../networks/transfer.js';
import { collationStep, contrastiveVgg, transferParameters } from '../stages/collation.js';
import { examinationStep } from '../stages/examination.js';
import { Batch, Counts, openTeachers, optimiserOf, picturesOf, teachersAmong } from './batch.js';
import { asGolden, filled, GRADIENT, LOSS, networkState, VALUE, vggState } from './shared.js';

const Numbers = z.record(z.string(), z.number()).refine((numbers) => Object.keys(numbers).length > 0, 'empty');

/** Recipe of a case's pictures and weights; a float64 twin takes it from the file that it is the twin of. */
const Facts = z.object({
  case: z.string(),
  input: Batch,
  /** Number of pictures per teacher; if absent, `input` is the shape of each teacher's pictures. */
  images_per_teacher: Counts.optional(),
  gain: z.number(),
});

const Golden = z.object({
  kind: z.string().optional(),
  loss: z.record(z.string(), z.union([z.number(), z.string()])),
  output: Summary.optional(),
  gradient: Numbers,
  updated: Numbers.optional(),
  optimiser: z.string().optional(),
});

type Golden = z.infer<typeof Golden>;
type Beside = (file: string) => Promise<unknown>;

/** Reads a file with the facts of its case. @throws UserError if a twin's other file is of another case */
async function read(golden: unknown, beside: Beside) {
  const file = Golden.parse(golden);
  const other = /^float64 evaluation of (\S+\.json)/.exec(file.kind ?? '')?.[1];
  if (other === undefined) return { ...file, ...Facts.parse(golden) };
  const facts = Facts.parse(await beside(other));
  const { case: name } = Facts.pick({ case: true }).parse(golden);
  if (facts.case !== name) throw new UserError(`its case is "${name}", that of ${other} "${facts.case}"`);
  return { ...file, ...facts };
}

/** Checks loss terms, gradients and one optimiser step of stage 1: student.train.kc-*.json. */
export async function checkCollation(golden: unknown, beside: Beside): Promise<GoldenCheck[]> {
  const file = await read(golden, beside);
  const [batch, , ...size] = file.input;
  const counts =
    file.images_per_teacher ?? Array.from({ length: teachersAmong(Object.keys(file.gradient)) }, () => batch);
  const student = new MSBDN();
  const transfer = transferModules(counts.length);
  const vgg = contrastiveVgg();
  const { optimiser, rate } = updateOf(file);
  const step = collationStep({
    student,
    transfer,
    teachers: counts.length,
    counts,
    vgg,
    size,
    inspect: true,
    optimiser,
  });
  const first = new Map([
    ...networkState(student, file.gain),
    ...filled(transferParameters(transfer), 1, asGolden),
    ...vggState(vgg),
    ...step.optimiserState(),
  ]);
  const input = picturesOf('input', file.case, counts, size);
  const target = picturesOf('target', file.case, counts, size);
  const teachers = await openTeachers(file.gain, counts.length);
  const given = await teachers
    .of(input.data as Float32Array<ArrayBuffer>, counts, size)
    .finally(() => teachers.dispose());
  const executable = await compileHere(step.graph, first, { rewrite: false });
  return checkStep(file, executable, { input, target, ...given, ...step.optimiser.inputs(1, rate) }, rate);
}

/** Checks the same of stage 2: student.train.ke-*.json. */
export async function checkExamination(golden: unknown, beside: Beside): Promise<GoldenCheck[]> {
  const file = await read(golden, beside);
  const [batch, , ...size] = file.input;
  const student = new MSBDN();
  const vgg = contrastiveVgg();
  const { optimiser, rate } = updateOf(file);
  const step = examinationStep({ student, vgg, batch, size, inspect: true, optimiser });
  const first = new Map([...networkState(student, file.gain), ...vggState(vgg), ...step.optimiserState()]);
  const executable = await compileHere(step.graph, first, { rewrite: false });
  const feeds = {
    input: goldenPicture('input', file.case, file.input),
    target: goldenPicture('target', file.case, file.input),
    ...step.optimiser.inputs(1, rate),
  };
  return checkStep(file, executable, feeds, rate);
}

/** Optimiser and learning rate of the file; any optimiser with rate 0 if the file has no parameters after a step. */
function updateOf({ updated, optimiser }: Golden) {
  return updated === undefined ? { optimiser: adam(), rate: 0 } : optimiserOf(optimiser);
}

async function checkStep(
  file: Golden,
  executable: Executable,
  feeds: Record<string, TensorData>,
  rate: number,
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
      checks.push({ quantity: 'output', ...compareSummary('output', file.output, results.output, VALUE) });
    if (file.updated)
      checks.push({
        quantity: 'parameters after a step',
        ...compare(
          Object.entries(file.updated),
          (name) => norm(after.get(name)),
          () => ({ relative: 1e-3, absolute: 2 * rate }),
        ),
      });
    return checks;
  } finally {
    await executable.dispose();
  }
}

/** Renames "gradient.ckt.0…" to match "ckt:0…" of the golden files. */
function asGradient(name: string): string {
  return name.replace(/^gradient\.ckt\./, 'gradient.ckt:');
}
