import {
  accumulated,
  adam,
  add,
  avgPool2d,
  type Loss,
  l1,
  mul,
  type Optimiser,
  type Parameter,
  type PictureNetwork,
  reweighted,
  type Schedule as ScheduleOf,
  type State,
  type StepOptions,
  type StepShape,
  type TensorData,
  type TrainingStep,
  type TrainingStepOptions,
  trainingStep,
  UserError,
} from '@unweather/core-tensor';
import { pick } from '@unweather/model';
import { z } from 'zod';

/** Schema of core-tensor's schedules. */
const Schedule: z.ZodType<ScheduleOf> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant') }),
    z.strictObject({ kind: z.literal('cosine'), floor: z.number().optional(), ahead: z.int().optional() }),
    z.strictObject({ kind: z.literal('step'), every: z.number().positive(), factor: z.number().positive() }),
    z.strictObject({
      kind: z.literal('multi-step'),
      milestones: z.array(z.int().positive()),
      factor: z.number().positive(),
    }),
    z.strictObject({ kind: z.literal('linear'), from: z.number().optional(), floor: z.number().optional() }),
    z.strictObject({ kind: z.literal('warm-up'), units: z.number().positive(), start: z.number(), rest: Schedule }),
  ]),
);

/** A point of a training, as a share of its steps. */
const Share = z.strictObject({ after: z.number().min(0).max(1) });

const Size = z.strictObject({ width: z.int().positive(), height: z.int().positive() });

/** How a network is trained, as data: it is printed, stored in every checkpoint, and compared on resuming. */
export const Recipe = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'must be of letters, digits, dots and dashes, for a folder is called by it'),
  /** Where it comes from and what it should reach. */
  note: z.string(),
  /** Name of one of the paper's networks; default: the task's. */
  network: z.string().optional(),
  /** Size of the patches, in pixels; one number for squares. */
  crop: z.union([z.int().positive(), Size]),
  /** Other sizes of the patches, squares, from shares of the steps on: small ones first are cheap, large ones show more. */
  laterCrops: z.array(Share.extend({ crop: z.int().positive() })).optional(),
  /** Size to which both pictures are brought before they are cropped, by OpenCV's default rule. */
  resize: Size.optional(),
  /** Pairs (or triples) per update. */
  batch: z.int().positive(),
  /** Batches whose gradients make one update; default 1. The duration counts batches. */
  accumulate: z.int().min(2).optional(),
  /** Updates in a row on the same patches, with what is synthesised drawn anew; default 1. */
  updatesPerBatch: z.int().positive().optional(),
  duration: z.union([z.strictObject({ epochs: z.int().positive() }), z.strictObject({ steps: z.int().positive() })]),
  /** Adam in PyTorch's or in TensorFlow's form. */
  optimiser: z.enum(['adam', 'adam-tensorflow']),
  /** Decay of its averages; default 0.9 and 0.999. */
  betas: z.tuple([z.number(), z.number()]).optional(),
  learningRate: z.number().positive(),
  /** The schedule runs over what the duration counts: epochs or steps. */
  schedule: Schedule,
  /** Mirror left to right with probability ½. */
  flip: z.boolean(),
  /** Turn by a drawn multiple of 90°, counter-clockwise; default false. */
  rotate: z.boolean().optional(),
  /** Change colours (order of channels, saturation) in half of the patches, before rain is drawn on them; default false. */
  colourJitter: z.boolean().optional(),
  /** JPEG after the weather in 70 % of the patches, quality 60 to 95, and 75 in half of them; default false. */
  compression: z.boolean().optional(),
  /** 'shuffled', 'list': epoch by epoch; 'drawn': every batch is drawn anew from all pairs. */
  order: z.enum(['shuffled', 'list', 'drawn']),
  /**
   * 'truth', 'name': one of the inputs that share a truth, or the name of its file, is drawn per visit; 'triple': all three
   * that share a truth.
   */
  visit: z.enum(['pair', 'truth', 'name', 'triple']),
  /** Name of one of the task's losses, alone or with other weights for some of its terms. */
  loss: z.union([
    z.string(),
    z.strictObject({ name: z.string(), weights: z.record(z.string(), z.number()).optional() }),
  ]),
  /** Weight of a further term: the mean absolute difference of the mean colours of blocks of 32×32 pixels. */
  meanColour: z.number().positive().optional(),
  /** Decay per step of a moving average of the weights, which is written and scored beside them; see WeightAverage. */
  average: z.number().min(0).max(1).optional(),
  seed: z.int().nonnegative(),
  /**
   * Running statistics (of batch norm) stay those of the weights that it goes on from, and normalise as in evaluation; so
   * ends a training on few small patches, whose own statistics would hide what a network does to unusual colours. A share:
   * from there on.
   */
  frozenStatistics: z.union([z.boolean(), Share]).optional(),
  /**
   * Running statistics (of batch norm) are measured anew after the last step, over so many batches of larger patches: those
   * that the last training batches left are of too few pictures, and of patches, not of photographs.
   */
  statistics: z
    .strictObject({ crop: z.int().positive(), batch: z.int().positive(), batches: z.int().positive() })
    .optional(),
  /** Steps between scores of pictures never trained on, of which there is one at the end, too; the best weights are kept. */
  validateEvery: z.int().positive().optional(),
  /** A checkpoint is written every so many steps. */
  saveEvery: z.int().positive(),
  /** Whether it needs a dataset of the user's (`--data`); otherwise the embedded set will do. */
  needsData: z.boolean(),
  /**
   * Layers whose weights start at 0, by path; `*` stands for any letters. Of the last layer of what is added to something,
   * this leaves the something alone at first: a few hundred steps improve on the identity more surely than on noise.
   */
  startAtZero: z.union([z.string(), z.array(z.string())]).optional(),
  /** Whether the first weights are made so that the network gives its input back; see Network.asIdentity. */
  startAsIdentity: z.boolean().optional(),
  /** Whether it goes on from weights of the user's (`--pretrained`); otherwise it starts from random ones. */
  needsWeights: z.boolean().optional(),
});

export type Recipe = z.infer<typeof Recipe>;

/** Files of the user's that hold networks which are used and not trained. */
export interface FrozenFiles {
  /** torchvision's VGG weights. */
  readonly vgg?: string;
  /** Checkpoint of the network that teaches. */
  readonly teacher?: string;
}

/** Frozen networks that a loss looks through. */
export interface Judges {
  /** Their parameters, under the names the loss reads. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Their weights from the user's files. @throws UserError when a file is missing or of another network */
  read(files: FrozenFiles): Promise<State>;
}

/** Makes the update of a network whose loss looks at more than its output. */
export type StepMaker = (network: PictureNetwork, shape: StepShape, options: StepOptions) => TrainingStep;

/** A loss, or the update it makes, with what it needs beside pictures. */
export type EquippedLoss = ({ readonly loss: Loss } | { readonly step: StepMaker }) & {
  readonly judges?: Judges;
  /** What it feeds its graph at an epoch (from 0): terms that come in later. */
  given?(epoch: number): Readonly<Record<string, TensorData>>;
};

/** Side of the blocks whose mean colours are compared. */
const BLOCK = 32;

/** A loss with the term of mean colour that a recipe asks for: colour and brightness of places, whatever their detail. */
function withMeanColour(loss: Loss, weight: number): Loss {
  return (output, target, degraded) => {
    const { total, ...others } = loss(output, target, degraded);
    const colour = l1(avgPool2d(output, BLOCK), avgPool2d(target, BLOCK));
    return { total: add(total, mul(colour, weight)), ...others, colour };
  };
}

/** The update of a network by a loss. */
export function stepOf(
  loss: EquippedLoss,
  network: PictureNetwork,
  shape: StepShape,
  { meanColour, ...options }: TrainingStepOptions & Pick<Recipe, 'meanColour'> = {},
): TrainingStep {
  if (!('step' in loss)) {
    const whole = meanColour === undefined ? loss.loss : withMeanColour(loss.loss, meanColour);
    return trainingStep(network, whole, shape, options);
  }
  if (options.frozenStatistics) throw new Error('this loss makes a step of its own, by statistics of the batch');
  if (meanColour !== undefined) throw new Error('this loss makes a step of its own, without a term of mean colour');
  return loss.step(network, shape, options);
}

/** The optimiser of a recipe. */
export function optimiserOf({
  optimiser,
  betas,
  accumulate,
}: Pick<Recipe, 'optimiser' | 'betas' | 'accumulate'>): Optimiser {
  const one = adam({ form: optimiser === 'adam' ? 'pytorch' : 'tensorflow', ...(betas && { betas }) });
  return accumulate === undefined ? one : accumulated(one, accumulate);
}

/** Width and height of a recipe's patches. */
export function patchOf({ crop }: Pick<Recipe, 'crop'>): { readonly width: number; readonly height: number } {
  return typeof crop === 'number' ? { width: crop, height: crop } : crop;
}

/** A loss as an equipped one, which may need nothing. */
export function equipped(loss: Loss | EquippedLoss): EquippedLoss {
  return typeof loss === 'function' ? { loss } : loss;
}

/**
 * The loss of a recipe, with the weights that it changes.
 * @throws UserError for a loss that the task does not have, and for weights of terms that the loss does not have
 */
export function lossOf(
  losses: Readonly<Record<string, Loss | EquippedLoss>>,
  { loss }: Pick<Recipe, 'loss'>,
): EquippedLoss {
  const { name, weights } = typeof loss === 'string' ? { name: loss } : loss;
  const found = equipped(pick('loss', losses, name));
  if (weights === undefined) return found;
  if (!('loss' in found)) throw new UserError(`loss.weights: "${name}" has no weights to change; leave them out`);
  return { ...found, loss: reweighted(found.loss, weights) };
}
