import type { Study } from '@unweather/lab';
import type { InstalledModel, LoadOptions, PictureModel } from '@unweather/model';

/** Kinds of damage that a picture can be freed of, in plain words. */
export const WEATHERS = ['rain', 'haze', 'snow', 'raindrops', 'blur', 'noise'] as const;
/** One of them. */
export type Weather = (typeof WEATHERS)[number];

/** Entry of a paper's package. */
export interface ModelModule<Task extends string> {
  readonly model: InstalledModel<Task>;
  /** Opens a network with its weights. */
  load(options?: LoadOptions<Task>): Promise<PictureModel>;
}

/** A paper: all that is known of it without loading it, and how it is loaded. */
export interface PaperRow<Task extends string = string> {
  /** Short name for people. */
  readonly label: string;
  /** Weather that each task removes; where two remove the same, the better one first. */
  readonly tasks: Readonly<Record<Task, Weather>>;
  /** Networks, weights and `load`; in a bundle for browsers, the package's entry for browsers. */
  model(): Promise<ModelModule<Task>>;
  /** Recipes, losses, protocols and golden values; in Node alone. */
  study(): Promise<{ readonly study: Study }>;
}

/** Holds the tasks of a row against those of its package. */
function row<Task extends string>(
  paper: Pick<PaperRow<Task>, 'label' | 'model' | 'study'> & {
    readonly tasks: Readonly<Record<NoInfer<Task>, Weather>>;
  },
): PaperRow {
  return paper as unknown as PaperRow;
}

/**
 * Every paper, by the name of its package; commands, demo, docs and benchmarks read this table. Where `--model` names a
 * weather, papers are tried from top to bottom: networks made for one weather before the one made for all; for haze by
 * their published scores on SOTS indoor, else by the paper's year.
 */
export const PAPERS = {
  aecr: row({
    label: 'AECR-Net',
    tasks: { haze: 'haze' },
    model: () => import('@unweather/aecr'),
    study: () => import('@unweather/aecr/study'),
  }),
  durn: row({
    label: 'DuRN',
    tasks: {
      rain: 'rain',
      haze: 'haze',
      raindrop: 'raindrops',
      blur: 'blur',
      'real-noise': 'noise',
      noise: 'noise',
    },
    model: () => import('@unweather/durn'),
    study: () => import('@unweather/durn/study'),
  }),
  afrnet: row({
    label: 'AFR-Net',
    tasks: { rain: 'rain', raindrop: 'raindrops' },
    model: () => import('@unweather/afrnet'),
    study: () => import('@unweather/afrnet/study'),
  }),
  manas: row({
    label: 'MANAS',
    tasks: { rain: 'rain' },
    model: () => import('@unweather/manas'),
    study: () => import('@unweather/manas/study'),
  }),
  multiweather: row({
    label: 'Two-stage knowledge learning',
    tasks: { rain: 'rain', haze: 'haze', snow: 'snow' },
    model: () => import('@unweather/multiweather'),
    study: () => import('@unweather/multiweather/study'),
  }),
} satisfies Record<string, PaperRow>;

/** Name of a paper's package, without its scope. */
export type PaperName = keyof typeof PAPERS;

/** Every paper with its name. */
export const PAPER_LIST = Object.entries(PAPERS) as [PaperName, PaperRow][];

/** A paper's network for one of its tasks. */
export interface KnownModel {
  /** "durn:rain": what `--model` takes. */
  readonly name: string;
  readonly paper: PaperName;
  /** Name of one of the paper's tasks. */
  readonly task: string;
  readonly removes: Weather;
}

/** Every model, without loading a paper, weather by weather; the first with weights is a weather's default. */
export const MODELS: readonly KnownModel[] = WEATHERS.flatMap((removes) =>
  PAPER_LIST.flatMap(([paper, { tasks }]) =>
    Object.entries(tasks)
      .filter(([, weather]) => weather === removes)
      .map(([task]) => ({ name: `${paper}:${task}`, paper, task, removes })),
  ),
);
