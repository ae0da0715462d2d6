/** A field of a path: any name, a number, or one of listed values, all of which every scene has. */
interface Field {
  readonly name: string;
  readonly choices?: readonly string[];
  readonly digits: boolean;
}

/** Values of a path's fields, by name. */
export type Fields = Readonly<Record<string, string>>;

/** A path with fields, and after "#" the part of the file (`{scene}.png#noise-{sigma:30|50|70}`). */
export interface Template {
  readonly text: string;
  /** Path of the file, without the part. */
  readonly file: string;
  /** Fields by name, in the order of the path. */
  readonly fields: ReadonlyMap<string, Field>;
}

const FIELD = /\{([a-z]+)(?::([^{}]+))?\}/g;

/** @throws Error for braces that are not a field */
export function parseTemplate(text: string): Template {
  if (/[{}]/.test(text.replaceAll(FIELD, ''))) throw new Error(`${text}: its braces do not form a field`);
  const fields = new Map<string, Field>();
  for (const [, name, kind] of text.matchAll(FIELD))
    if (!fields.has(name!) || kind !== undefined) fields.set(name!, fieldOf(name!, kind));
  return { text, file: text.replace(/#.*$/, ''), fields };
}

function fieldOf(name: string, kind: string | undefined): Field {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(kind ?? '') ?? [];
  if (first !== undefined && last !== undefined)
    return { name, digits: false, choices: numbers(Number(first), Number(last)) };
  if (kind === undefined || kind === 'digits') return { name, digits: kind === 'digits' };
  return { name, digits: false, choices: kind.split('|') };
}

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Makes a pattern that a path, or a part of one, must match entirely; its groups have the fields' names. */
export function patternOf({ fields }: Template, path: string): RegExp {
  const seen = new Set<string>();
  const parts = path.split(FIELD);
  // Splitting by a pattern of two groups gives text, name, kind, text, name, kind, …, text.
  const source = parts.map((part, index) => {
    if (index % 3 === 0) return literal(part ?? '');
    if (index % 3 === 2) return '';
    if (seen.has(part)) return `\\k<${part}>`;
    seen.add(part);
    const { choices, digits } = fields.get(part)!;
    return `(?<${part}>${choices?.map(literal).join('|') ?? (digits ? '\\d+' : '[^/]+?')})`;
  });
  return new RegExp(`^${source.join('')}$`);
}

/**
 * Reads the fields of a text in every way in which they fit a part of a template: "a_b_c" fits `{id}_{level}` twice.
 * Tries every length of a field, where {@link patternOf} finds the first that fits.
 */
export function parsesOf({ fields }: Template, path: string, text: string): Fields[] {
  const parts = path.split(FIELD);
  const found: Fields[] = [];
  const read = (part: number, from: number, values: Fields) => {
    const plain = parts[part]!;
    if (!text.startsWith(plain, from)) return;
    const at = from + plain.length;
    const name = parts[part + 1];
    if (name === undefined) {
      if (at === text.length) found.push(values);
      return;
    }
    for (const value of Object.hasOwn(values, name) ? [values[name]!] : valuesAt(fields.get(name)!, text, at))
      if (text.startsWith(value, at)) read(part + 3, at + value.length, { ...values, [name]: value });
  };
  read(0, 0, {});
  return found;
}

/** Lists the values that a field may have at a place of a text. */
function valuesAt({ choices, digits }: Field, text: string, at: number): readonly string[] {
  if (choices !== undefined) return choices;
  const [longest = ''] = (digits ? /^\d+/ : /^[^/]+/).exec(text.slice(at)) ?? [];
  return Array.from({ length: longest.length }, (_, index) => longest.slice(0, index + 1));
}

/** Fills the fields of a template's text. */
export function fill(text: string, values: Fields): string {
  return text.replaceAll(FIELD, (_whole, name: string) => values[name] ?? '*');
}

/** Lists the names of the fields in a part of a template. */
export function fieldsIn(text: string): string[] {
  return [...new Set([...text.matchAll(FIELD)].map(([, name]) => name!))];
}

/** Lists every combination of the values of fields with a choice; the last field changes fastest. */
export function combinations(fields: readonly Field[]): Fields[] {
  return fields.reduce<Fields[]>(
    (before, { name, choices = [] }) =>
      before.flatMap((values) => choices.map((value) => ({ ...values, [name]: value }))),
    [{}],
  );
}
