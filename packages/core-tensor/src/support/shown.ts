/** Most characters of a name that a message shows. */
const LONGEST = 80;

/** Most names that a message lists. */
const MOST = 10;

/**
 * Quotes a name that stands in a file of a stranger: shortened, on one line, without characters that steer a terminal.
 * @param name usually a text; other primitive values are shown as they are, anything else as "?"
 */
export function quoted(name: unknown): string {
  return `"${shown(name)}"`;
}

/** As {@link quoted}, without the quotes: for names of functions and types. */
export function shown(name: unknown): string {
  const text =
    (typeof name === 'object' && name !== null) || typeof name === 'function' || typeof name === 'symbol'
      ? '?'
      : String(name);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replace(/[\p{C}\u2028\u2029]/gu, escaped);
}

/**
 * Escapes what would steer a terminal or turn the direction of a text, wherever it comes from: names of files may hold
 * it. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/** Control characters, and those of right-to-left text. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Lists names of a stranger's file for a message, quoted: at most ten, then how many more there are. */
export function listed(names: Iterable<unknown>, most = MOST): string {
  return few([...names].map(quoted), most);
}

/** Lists names of ours for a message: "a, b, c"; at most ten, then how many more there are. */
export function choicesText(names: Iterable<string>): string {
  return few([...names], MOST);
}

function few(names: readonly string[], most: number): string {
  const first = names.slice(0, most).join(', ');
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}
