import type { BrowserLoadOptions, BrowserModel } from '@unweather/commands/browser';

/** One of the papers, as the page offers it. */
export interface OfferedPaper {
  readonly title: string;
  /** What it removes, by the names of its tasks. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Its networks are loaded when they are asked for. */
  load(): Promise<(options: BrowserLoadOptions) => Promise<BrowserModel>>;
}

const loader = (loaded: Promise<{ load: unknown }>) =>
  loaded.then(({ load }) => load as (options: BrowserLoadOptions) => Promise<BrowserModel>);

export const PAPERS: Readonly<Record<string, OfferedPaper>> = {
  durn: {
    title: 'DuRN',
    tasks: {
      rain: 'Rain streaks',
      raindrop: 'Raindrops',
      haze: 'Haze',
      blur: 'Motion blur',
      noise: 'Noise',
      'real-noise': 'Camera noise',
    },
    load: () => loader(import('@unweather/durn/browser')),
  },
  aecr: { title: 'AECR-Net', tasks: { haze: 'Haze' }, load: () => loader(import('@unweather/aecr/browser')) },
  afrnet: {
    title: 'AFR-Net',
    tasks: { raindrop: 'Raindrops', rain: 'Rain streaks' },
    load: () => loader(import('@unweather/afrnet/browser')),
  },
  manas: { title: 'MANAS', tasks: { rain: 'Rain streaks' }, load: () => loader(import('@unweather/manas/browser')) },
  multiweather: {
    title: 'Two-stage knowledge learning',
    tasks: { haze: 'Haze', snow: 'Snow', rain: 'Rain streaks' },
    load: () => loader(import('@unweather/multiweather/browser')),
  },
};
