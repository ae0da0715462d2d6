import { basename } from 'node:path/posix';
import { UserError } from '@unweather/core-tensor';
import { stemOf } from './files.js';
import { type Matched, type Rule, ruleOf } from './rule.js';

/**
 * Forms of the usual datasets, without what all names of a folder begin or end with: same names; several inputs of a
 * truth (SOTS, Rain1400, Rain100H's X2), numbered behind its name or before it; and a folder per level or per scene.
 */
const FORMS: readonly (readonly [input: string, truth: string])[] = [
  ['{id}', '{id}'],
  ['{id}_{level}', '{id}'],
  ['{id}-{level}', '{id}'],
  ['{id}x{level:digits}', '{id}'],
  ['{level}_{id}', '{id}'],
  ['{level}/{id}', '{id}'],
  ['{id}/{level}', '{id}'],
];

/** Text that all names of a folder share: RainDrop's "_rain", "norain-" of Rain100H. */
interface Affixes {
  readonly before: string;
  readonly after: string;
}

/** Rule that fits, with what it matches. */
export interface Fit extends Matched {
  readonly rule: string;
}

/**
 * Finds the usual rule by which two folders are named. A rule is taken if it pairs every file that any other rule pairs
 * differently, and more.
 * @throws UserError if no rule pairs anything; naming the rules if several pair the files differently
 */
export function usualFit(inputs: readonly string[], truths: readonly string[], where: string): Fit {
  const fits = distinct(usualRules(inputs, truths).map((rule) => ({ rule: rule.text, ...rule.match(inputs, truths) })));
  fits.sort((a, b) => filesOf(b).size - filesOf(a).size);
  const [best, ...others] = fits;
  const some = (paths: readonly string[]) => paths.slice(0, 2).join(', ');
  if (best === undefined)
    throw new UserError(
      `${where}: no usual rule pairs inputs such as ${some(inputs)} with truths such as ${some(truths)}; ` +
        "give the rule, for example --match '{id}_{level}={id}', or compare the pictures with --match content",
    );
  const rivals = others.filter((other) => !isWithin(filesOf(other), filesOf(best)));
  if (rivals.length === 0) return best;
  const listed = [best, ...rivals].slice(0, 5).map(({ rule, entries }) => {
    const [truth, input] = entries[0]!;
    return `--match '${rule}' (${entries.length} inputs, ${input} with ${truth})`;
  });
  throw new UserError(`${where}: ${fits.length} rules pair the files differently; choose one: ${listed.join(', ')}`);
}

function usualRules(inputs: readonly string[], truths: readonly string[]): Rule[] {
  const [input, truth] = [affixesOf(inputs), affixesOf(truths)];
  const kept = (keep: (affixes: Affixes) => Affixes) => [keep(input), keep(truth)] as const;
  const variants = [
    kept(() => ({ before: '', after: '' })),
    kept(({ after }) => ({ before: '', after })),
    kept(({ before }) => ({ before, after: '' })),
    kept((both) => both),
  ];
  const texts = variants.flatMap(([from, to]) =>
    FORMS.map(([a, b]) => `${withAffixes(a, from)}=${withAffixes(b, to)}`),
  );
  return [...new Set(texts)].map(ruleOf);
}

/** Puts the affixes around the last part of a form's path. */
function withAffixes(form: string, { before, after }: Affixes): string {
  const name = form.split('/').at(-1)!;
  return `${form.slice(0, form.length - name.length)}${before}${name}${after}`;
}

/** Finds the words, without digits, that all names begin and end with. Words that a pattern cannot hold are none. */
function affixesOf(paths: readonly string[]): Affixes {
  const names = paths.map(
    (path) =>
      basename(stemOf(path))
        .normalize()
        .match(/\d+|\p{L}+|[^\d\p{L}]/gu) ?? [],
  );
  const shared = (wordAt: (words: readonly string[], index: number) => string | undefined) => {
    const words: string[] = [];
    for (const first = names[0]!; words.length < first.length - 1; ) {
      const word = wordAt(first, words.length)!;
      const all = names.every((other) => words.length < other.length - 1 && wordAt(other, words.length) === word);
      if (!all || /[\d{}=#/]/.test(word)) break;
      words.push(word);
    }
    return words;
  };
  const before = shared((words, index) => words[index]).join('');
  const after = shared((words, index) => words.at(-1 - index))
    .reverse()
    .join('');
  return { before, after };
}

/** Keeps the first of the fits that pair the files alike, and of those that pair none, none. */
function distinct(fits: readonly Fit[]): Fit[] {
  const known = new Map<string, Fit>();
  for (const fit of fits) {
    const key = JSON.stringify(fit.entries);
    if (fit.entries.length > 0 && !known.has(key)) known.set(key, fit);
  }
  return [...known.values()];
}

function filesOf({ entries }: Matched): ReadonlySet<string> {
  return new Set(entries.flatMap(([truth, input]) => [`truth ${truth}`, `input ${input}`]));
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return some.size < all.size && [...some].every((file) => all.has(file));
}
