/** Paths of a truth and of one of its inputs, relative to the download's folder. */
export type Entry = readonly [truth: string, input: string];

/** How the pairs of a name in an official list lie in the official download. */
export interface Layout {
  /** Names in the official list, or files in the official download; null where neither is known. */
  readonly names: number | null;
  /** Where there is no list: numbered files whose names stand for one, like one that is given, in a folder of the root. */
  readonly files?: { readonly named: RegExp; readonly like: string; readonly folder?: string };
  /** Truths may be larger than their inputs, which show their middle. */
  readonly centre?: boolean;
  entries(name: string): Entry[];
}

const stem = (name: string) => name.replace(/\.[^.]+$/, '');
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const layout = (names: number, entries: Layout['entries']): Layout => ({ names, entries });

/** The noisy picture of RealNoiseHKPoly: the part of the name before "mean", and a suffix. */
const realNoise = (suffix: string) => (name: string) => [[name, `${name.split('mean')[0]}${suffix}`] as const];
const goPro = (name: string) => {
  const [sequence, frame] = name.split('/');
  return [[`${sequence}/sharp/${frame}`, `${sequence}/blur/${frame}`] as const];
};
/** RESIDE's ten hazes of a clear picture, renamed as DuRN's reader asks: images/1323_1.png to images/1323_10.png. */
const resideEntries = (name: string) =>
  upTo(10).map((v) => [`labels/${name}`, `images/${stem(name)}_${v}.png`] as const);
const reside = (names: number): Layout => ({ ...layout(names, resideEntries), centre: true });
const hdf5 = (name: string) => [[`${name}#gt`, `${name}#haze`] as const];
/** AECR-Net's own form: a folder of 0.h5, 1.h5, … with uint8 arrays gt and haze. */
const numbered: Layout = { names: null, entries: hdf5, files: { named: /^\d+\.h5$/, like: '0.h5' }, centre: true };
/** One file holds a pair: left half rainy, right half clean. */
const halves = (file: string) => [`${file}#right`, `${file}#left`] as const;
const jpegs = { named: /^\d+\.jpg$/, like: '0.jpg' };
/** MANAS's form of DID-MDN: three rains of one scene under one name, of which the light one has the truth. */
const manasFolder = (level: string) => `Rain_${level}/data_augment/train2018new`;
const manasTrain: Layout = {
  ...layout(16_000, (name) => {
    const [truth] = halves(`${manasFolder('Light')}/${name}`);
    return ['Light', 'Medium', 'Heavy'].map((level) => [truth, halves(`${manasFolder(level)}/${name}`)[1]] as const);
  }),
  files: { ...jpegs, folder: manasFolder('Light') },
};
const manasTest: Layout = { ...layout(1200, (name) => [halves(name)]), files: jpegs };
const rain1400 = (name: string) => upTo(14).map((v) => [`label/${name}`, `rain_image/${stem(name)}_${v}.jpg`] as const);
const raindrop = (type: string) => (name: string) => [
  [`gt/${name}_clean.${type}`, `data/${name}_rain.${type}`] as const,
];

/** By dataset and split; names as in datasets.json. */
export const LAYOUTS: Readonly<Record<string, Readonly<Record<string, Layout>>>> = {
  'bsd-gray': {
    train: layout(300, (name) => [[name, `${name}#noise-drawn`]]),
    test: layout(200, (name) => [30, 50, 70].map((sigma) => [name, `${name}#noise-${sigma}`])),
  },
  'real-noise-hkpoly': {
    train: layout(30, realNoise('Real.JPG')),
    test: layout(100, realNoise('real.PNG')),
  },
  gopro: { train: layout(2103, goPro), test: layout(1111, goPro) },
  cars: { test: layout(1151, (name) => [[`sharp/${name}`, `blurred/${name}`]]) },
  reside: { 'indoor-train': reside(1399), 'sots-indoor': reside(50) },
  'its-h5': { train: numbered, test: numbered },
  'dense-haze-h5': { train: numbered, test: numbered },
  'nh-haze-h5': { train: numbered, test: numbered },
  dcpdn: { train: layout(4000, hdf5), 'test-a': layout(401, hdf5) },
  'did-mdn': {
    train: layout(4000, (name) => ['Heavy', 'Medium', 'Light'].map((l) => halves(`Rain_${l}/train2018new/${name}`))),
    test: layout(1201, (name) => [halves(name)]),
    'train-manas': manasTrain,
    'test-manas': manasTest,
  },
  rain1400: {
    train: layout(650, rain1400),
    test: layout(349, rain1400),
    'train-nledn': layout(650, rain1400),
    'test-nledn': layout(350, rain1400),
  },
  raindrop: {
    train: layout(861, raindrop('png')),
    'test-a': layout(58, raindrop('png')),
    'test-b': layout(249, raindrop('jpg')),
  },
};
