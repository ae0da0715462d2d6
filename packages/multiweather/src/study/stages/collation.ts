import {
  adam,
  add,
  CONTRASTIVE_LAYERS,
  clamp,
  concat,
  contrastive,
  input,
  l1,
  mse,
  mul,
  type Optimiser,
  type Parameter,
  type Tensor,
  type TrainingStep,
  trace,
  updateStep,
  Vgg,
} from '@unweather/core-tensor';
import type { MSBDN } from '../../networks/msbdn.js';
import { FEATURE_CHANNELS, type TransferModule } from '../networks/transfer.js';

/** Weights of the two other terms; those of the teachers' pictures and of the features' agreement are 1. */
const [RECONSTRUCTION, SOFT] = [0.05, 0.1];

export interface CollationParts {
  readonly student: MSBDN;
  /** Modules for the teachers' features; none where only their pictures are known, as with guests. */
  readonly transfer: readonly TransferModule[];
  readonly teachers: number;
  /** Number of pictures of each teacher in every batch; without it, batches may differ, and it opens more slowly. */
  readonly counts?: readonly number[] | undefined;
  /** VGG for the contrastive term, which is left out without it. */
  readonly vgg?: Vgg | undefined;
  /** Sides of the patches. */
  readonly size: readonly [height: number, width: number];
  /** Adds the gradients to the outputs. */
  readonly inspect?: boolean;
  /** Default: Adam with its defaults. */
  readonly optimiser?: Optimiser;
}

/** Names of the inputs that hold the picture and features of teacher k. */
export const teacherInputs = (k: number) => ({
  output: `teacher${k}.output`,
  features: FEATURE_CHANNELS.map((_, level) => `teacher${k}.feature${level}`),
});

/** Parameters of the transfer modules by state name: "ckt." before the official one. */
export function transferParameters(transfer: readonly TransferModule[]): Map<string, Parameter> {
  return new Map(transfer.flatMap((module, level) => [...module.parameters(`ckt.${level}`)]));
}

/** VGG19 for both contrastive terms. */
export function contrastiveVgg(): Vgg {
  const vgg = new Vgg('vgg19', CONTRASTIVE_LAYERS);
  vgg.parameters('vgg19');
  return vgg;
}

/**
 * One update of stage 1, knowledge collation (§3.2; official train.py up to epoch 125): the student learns to reproduce
 * the teachers' pictures, T, and to agree with their projected features, PFE; the transfer modules learn to reconstruct
 * the features, PFV. Inputs: "input" and "target" [batch, 3, H, W], and per teacher its output and its four features
 * for the pictures of its weather; pictures are in the order of the teachers.
 *
 * total = T + PFE + 0.05·PFV' + 0.1·SCR; the outputs `pfv` and `scr` include their weights. Without transfer modules,
 * PFE and PFV are left out, and so are the features.
 */
export function collationStep({
  student,
  transfer,
  teachers,
  counts,
  vgg,
  size,
  inspect = false,
  optimiser = adam(),
}: CollationParts): TrainingStep {
  const [height, width] = size;
  const batch = counts?.reduce((a, b) => a + b) ?? 'batch';
  const [x, target] = [input('input', [batch, 3, height, width]), input('target', [batch, 3, height, width])];
  const given = Array.from({ length: teachers }, (_, k) =>
    givenBy(k, counts?.[k] ?? `batch${k}`, student.width, height, width, transfer.length),
  );
  const parameters = new Map([...student.parameters(), ...transferParameters(transfer)]);
  const { result } = trace('train', () => {
    const { output, features } = student.restore(x);
    const levels = transfer.map((module, level) => {
      const ofTeachers = given.map((teacher) => teacher.features[level]!);
      const { projected, reconstructed, student: own } = module.apply(ofTeachers, features[level]!);
      return { pfe: l1(own, projected), pfv: l1(reconstructed, concat(ofTeachers, 0)) };
    });
    const sum = (tensors: readonly Tensor[]) => tensors.reduce((a, b) => add(a, b));
    const terms = {
      teacher: l1(
        output,
        concat(
          given.map((teacher) => teacher.output),
          0,
        ),
      ),
      ...(levels.length > 0 && {
        pfe: sum(levels.map(({ pfe }) => pfe)),
        pfv: mul(sum(levels.map(({ pfv }) => pfv)), RECONSTRUCTION),
      }),
      ...(vgg && { scr: mul(contrastive(vgg, output, target, x), SOFT) }),
    };
    return { output, terms: { total: sum(Object.values(terms)), ...terms } };
  });
  const error = mse(clamp(result.output, 0, 1), target);
  const outputs = { ...result.terms, mse: error, ...(inspect && { output: result.output }) };
  return updateStep({ outputs, minimise: result.terms.total, parameters, inspect, optimiser });
}

function givenBy(k: number, batch: number | string, width: number, height: number, across: number, levels: number) {
  const names = teacherInputs(k);
  const scales = [4, 8, 16, 16];
  return {
    output: input(names.output, [batch, 3, height, across]),
    features: names.features
      .slice(0, levels)
      .map((name, level) =>
        input(name, [batch, FEATURE_CHANNELS[level]! * width, height / scales[level]!, across / scales[level]!]),
      ),
  };
}
