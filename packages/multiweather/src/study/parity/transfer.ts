import {
  add,
  buildGraph,
  compileHere,
  concat,
  goldenPicture,
  gradients,
  input,
  l1,
  mul,
  type TensorData,
  trace,
  UserError,
} from '@unweather/core-tensor';
import { compare, compareSummary, compareTexts, type GoldenCheck, norm, Summary } from '@unweather/lab';
import { z } from 'zod';
import { transferModules } from '../networks/transfer.js';
import { transferParameters } from '../stages/collation.js';
import { Counts } from './batch.js';
import { asGolden, filled, GRADIENT, LOSS, VALUE } from './shared.js';

const Golden = z.object({
  case: z.string(),
  images_per_teacher: Counts,
  state: z.array(z.tuple([z.string(), z.array(z.int())])),
  levels: z.array(
    z.object({
      level: z.int(),
      feature: z.tuple([z.int(), z.int(), z.int(), z.int()]),
      pfe: z.number(),
      pfv_weighted: z.number(),
      student_projected: Summary,
      teacher_projected: Summary,
      teacher_reconstructed: Summary,
      gradient_of_student_feature_l2: z.number(),
    }),
  ),
  pfe: z.number(),
  pfv: z.number(),
  gradient: z.record(z.string(), z.number()),
});

/** Checks the transfer modules alone, on features made by formula: transfer.*.json. */
export async function checkTransfer(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const counts = expected.images_per_teacher;
  const modules = transferModules(counts.length);
  const parameters = transferParameters(modules);
  const state = filled(parameters, 1, asGolden);
  const feeds: Record<string, TensorData> = {};
  const levels = expected.levels.map(({ level, feature: [count, ...size] }) => {
    const given = (name: string, pictures: number, seed: string) => {
      feeds[name] = centred(goldenPicture('input', `${expected.case}:${seed}:level${level}`, [pictures, ...size]));
      return input(name, [pictures, ...size]);
    };
    const teachers = counts.map((pictures, k) => given(`teacher${k}.${level}`, pictures, `teacher${k}`));
    const student = given(`student.${level}`, count, 'student');
    const module = modules[level];
    if (module === undefined) throw new UserError(`level ${level}: there are only ${modules.length}, from 0`);
    const result = trace('train', () => module.apply(teachers, student)).result;
    const pfe = l1(result.student, result.projected);
    const pfv = mul(l1(result.reconstructed, concat(teachers, 0)), 0.05);
    return { ...result, input: student, pfe, pfv };
  });
  const total = levels.map(({ pfe, pfv }) => add(pfe, pfv)).reduce((a, b) => add(a, b));
  const names = [...parameters.keys()];
  const found = gradients(total, [...names.map((name) => parameters.get(name)!.tensor), ...levels.map((l) => l.input)]);
  const outputs = Object.fromEntries([
    ...names.map((name, i) => [`gradient ${asGolden(name)}`, found[i]!]),
    ...levels.flatMap(({ pfe, pfv, student, projected, reconstructed }, i) => [
      [`pfe ${i}`, pfe],
      [`pfv ${i}`, pfv],
      [`student ${i}`, student],
      [`projected ${i}`, projected],
      [`reconstructed ${i}`, reconstructed],
      [`input gradient ${i}`, found[names.length + i]!],
    ]),
  ]);
  const executable = await compileHere(buildGraph(outputs), state);
  try {
    const results = await executable.run(feeds);
    const number = (name: string) => Number(results[name]?.data[0]);
    const sumOf = (term: string) => levels.reduce((sum, _, i) => sum + number(`${term} ${i}`), 0);
    const losses: [string, number][] = [
      ...expected.levels.flatMap(({ pfe, pfv_weighted }, i): [string, number][] => [
        [`pfe ${i}`, pfe],
        [`pfv ${i}`, pfv_weighted],
      ]),
      ['pfe', expected.pfe],
      ['pfv', expected.pfv],
    ];
    const gradientsOf: [string, number][] = [
      ...Object.entries(expected.gradient).map(([name, value]): [string, number] => [`gradient ${name}`, value]),
      ...expected.levels.map((level, i): [string, number] => [
        `input gradient ${i}`,
        level.gradient_of_student_feature_l2,
      ]),
    ];
    const shapes = [...parameters].map(([name, { shape }]) => [name.replace(/^ckt\./, ''), shape]);
    return [
      { quantity: 'state', ...compareTexts(expected.state, shapes) },
      {
        quantity: 'loss terms',
        ...compare(
          losses,
          (name) => (name.includes(' ') ? number(name) : sumOf(name)),
          () => LOSS,
        ),
      },
      {
        quantity: 'gradient norms',
        ...compare(
          gradientsOf,
          (name) => norm(results[name]),
          () => GRADIENT,
        ),
      },
      ...expected.levels.flatMap((level, i) =>
        (
          [
            ['student', level.student_projected],
            ['projected', level.teacher_projected],
            ['reconstructed', level.teacher_reconstructed],
          ] as const
        ).map(([what, summary]) => ({
          quantity: `${what} of level ${i}`,
          ...compareSummary(what, summary, results[`${what} ${i}`]!, VALUE),
        })),
      ),
    ];
  } finally {
    await executable.dispose();
  }
}

/** Features 2u − 1 from values u. */
function centred(tensor: TensorData): TensorData {
  const data = (tensor.data as Float32Array<ArrayBuffer>).map((u) => 2 * u - 1);
  return { ...tensor, dtype: 'float32', data };
}
