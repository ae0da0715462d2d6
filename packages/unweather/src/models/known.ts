/** What a picture can be freed of, in plain words. */
export const WEATHERS = ['rain', 'haze', 'snow', 'raindrops', 'blur', 'noise'] as const;
/** One of them. */
export type Weather = (typeof WEATHERS)[number];

/** A paper, by the name of its package. */
export type PaperName = 'aecr' | 'afrnet' | 'durn' | 'manas' | 'multiweather';

/** A paper's network for one of its tasks. */
export interface KnownModel {
  /** "durn:rain": what `--model` takes. */
  readonly name: string;
  readonly paper: PaperName;
  /** Name of one of the paper's tasks. */
  readonly task: string;
  readonly removes: Weather;
}

const model = (removes: Weather, paper: PaperName, task: string = removes): KnownModel => ({
  name: `${paper}:${task}`,
  paper,
  task,
  removes,
});

/**
 * Every model, without loading a paper. Of those that remove the same, the first with weights is taken where no paper is
 * named: networks made for one weather before the one made for all; among the former for haze by their published scores
 * on SOTS indoor, camera noise before Gaussian noise, else by the paper's year.
 */
export const MODELS: readonly KnownModel[] = [
  model('rain', 'durn'),
  model('rain', 'afrnet'),
  model('rain', 'manas'),
  model('rain', 'multiweather'),
  model('haze', 'aecr'),
  model('haze', 'durn'),
  model('haze', 'multiweather'),
  model('snow', 'multiweather'),
  model('raindrops', 'durn', 'raindrop'),
  model('raindrops', 'afrnet', 'raindrop'),
  model('blur', 'durn'),
  model('noise', 'durn', 'real-noise'),
  model('noise', 'durn'),
];
