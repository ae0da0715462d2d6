// Everything that a command line needs to show its help, without loading an engine.

export { ENGINES } from '../engines/engine.js';
export { DEVICES } from '../graph/device.js';
export { PICTURE_FORMATS } from '../image/formats.js';
export { METADATA, type MetadataChoice } from '../image/metadata/choices.js';
export { outputError } from './command-error.js';
export { tolerateOutputErrors } from './output-errors.js';
export { withPaths } from './path.js';
export { canRewrite } from './terminal.js';
export { versionOf } from './version.js';

/** Formats of a command's log: lines for people, or one JSON object per line for programs. */
export const LOG_FORMATS = ['text', 'jsonl'] as const;
/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The option of every command that prints the stacks of errors, for reports of bugs. */
export const DEBUG_OPTION = ['--debug', 'print an error’s details, for a report'] as const;

/** Option error that commander recognises by its code; this package does not depend on commander. */
class InvalidArgument extends Error {
  readonly code = 'commander.invalidArgument';
  readonly exitCode = 1;
}

/** Parses an option that takes a whole number, 0 or more. @throws an error that commander shows */
export function natural(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgument('It must be a whole number.');
  return Number(text);
}

/** Parses an option that takes a whole number, 1 or more. @throws an error that commander shows */
export function positive(text: string): number {
  const value = natural(text);
  if (value === 0) throw new InvalidArgument('It must be 1 or more.');
  return value;
}

/** Parses the side of a tile in pixels, or "auto". @throws an error that commander shows */
export function tileSide(text: string): number | 'auto' {
  return text === 'auto' ? text : positive(text);
}
