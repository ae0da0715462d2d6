import { createHash } from 'node:crypto';
import { type AnyPicture, messageOf, Random, toBytes, UserError } from '@unweather/core-tensor';
import { openPair, type PairSource, whole } from '@unweather/datasets';
import { BASELINES, generalProtocols, METRICS, type Protocol, type ScoreSet } from '@unweather/eval';

/** Name and module of a protocol, since functions cannot be sent between threads. */
export interface ProtocolPlace {
  readonly name: string;
  /** URL of the module that exports the protocol; unused for general protocols. */
  readonly module: string;
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
  | { readonly kind: 'open'; readonly source: PairSource; readonly protocol: ProtocolPlace }
  | { readonly kind: 'baseline'; readonly name: string; readonly input: AnyPicture }
  | {
      readonly kind: 'score';
      readonly input: AnyPicture;
      readonly restored: AnyPicture;
      readonly truth: AnyPicture;
      readonly protocol: ProtocolPlace;
      readonly metrics: readonly string[];
    };

/** A result, or the message of an error that the user can act on. */
export type Answer = { readonly result: unknown } | { readonly userError: string };

export default async function work(task: Task): Promise<Answer> {
  try {
    if (task.kind === 'baseline')
      return { result: BASELINES.find(({ name }) => name === task.name)!.restore(task.input) };
    const protocol = await protocolAt(task.protocol);
    return { result: task.kind === 'open' ? await open(task.source, protocol) : score(task, protocol) };
  } catch (thrown) {
    if (thrown instanceof UserError) return { userError: messageOf(thrown) };
    throw thrown;
  }
}

async function open(source: PairSource, protocol: Protocol): Promise<OpenedPair> {
  const prepare = (picture: AnyPicture) => whole(protocol.prepare(picture));
  const { truth, input } = await openPair(source, Random.named('evaluation', source.name), { prepare });
  return { truth, input, inputHash: hashOf(input), truthHash: hashOf(truth) };
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

/** Computes further metrics on the bytes that a saved PNG holds. */
function measured(metrics: readonly string[], picture: AnyPicture, truth: AnyPicture): Record<string, number> {
  const [bytes, target] = [toBytes(picture), toBytes(truth)];
  return Object.fromEntries(metrics.map((name) => [name, METRICS[name]!.measure(bytes, target)]));
}

async function protocolAt({ name, module }: ProtocolPlace): Promise<Protocol> {
  const general = generalProtocols.find((protocol) => protocol.name === name);
  if (general !== undefined) return general;
  const exported: unknown[] = Object.values((await import(module)) as object);
  const found = exported.filter(isProtocol).find((protocol) => protocol.name === name);
  if (found === undefined) throw new Error(`${module} exports no protocol ${name}`);
  return found;
}

function isProtocol(value: unknown): value is Protocol {
  return typeof value === 'object' && value !== null && 'score' in value && 'prepare' in value && 'name' in value;
}

function hashOf({ width, height, data }: AnyPicture): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(`${width}×${height}×${data.BYTES_PER_ELEMENT}`).update(bytes).digest('hex');
}
