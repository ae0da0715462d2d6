import { existsSync } from 'node:fs';
import { addressOf } from './cache/address.js';
import { sha256From } from './sha256.js';

/** Source of weights: a file, an npm package (its name, with `#ENTRY` if it carries several), or a URL. */
export type WeightsSource =
  | { readonly path: string }
  | { readonly name: string }
  | { readonly url: string; readonly sha256?: string };

/** Extensions of checkpoints: a name with one of them is a file even if that is missing. */
const CHECKPOINT = /\.(safetensors|pth|pt|pk|pkl|tar|index|npz|json)$/i;
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(#.+)?$/;

/**
 * Interprets the value of `--weights`. An existing file always wins; `#sha256=HEX` at the end of a URL is the file's
 * expected hash.
 * @throws UserError for an invalid hash
 */
export function weightsSource(text: string): WeightsSource {
  if (/^https?:\/\//i.test(text)) {
    const [, url = text, sha256] = /^(.*)#sha256=(.*)$/.exec(text) ?? [];
    return sha256 === undefined ? { url } : { url, sha256: sha256From(sha256) };
  }
  return existsSync(text) || CHECKPOINT.test(text) || !PACKAGE.test(text) ? { path: text } : { name: text };
}

/** Describes weights for printing: the path, the package, or the URL without user name, password and query. */
export function shownWeights(source: WeightsSource): string {
  if ('path' in source) return source.path;
  return 'name' in source ? source.name : addressOf(source.url).shown;
}
