import { messageOf, UserError } from '@unweather/core-tensor';
import { shownUrl } from './address.js';
import type { Part } from './part.js';

/** How much of a file is there. */
export interface DownloadProgress {
  /** Bytes, those of an earlier run included. */
  readonly done: number;
  /** Bytes of the whole file, where the server says it. */
  readonly total?: number;
}

/** What may pass when it is tried again: no connection, a connection that broke, a server in trouble. */
export class Transient extends Error {}

/**
 * Asks once for a file, or for what a part of it lacks, and adds what comes to the part.
 * A part of another version than the server's is begun anew (If-Range).
 * @throws Transient for what may pass; UserError for what will not; the signal's reason
 */
export async function requestInto(
  part: Part,
  url: URL,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const begun = await part.begun();
  const response = await answer(url, begun, signal);
  const goesOn = response.status === 206 && begun.bytes > 0;
  if (goesOn && !continues(response, begun)) {
    await part.remove();
    throw new Transient(`${shownUrl(url)}: the server sent another part of the file than it was asked for`);
  }
  if (!goesOn) await part.begin(validatorOf(response));
  const total = totalOf(response, goesOn ? begun.bytes : 0);
  let done = goesOn ? begun.bytes : 0;
  const report = () => onProgress({ done, ...(total !== undefined && { total }) });
  report();
  await part.append(bodyOf(response, url, signal), (bytes) => {
    done += bytes;
    report();
  });
  if (total !== undefined && done !== total) {
    if (done > total) await part.remove();
    throw new Transient(`${shownUrl(url)}: ${done} bytes came of ${total}`);
  }
}

async function answer(
  url: URL,
  { bytes, validator }: { readonly bytes: number; readonly validator: string },
  signal: AbortSignal,
): Promise<Response> {
  // Compressed on its way, a file would have neither a size nor parts.
  const headers = { 'accept-encoding': 'identity' };
  const range = bytes > 0 ? { range: `bytes=${bytes}-`, 'if-range': validator } : {};
  const [target, authorization] = withoutUser(url);
  const response = await fetch(target, { headers: { ...headers, ...range, ...authorization }, signal }).catch(
    (thrown) => broken(url, thrown, signal),
  );
  const { status } = response;
  if (status === 200 || (status === 206 && bytes > 0)) return response;
  await response.body?.cancel();
  // The part is as long as the whole file, or longer: whether it is the file, nobody knows.
  if (status === 416 && bytes > 0) {
    // Without its validator nothing is asked for but the whole.
    return answer(url, { bytes: 0, validator: '' }, signal);
  }
  const shown = shownUrl(url);
  if (status >= 500 || status === 408 || status === 429) throw new Transient(`${shown}: the server answers ${status}`);
  if (status === 404 || status === 410)
    throw new UserError(`${shown}: there is no such file (${status}); check the URL`);
  if (status === 401 || status === 403)
    throw new UserError(`${shown}: the server refuses it (${status}); check the URL and the rights it needs`);
  throw new UserError(`${shown}: the server answers ${status}, not with a file; check the URL`);
}

/** fetch takes no URL with a user's name in it. */
function withoutUser(url: URL): [URL, Record<string, string>] {
  const { username, password } = url;
  if (username === '' && password === '') return [url, {}];
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [bare, { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }];
}

/** Whether a partial answer begins where the part ends, and is of the same version. */
function continues(response: Response, begun: { readonly bytes: number; readonly validator: string }): boolean {
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? [];
  const validator = validatorOf(response);
  return Number(start) === begun.bytes && (validator === undefined || validator === begun.validator);
}

/** A weak ETag says that two versions mean the same, not that their bytes are. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified') ?? undefined;
}

function totalOf({ headers }: Response, before: number): number | undefined {
  const length = headers.get('content-length');
  const plain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  return length === null || !plain ? undefined : before + Number(length);
}

async function* bodyOf(response: Response, url: URL, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk;
  } catch (thrown) {
    broken(url, thrown, signal);
  }
}

function broken(url: URL, thrown: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  throw new Transient(`${shownUrl(url)}: ${messageOf(cause) || 'no connection'}`);
}
