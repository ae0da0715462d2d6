import { existsSync } from 'node:fs';
import { addressOf } from './cache/address.js';
import { sha256From } from './sha256.js';

/** Where weights are: a file, an npm package (its name, with `#ENTRY` where it carries several), or an address. */
export type WeightsSource =
  | { readonly path: string }
  | { readonly name: string }
  | { readonly url: string; readonly sha256?: string };

/** Endings of checkpoints: what ends so is a file even where it is missing. */
const CHECKPOINT = /\.(safetensors|pth|pt|pk|pkl|tar|index)$/i;
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(#.+)?$/;

/**
 * What somebody means by `--weights`. A file that exists is always the file; `#sha256=HEX` at the end of a URL says
 * what the file's hash must be.
 * @throws UserError for a hash that is none
 */
export function weightsSource(text: string): WeightsSource {
  if (/^https?:\/\//i.test(text)) {
    const [, url = text, sha256] = /^(.*)#sha256=(.*)$/.exec(text) ?? [];
    return sha256 === undefined ? { url } : { url, sha256: sha256From(sha256) };
  }
  return existsSync(text) || CHECKPOINT.test(text) || !PACKAGE.test(text) ? { path: text } : { name: text };
}

/** What people are told that weights are: the path, the package, or the URL without a user's name, password and query. */
export function shownWeights(source: WeightsSource): string {
  if ('path' in source) return source.path;
  return 'name' in source ? source.name : addressOf(source.url).shown;
}
