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

/** Point in a training, as a share of its steps. */
const Share = z.strictObject({ after: z.number().min(0).max(1) });

const Size = z.strictObject({ width: z.int().positive(), height: z.int().positive() });

/** Training settings, as data: printed, stored in every checkpoint, and compared on resuming. */
export const Recipe = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'must consist of letters, digits, dots and dashes, since it names a folder'),
  /** Origin of the recipe and the result that it should reach. */
  note: z.string(),
  /** Name of one of the paper's networks; default: the task's. */
  network: z.string().optional(),
  /** Size of the patches in pixels; one number for squares. */
  crop: z.union([z.int().positive(), Size]),
  /** Sizes of later, square patches, from a share of the steps on: small ones are cheap, large ones show more. */
  laterCrops: z.array(Share.extend({ crop: z.int().positive() })).optional(),
  /** Size that both pictures are resized to before cropping, by OpenCV's default rule. */
  resize: Size.optional(),
  /** Pairs (or triples) per update. */
  batch: z.int().positive(),
  /** Batches whose gradients are accumulated into one update; default 1. The duration counts batches. */
  accumulate: z.int().min(2).optional(),
  /** Consecutive updates on the same patches, with newly drawn synthetic damage each; default 1. */
  updatesPerBatch: z.int().positive().optional(),
  duration: z.union([z.strictObject({ epochs: z.int().positive() }), z.strictObject({ steps: z.int().positive() })]),
  /** Adam in PyTorch's or in TensorFlow's form. */
  optimiser: z.enum(['adam', 'adam-tensorflow']),
  /** Decay rates of Adam's moving averages; default 0.9 and 0.999. */
  betas: z.tuple([z.number(), z.number()]).optional(),
  learningRate: z.number().positive(),
  /** Learning-rate schedule, over epochs or steps, whichever the duration counts. */
  schedule: Schedule,
  /**
   * Largest common L2 norm of a batch's gradients; larger ones are scaled down together, as by PyTorch's
   * clip_grad_norm_. Not together with `accumulate`.
   */
  clipNorm: z.number().positive().optional(),
  /** Mirror left to right with probability ½. */
  flip: z.boolean(),
  /** Rotate by a random multiple of 90°, counter-clockwise; default false. */
  rotate: z.boolean().optional(),
  /** Change colours (channel order, saturation) in half of the patches, before rain is drawn on them; default false. */
  colourJitter: z.boolean().optional(),
  /** Change scale, contrast and brightness of three quarters of the photographs, before weather is drawn; default false. */
  photoJitter: z.boolean().optional(),
  /** JPEG-compress 70 % of the patches after the weather: quality 60 to 95, and 75 in half of them; default false. */
  compression: z.boolean().optional(),
  /** 'shuffled', 'list': epoch by epoch; 'drawn': every batch is a new random draw from all pairs. */
  order: z.enum(['shuffled', 'list', 'drawn']),
  /**
   * 'truth': each visit draws one of the inputs that share a truth; 'name': one of those whose truths share a file
   * name; 'triple': a visit takes all three inputs that share a truth.
   */
  visit: z.enum(['pair', 'truth', 'name', 'triple']),
  /** Name of one of the task's losses, alone or with other weights for some of its terms. */
  loss: z.union([
    z.string(),
    z.strictObject({ name: z.string(), weights: z.record(z.string(), z.number()).optional() }),
  ]),
  /** Weight of a further term: the mean absolute difference of the mean colours of blocks of 32×32 pixels. */
  meanColour: z.number().positive().optional(),
  /** Decay per step of a moving average of the weights, which is saved and scored as well; see WeightAverage. */
  average: z.number().min(0).max(1).optional(),
  seed: z.int().nonnegative(),
  /**
   * Freezes the running statistics of batch norm, which then normalise as in evaluation; a share freezes them from that
   * point on. This suits the end of a training on few small patches, whose own statistics would hide how a network
   * treats unusual colours.
   */
  frozenStatistics: z.union([z.boolean(), Share]).optional(),
  /**
   * Measures the running statistics of batch norm anew after the last step, over `batches` batches of larger patches:
   * those of the last training batches cover too few pictures, and patches instead of photographs.
   */
  statistics: z
    .strictObject({ crop: z.int().positive(), batch: z.int().positive(), batches: z.int().positive() })
    .optional(),
  /**
   * Steps between validations on held-out pictures, with one more at the end; the best weights are kept. 0: none;
   * default: up to 20 in the run, as many as take no more than a few percent of its time.
   */
  validateEvery: z.int().nonnegative().optional(),
  /** Steps between checkpoints. */
  saveEvery: z.int().positive(),
  /** True if the user must give a dataset (`--data`); otherwise the embedded set is enough. */
  needsData: z.boolean(),
  /**
   * Paths of the layers whose weights start at 0; `*` matches any letters. For the last layer of a residual branch, the
   * branch then adds nothing at first: a few hundred steps improve on the identity more reliably than on noise.
   */
  startAtZero: z.union([z.string(), z.array(z.string())]).optional(),
  /** True if the initial weights make the network return its input; see NetworkFacts.asIdentity. */
  startAsIdentity: z.boolean().optional(),
  /** True if the user must give weights to fine-tune (`--pretrained`); otherwise training starts from random ones. */
  needsWeights: z.boolean().optional(),
});

export type Recipe = z.infer<typeof Recipe>;

/** The user's files of frozen networks, which are used but not trained. */
export interface FrozenFiles {
  /** torchvision's VGG weights. */
  readonly vgg?: string;
  /** Weights of the teacher network: a file; for `train`, a URL or a package of weights, too. */
  readonly teacher?: string;
}

/** Frozen networks that a loss evaluates pictures with. */
export interface Judges {
  /** Their parameters, under the names the loss reads. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Reads their weights from the user's files. @throws UserError if a file is missing or of another network */
  read(files: FrozenFiles): Promise<State>;
}

/** Makes the training step of a network whose loss reads more than its output. */
export type StepMaker = (network: PictureNetwork, shape: StepShape, options: StepOptions) => TrainingStep;

/** A loss or its own training step, with the inputs it needs besides pictures. */
export type EquippedLoss = ({ readonly loss: Loss } | { readonly step: StepMaker }) & {
  readonly judges?: Judges;
  /** Further inputs of its graph at an epoch (from 0), for terms that start later. */
  given?(epoch: number): Readonly<Record<string, TensorData>>;
};

/** Side, in pixels, of the blocks whose mean colours are compared. */
const BLOCK = 32;

/** Adds a recipe's mean-colour term to a loss: it compares local colour and brightness regardless of detail. */
function withMeanColour(loss: Loss, weight: number): Loss {
  return (output, target, degraded) => {
    const { total, ...others } = loss(output, target, degraded);
    const colour = l1(avgPool2d(output, BLOCK), avgPool2d(target, BLOCK));
    return { total: add(total, mul(colour, weight)), ...others, colour };
  };
}

/** Makes the training step of a network by a loss. */
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
  if (options.frozenStatistics)
    throw new Error('this loss makes its own step, which cannot freeze the statistics of batch norms');
  if (meanColour !== undefined) throw new Error('this loss makes its own step, which has no term of mean colour');
  return loss.step(network, shape, options);
}

/** Makes the optimiser of a recipe. */
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

/** Wraps a plain loss as an equipped one without further needs. */
export function equipped(loss: Loss | EquippedLoss): EquippedLoss {
  return typeof loss === 'function' ? { loss } : loss;
}

/**
 * Finds the loss of a recipe and applies the recipe's weights to its terms.
 * @throws UserError if the task does not have the loss, or the loss does not have the terms
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
