import type { Study } from '@unweather/lab';
import type { InstalledModel, LoadOptions, PictureModel } from '@unweather/model';

/** Kinds of damage that models remove from pictures, in plain words. */
export const WEATHERS = ['rain', 'haze', 'snow', 'raindrops', 'blur', 'noise'] as const;
/** One of {@link WEATHERS}. */
export type Weather = (typeof WEATHERS)[number];

/** Entry of a paper's package. */
export interface ModelModule<Task extends string> {
  readonly model: InstalledModel<Task>;
  /** Opens a network with its weights. */
  load(options?: LoadOptions<Task>): Promise<PictureModel>;
}

/** A paper: everything known without loading it, and functions that load it. */
export interface PaperRow<Task extends string = string> {
  /** Short name for people. */
  readonly label: string;
  /** Weather that each task removes; if two remove the same, the better one comes first. */
  readonly tasks: Readonly<Record<Task, Weather>>;
  /** Loads networks, weights and `load`; in a bundle for browsers, the package's entry for browsers. */
  model(): Promise<ModelModule<Task>>;
  /** Loads recipes, losses, protocols and golden values; in Node only. */
  study(): Promise<{ readonly study: Study }>;
}

/** Makes a row whose tasks the compiler compares with those of its package. */
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
 * their published scores on SOTS indoor, else by the paper's year. MAXIM is last: it is several times slower.
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
  maxim: row({
    label: 'MAXIM',
    tasks: { rain: 'rain', haze: 'haze', 'haze-outdoor': 'haze', noise: 'noise', blur: 'blur' },
    model: () => import('@unweather/maxim'),
    study: () => import('@unweather/maxim/study'),
  }),
} satisfies Record<string, PaperRow>;

/** Name of a paper's package, without its scope. */
export type PaperName = keyof typeof PAPERS;

/** Every paper with its name. */
export const PAPER_LIST = Object.entries(PAPERS) as [PaperName, PaperRow][];

/** A paper's network for one of its tasks. */
export interface KnownModel {
  /** Name that `--model` takes: "durn:rain". */
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
