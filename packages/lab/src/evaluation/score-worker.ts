import { type AnyPicture, cut, messageOf, Random, UserError } from '@unweather/core-tensor';
import { openPair, type PairSource } from '@unweather/datasets';
import { BASELINES, type Protocol, type ScoreSet } from '@unweather/eval';
import { type FilesToScore, scoreFiles } from './files.js';
import { hashOf, measured, type ProtocolPlace, protocolAt } from './scoring.js';

/** Size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A pair as the protocol prepares it, with hashes of the decoded pixels, which decide a score (not of the files). */
export interface OpenedPair {
  readonly input: AnyPicture;
  readonly truth: AnyPicture;
  readonly inputHash: string;
  readonly truthHash: string;
}

/** Request to a thread. */
export type Task =
  | {
      readonly kind: 'open';
      readonly source: PairSource;
      readonly protocol: ProtocolPlace;
      /** Largest part, from the centre, that is opened; without it, the whole picture. */
      readonly crop?: Size | undefined;
    }
  | { readonly kind: 'baseline'; readonly name: string; readonly input: AnyPicture }
  | {
      readonly kind: 'score';
      readonly input: AnyPicture;
      readonly restored: AnyPicture;
      readonly truth: AnyPicture;
      readonly protocol: ProtocolPlace;
      readonly metrics: readonly string[];
    }
  | ({ readonly kind: 'files' } & FilesToScore);

/** A result, or the message of an error that the user can act on. */
export type Answer = { readonly result: unknown } | { readonly userError: string };

export default async function work(task: Task): Promise<Answer> {
  try {
    if (task.kind === 'baseline')
      return { result: BASELINES.find(({ name }) => name === task.name)!.restore(task.input) };
    if (task.kind === 'files') return { result: await scoreFiles(task) };
    const protocol = await protocolAt(task.protocol);
    return { result: task.kind === 'open' ? await open(task, protocol) : score(task, protocol) };
  } catch (thrown) {
    if (thrown instanceof UserError) return { userError: messageOf(thrown) };
    throw thrown;
  }
}

async function open({ source, crop }: Extract<Task, { kind: 'open' }>, protocol: Protocol): Promise<OpenedPair> {
  const prepare = (picture: AnyPicture) => centre(protocol.prepare(picture), crop);
  const { truth, input } = await openPair(source, Random.named('evaluation', source.name), { prepare });
  return { truth, input, inputHash: hashOf(input), truthHash: hashOf(truth) };
}

/** Takes the centre of a picture, or all of it. */
function centre(picture: AnyPicture, crop: Size = picture) {
  const [width, height] = [Math.min(crop.width, picture.width), Math.min(crop.height, picture.height)];
  const [left, top] = [(picture.width - width) >> 1, (picture.height - height) >> 1];
  return {
    picture: cut(picture, { left, top, width, height }),
    frame: { left, top, width: picture.width, height: picture.height },
  };
}

function score(task: Extract<Task, { kind: 'score' }>, protocol: Protocol) {
  const of = (picture: AnyPicture): ScoreSet => ({
    ...protocol.score(picture, task.truth),
    ...measured(task.metrics, picture, task.truth),
  });
  const input = of(task.input);
  // A picture sent as both arguments arrives as one object, which is scored once.
  return { input, restored: task.restored === task.input ? input : of(task.restored) };
}
