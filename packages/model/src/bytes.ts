import { kindOf, messageOf, UserError } from '@unweather/core-tensor';

/**
 * Bytes of a file, from any realm: in memory, a Blob, a File or a Response, or a stream of them (a web stream, a
 * Node stream, any async iterable).
 */
export type Bytes =
  | ArrayBuffer
  | SharedArrayBuffer
  | Uint8Array
  | Uint8ClampedArray
  | DataView
  | Blob
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** Bytes, with their name for messages. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Collects the bytes of an object that holds or gives some; undefined for any other value.
 * @throws UserError naming the stream or the file that cannot be read
 */
export async function bytesOf(input: unknown): Promise<NamedBytes | undefined> {
  if (typeof input !== 'object' || input === null) return undefined;
  const held = heldBytes(input);
  if (held !== undefined) return { name: 'the bytes', bytes: held };
  if (isBlob(input)) {
    const name = nameOfBlob(input);
    return { name, bytes: await readable(name, async () => new Uint8Array(await bufferOf(input))) };
  }
  const chunks = chunksOf(input);
  if (chunks === undefined) return undefined;
  return { name: 'the stream', bytes: await readable('the stream', () => collected(chunks)) };
}

const HOLDERS: ReadonlySet<string> = new Set(['Uint8Array', 'Uint8ClampedArray', 'DataView']);

/** Views bytes in memory, without a copy unless other threads can write them. */
function heldBytes(input: object): Uint8Array<ArrayBuffer> | undefined {
  const kind = kindOf(input);
  if (kind === 'ArrayBuffer') return new Uint8Array(input as ArrayBuffer);
  if (kind === 'SharedArrayBuffer') return new Uint8Array(new Uint8Array(input as SharedArrayBuffer));
  if (!ArrayBuffer.isView(input) || !HOLDERS.has(kind)) return undefined;
  const { buffer, byteOffset, byteLength } = input;
  const view = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return kindOf(buffer) === 'SharedArrayBuffer' ? new Uint8Array(view) : view;
}

/** What is used of a Blob. */
interface BlobLike {
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/** True for a Blob or a File of any realm or library, and for a Response. */
export function isBlob(input: object): input is Blob & BlobLike {
  return (
    ['Blob', 'File'].includes(kindOf(input)) || ('arrayBuffer' in input && typeof input.arrayBuffer === 'function')
  );
}

/** Name of a File, or "the file". */
export function nameOfBlob(blob: object): string {
  return 'name' in blob && typeof blob.name === 'string' && blob.name !== '' ? blob.name : 'the file';
}

async function bufferOf(blob: BlobLike): Promise<ArrayBuffer> {
  if (typeof blob.arrayBuffer === 'function') return blob.arrayBuffer();
  // The Blob of older versions of jsdom has no methods.
  const reader = new (globalThis as unknown as ReaderGlobal).FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

/** Part of the browser's FileReader that is used here. */
interface ReaderGlobal {
  readonly FileReader: new () => {
    readonly result: ArrayBuffer;
    readonly error: Error;
    onload: () => void;
    onerror: () => void;
    readAsArrayBuffer(blob: BlobLike): void;
  };
}

/** Chunks of a stream; undefined for an object that is none. */
function chunksOf(input: object): AsyncIterable<unknown> | undefined {
  if (Symbol.asyncIterator in input && typeof input[Symbol.asyncIterator] === 'function')
    return input as AsyncIterable<unknown>;
  // Not every browser iterates streams.
  if ('getReader' in input && typeof input.getReader === 'function') return chunksByReader(input as ReadableStream);
  return undefined;
}

async function* chunksByReader(stream: ReadableStream): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

async function collected(chunks: AsyncIterable<unknown>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const part = typeof chunk === 'object' && chunk !== null ? heldBytes(chunk) : undefined;
    if (part === undefined) throw new Error(`it gives ${typeof chunk}, not bytes`);
    parts.push(part);
  }
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function readable<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  return read().catch((thrown: unknown) => {
    throw new UserError(`${name}: cannot be read (${messageOf(thrown)}); give one that can be read to its end`);
  });
}
