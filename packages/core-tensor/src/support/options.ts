import { closest } from 'fastest-levenshtein';
import { UserError } from './error.js';
import { choicesText } from './shown.js';
import { valueText } from './value-text.js';

/** Names of all options of a call; the compiler misses none. */
export type OptionNames<Options extends object> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses options that a call does not have, for callers in untyped JavaScript: a misspelt one would be ignored.
 * @param call for the message: "load"
 * @throws UserError with the nearest name, or for options that are no object
 */
export function refuseUnknown<Options extends object>(
  call: string,
  options: Options,
  known: OptionNames<Options>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new UserError(`the options of ${call} are ${valueText(options)}; give an object`);
  const names = Object.keys(known);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new UserError(
    `${call} has no option ${JSON.stringify(unknown.slice(0, 60))}; did you mean ${closest(unknown.slice(0, 60), names)}? It has ${choicesText(names)}`,
  );
}
