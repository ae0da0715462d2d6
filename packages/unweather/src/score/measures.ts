import { choicesText, nearestNames } from '@unweather/core-tensor';
import { generalProtocols, METRICS, type Protocol } from '@unweather/eval';
import type { ProtocolPlace } from '@unweather/lab';
import { PAPER_LIST } from '../papers.js';
import { UsageError } from '../usage-error.js';

/** A score that a table shows. */
export interface Score {
  /** Name that `--metrics` takes. */
  readonly name: string;
  readonly description: string;
  readonly better: 'higher' | 'lower';
  readonly decimals: number;
}

/** Ruler that pictures are measured with: a protocol, or none. */
export interface Ruler {
  /** Null where only metrics are computed that need no protocol. */
  readonly protocol: { readonly name: string; readonly description: string } | null;
  readonly place?: ProtocolPlace;
}

/** What is measured. */
export interface Measures {
  readonly rulers: readonly [Ruler, ...Ruler[]];
  readonly scores: readonly Score[];
  /** Names of METRICS among the scores. */
  readonly metrics: readonly string[];
  readonly needTruth: boolean;
}

/** Scores of every protocol. */
const OF_PROTOCOL: readonly Score[] = [
  { name: 'psnr', description: 'PSNR by the protocol, dB', better: 'higher', decimals: 2 },
  { name: 'ssim', description: 'SSIM by the protocol', better: 'higher', decimals: 4 },
];

/** Name of the metric that needs weights. */
export const LPIPS = 'lpips';

/** Protocol of those who name none: PSNR and SSIM of RGB bytes. */
const USUAL = 'basicsr';

/** Choices of the command line. */
export interface MeasureChoices {
  readonly protocol?: readonly string[];
  readonly metrics?: readonly string[];
  /** Weights of LPIPS. */
  readonly lpips?: readonly string[];
}

/**
 * Finds protocols and metrics by name. Only protocols of papers load the papers.
 * @throws UsageError for an unknown name, with the nearest; for LPIPS without its weights
 */
export async function measuresOf({ protocol, metrics, lpips }: MeasureChoices): Promise<Measures> {
  const asked = metrics ?? OF_PROTOCOL.map(({ name }) => name);
  const usual = [...OF_PROTOCOL, ...Object.values(METRICS)];
  const names = new Set(asked.flatMap((name) => (name === 'all' ? usual.map((score) => score.name) : [name])));
  if (lpips !== undefined) names.add(LPIPS);
  const known: readonly Score[] = [...usual, LPIPS_SCORE];
  const scores = [...names].map((name) => known.find((score) => score.name === name) ?? unknown('metric', name, known));
  const byProtocol = scores.some((score) => OF_PROTOCOL.includes(score));
  if (protocol !== undefined && !byProtocol)
    throw new UsageError('--protocol says how psnr and ssim are computed; add one of them to --metrics');
  if (names.has(LPIPS) && lpips?.length !== 2)
    throw new UsageError(
      'lpips needs its weights, two files: --lpips NETWORK LINEAR (torchvision’s weights of VGG16 or AlexNet, then lpips’ ' +
        'linear ones)',
    );
  const rulers = byProtocol ? await Promise.all((protocol ?? [USUAL]).map(rulerOf)) : [{ protocol: null }];
  return {
    rulers: rulers as [Ruler, ...Ruler[]],
    scores: scores.map(({ name, description, better, decimals }) => ({ name, description, better, decimals })),
    metrics: scores.map(({ name }) => name).filter((name) => Object.hasOwn(METRICS, name)),
    needTruth: scores.some(({ name }) => METRICS[name]?.noReference !== true),
  };
}

const LPIPS_SCORE: Score = { name: LPIPS, description: 'LPIPS', better: 'lower', decimals: 4 };

/** Ruler of a protocol, a general one or a paper's. */
async function rulerOf(name: string): Promise<Ruler> {
  const general = generalProtocols.find((protocol) => protocol.name === name);
  if (general !== undefined) return ruler(general, '');
  const all = await paperProtocols();
  const found = all.find(({ protocol }) => protocol.name === name);
  if (found === undefined) return unknown('protocol', name, [...generalProtocols, ...all.map((of) => of.protocol)]);
  return ruler(found.protocol, found.module);
}

function ruler({ name, description }: Protocol, module: string): Ruler {
  return { protocol: { name, description }, place: { name, module } };
}

/** Protocols of all papers, with the modules that export them. */
async function paperProtocols(): Promise<{ protocol: Protocol; module: string }[]> {
  const studies = await Promise.all(PAPER_LIST.map(([, { study }]) => study()));
  return studies.flatMap(({ study: { tasks, protocols } }) =>
    Object.values(tasks).flatMap((task) => task.protocols.map((protocol) => ({ protocol, module: protocols.href }))),
  );
}

/** @throws UsageError with the nearest name */
export function unknown(what: string, name: string, known: readonly { readonly name: string }[]): never {
  const names = [...new Set(known.map((one) => one.name))];
  throw new UsageError(
    `there is no ${what} "${name.slice(0, 60)}"; did you mean ${nearestNames(names, name, 1)[0]}? There are ${choicesText(names)}`,
  );
}
