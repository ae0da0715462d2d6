import type { Loss, Module, State } from '@unweather/core-tensor';
import type { Protocol } from '@unweather/eval';
import { z } from 'zod';

/** How a network is trained, as data: it is printed, stored in every checkpoint, and compared on resuming. */
export const Recipe = z.strictObject({
  name: z.string(),
  /** Where it comes from and what it should reach. */
  note: z.string(),
  /** Width and height of the patches, in pixels. */
  crop: z.int().positive(),
  /** Pairs per update. */
  batch: z.int().positive(),
  duration: z.union([z.strictObject({ epochs: z.int().positive() }), z.strictObject({ steps: z.int().positive() })]),
  optimiser: z.literal('adam'),
  learningRate: z.number().positive(),
  /** The schedule runs over what the duration counts: epochs or steps. */
  schedule: z.strictObject({ kind: z.enum(['constant', 'cosine']) }),
  /** Mirror left to right with probability ½. */
  flip: z.boolean(),
  order: z.enum(['shuffled', 'list']),
  /** 'truth': one of the inputs that share a truth is drawn per visit. */
  visit: z.enum(['pair', 'truth']),
  /** Name of one of the task's losses. */
  loss: z.string(),
  seed: z.int().nonnegative(),
  /** A checkpoint is written every so many steps. */
  saveEvery: z.int().positive(),
  /** Whether it needs a dataset of the user's (`--data`); otherwise the embedded set will do. */
  needsData: z.boolean(),
});

export type Recipe = z.infer<typeof Recipe>;

/** Files of the user's that hold networks which are used and not trained. */
export interface FrozenFiles {
  /** torchvision's VGG weights. */
  readonly vgg?: string;
}

/** A loss that looks through frozen networks. */
export interface JudgedLoss {
  readonly loss: Loss;
  /** Their weights, under the names the loss reads. @throws UserError when a file is missing or of another network */
  frozen(files: FrozenFiles): Promise<State>;
}

/** What a paper removes from pictures, and how. */
export interface Task {
  /** What it removes, in words: "rain streaks". */
  readonly title: string;
  /** Name of one of the paper's networks. */
  readonly network: string;
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly losses: Readonly<Record<string, Loss | JudgedLoss>>;
  readonly protocol: Protocol;
}

/** A network of a paper. */
export interface Network {
  create(): Module;
  readonly channels: number;
  /** Loss and learning rate of its golden values, when a file does not say. */
  readonly loss: Loss;
  /**
   * What float32 leaves of a gradient that is zero in exact arithmetic (biases before a norm), as an L2 norm. Below it
   * gradients are not compared.
   */
  readonly gradientNoise: number;
}

/** A paper package: what the shared commands need of it. */
export interface Paper {
  /** Short name, as in `nx run durn:train`. */
  readonly name: string;
  readonly title: string;
  readonly networks: Readonly<Record<string, Network>>;
  /** The first task is the default. */
  readonly tasks: Readonly<Record<string, Task>>;
  /** Folder of the package's own golden files. */
  readonly goldens: URL;
}
