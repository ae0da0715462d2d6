import { createHash } from 'node:crypto';
import { type AnyPicture, toBytes } from '@unweather/core-tensor';
import { generalProtocols, METRICS, type Protocol } from '@unweather/eval';

/** Name and module of a protocol, since functions cannot be sent between threads. */
export interface ProtocolPlace {
  readonly name: string;
  /** URL of the module that exports the protocol; unused for general protocols. */
  readonly module: string;
}

/** Computes further metrics on the bytes that a saved PNG holds. */
export function measured(metrics: readonly string[], picture: AnyPicture, truth: AnyPicture): Record<string, number> {
  const [bytes, target] = [toBytes(picture), toBytes(truth)];
  return Object.fromEntries(metrics.map((name) => [name, METRICS[name]!.measure(bytes, target)]));
}

/** Finds a protocol by its place. */
export async function protocolAt({ name, module }: ProtocolPlace): Promise<Protocol> {
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

/** SHA-256 of a picture's size and decoded pixels, which decide a score. */
export function hashOf({ width, height, data }: AnyPicture): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(`${width}×${height}×${data.BYTES_PER_ELEMENT}`).update(bytes).digest('hex');
}
