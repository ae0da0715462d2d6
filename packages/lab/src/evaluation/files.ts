import { type AnyPicture, messageOf, type Picture, readPicture, toBytes, UserError } from '@unweather/core-tensor';
import type { Protocol } from '@unweather/eval';
import { hashOf, measured, type ProtocolPlace, protocolAt } from './scoring.js';

/** A file of results with the file of its truth, and what to compute. */
export interface FilesToScore {
  readonly result: string;
  /** Absent where only metrics without a reference are computed. */
  readonly truth?: string;
  /** Protocols to score by; where there are none, the metrics are computed once, on the pictures as they are. */
  readonly protocols: readonly ProtocolPlace[];
  /** Names of metrics to compute besides the protocols'. */
  readonly metrics: readonly string[];
  /** Returns the pictures, too, for a metric that a network computes. */
  readonly keep: boolean;
}

/** Scores of a picture: one set for each protocol, in their order, or a single set if there are none. */
export interface FileScores {
  readonly sets: readonly Readonly<Record<string, number>>[];
  /** Hash of the pixels of the result. */
  readonly hash: string;
  /** Hash of the pixels of the truth; the result's where there is none. */
  readonly scene: string;
  /** Bytes that each set was computed on, if they are kept; sets of the same pictures share one object. */
  readonly pictures: readonly { readonly restored: Picture; readonly truth: Picture }[];
}

/**
 * Scores a picture file as `eval` scores a restored picture: the protocol prepares both pictures, its own metrics come
 * first, the others are computed on bytes.
 * @throws UserError naming the file that cannot be read, or both files and sizes if these differ
 */
export async function scoreFiles({ result, truth: file, protocols, metrics, keep }: FilesToScore): Promise<FileScores> {
  const restored = await readPicture(result);
  const truth = file === undefined ? restored : await readPicture(file);
  const whole: Pair = { restored, truth };
  const pairs: { readonly protocol: Protocol; readonly pair: Pair }[] = [];
  for (const place of protocols) {
    const protocol = await protocolAt(place);
    const target = protocol.prepare(truth);
    // Official test programs save results at the size at which they score them: such a result is prepared already.
    const ready = sizeOf(restored) !== sizeOf(truth);
    if (ready && sizeOf(restored) !== sizeOf(target)) throw differentSizes(result, restored, file!, truth);
    const ours = ready ? restored : protocol.prepare(restored);
    const pair = ours === restored && target === truth ? whole : { restored: ours, truth: target };
    pairs.push({ protocol, pair });
  }
  if (pairs.length === 0 && sizeOf(restored) !== sizeOf(truth)) throw differentSizes(result, restored, file!, truth);
  // Pictures that several protocols leave as they are have one set of metrics.
  const metricsOf = remembered((pair: Pair) => measured(metrics, pair.restored, pair.truth));
  const bytesOf = remembered((pair: Pair) => ({ restored: toBytes(pair.restored), truth: toBytes(pair.truth) }));
  try {
    const scored = pairs.map(({ protocol, pair }) => ({
      ...protocol.score(pair.restored, pair.truth),
      ...metricsOf(pair),
    }));
    const used = pairs.length > 0 ? pairs.map(({ pair }) => pair) : [whole];
    return {
      sets: pairs.length > 0 ? scored : [metricsOf(whole)],
      hash: hashOf(restored),
      scene: hashOf(truth),
      pictures: keep ? used.map(bytesOf) : [],
    };
  } catch (thrown) {
    throw thrown instanceof UserError ? new UserError(`${result}: ${messageOf(thrown)}`) : thrown;
  }
}

interface Pair {
  readonly restored: AnyPicture;
  readonly truth: AnyPicture;
}

/** A function that computes each key's value once. */
function remembered<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
}

function sizeOf({ width, height }: AnyPicture): string {
  return `${width}×${height}`;
}

function differentSizes(result: string, restored: AnyPicture, file: string, truth: AnyPicture): UserError {
  return new UserError(
    `${result}: is ${sizeOf(restored)}, its truth ${file} is ${sizeOf(truth)}; score pictures of one size`,
  );
}
