import { messageOf, quoted, UserError } from '@unweather/core-tensor';
import { shownUrl } from './address.js';
import type { Part } from './part.js';

/** Progress of a download. */
export interface DownloadProgress {
  /** Bytes downloaded, including those of an earlier run. */
  readonly done: number;
  /** Bytes of the whole file, if the server states them. */
  readonly total?: number;
}

/** Error that a retry may resolve: no connection, a broken connection, a failing server. */
export class Transient extends Error {}

/**
 * Requests a file once, or the rest of a partly downloaded one, and appends the answer to the part.
 * If the server has another version, the part starts anew (If-Range).
 * @throws Transient if a retry may help; UserError if not; the signal's reason
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
    throw new Transient(`${shownUrl(url)}: the server sent another part of the file than requested; try again later`);
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
    throw new Transient(`${shownUrl(url)}: only ${done} of ${total} bytes arrived`);
  }
}

async function answer(
  url: URL,
  { bytes, validator }: { readonly bytes: number; readonly validator: string },
  signal: AbortSignal,
): Promise<Response> {
  // A file compressed in transit would have neither a known size nor ranges.
  const headers = { 'accept-encoding': 'identity' };
  const range = bytes > 0 ? { range: `bytes=${bytes}-`, 'if-range': validator } : {};
  const response = await redirected(url, { ...headers, ...range }, signal);
  const { status } = response;
  if (status === 200 || (status === 206 && bytes > 0)) return response;
  await response.body?.cancel();
  // The part is as long as the whole file, or longer; it may or may not be the file.
  if (status === 416 && bytes > 0) {
    // Requests the whole file: no range, no validator.
    return answer(url, { bytes: 0, validator: '' }, signal);
  }
  const shown = shownUrl(url);
  if (status >= 500 || status === 408 || status === 429) throw new Transient(`${shown}: the server answers ${status}`);
  if (status === 404 || status === 410)
    throw new UserError(`${shown}: there is no such file (${status}); check the URL`);
  if (status === 401 || status === 403)
    throw new UserError(`${shown}: the server denies access (${status}); check the URL and your access rights`);
  throw new UserError(`${shown}: the server answers ${status}, not with a file; check the URL`);
}

/** Redirects that are followed, as by browsers. */
const REDIRECTS = 20;

/**
 * Requests a URL, and follows redirects to other http and https URLs. User name and password go to their own host alone.
 * @throws Transient if no answer comes; UserError for redirects that lead nowhere
 */
async function redirected(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const shown = shownUrl(url);
  let [target, authorization] = withoutUser(url);
  for (let count = 0; count <= REDIRECTS; count++) {
    const own = target.host === url.host ? authorization : {};
    const request = fetch(target, { headers: { ...headers, ...own }, redirect: 'manual', signal });
    const response = await request.catch((thrown: unknown) => broken(url, thrown, signal));
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, target.href) ? new URL(location, target.href) : undefined;
    if (next === undefined || !/^https?:$/.test(next.protocol))
      throw new UserError(
        `${shown}: the server redirects to ${quoted(location)}, which is no place on the web; check the URL`,
      );
    target = next;
  }
  throw new UserError(`${shown}: the server redirects more than ${REDIRECTS} times; check the URL`);
}

/** Moves user name and password from the URL to a header, since fetch accepts no URL that holds them. */
function withoutUser(url: URL): [URL, Record<string, string>] {
  const { username, password } = url;
  if (username === '' && password === '') return [url, {}];
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [bare, { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }];
}

/** True if a partial answer begins where the part ends and is of the same version. */
function continues(response: Response, begun: { readonly bytes: number; readonly validator: string }): boolean {
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? [];
  const validator = validatorOf(response);
  return Number(start) === begun.bytes && (validator === undefined || validator === begun.validator);
}

/** Returns a strong ETag or the last change. A weak ETag means equivalent content, not identical bytes. */
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

/** Cause of an error of any realm, if it states one. */
function causeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;
}

function broken(url: URL, thrown: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  const cause = causeOf(thrown) ?? thrown;
  throw new Transient(`${shownUrl(url)}: ${messageOf(cause) || 'no connection'}`);
}
