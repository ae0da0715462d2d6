import { choicesText } from './shown.js';

const MOST_CHARACTERS = 60;

/**
 * Shows a value that a caller gave, with its type where that is what may be wrong: 2 is 2, but '2' is "2" (a string).
 * The text stays short whatever the value.
 */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'undefined':
      return String(value);
    case 'string':
      return `${JSON.stringify(value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value)} (a string)`;
    case 'object':
      return value === null ? 'null' : objectText(value);
    case 'function':
      return 'a function';
    default:
      return `${String(value)} (a ${typeof value})`;
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const name = value.constructor?.name;
  const size = 'byteLength' in value && typeof value.byteLength === 'number' ? ` of ${value.byteLength} bytes` : '';
  if (name !== undefined && name !== 'Object') return `an object of the class ${name.slice(0, MOST_CHARACTERS)}${size}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object of ${choicesText(keys)}`;
}
