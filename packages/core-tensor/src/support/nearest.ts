import { distance } from 'fastest-levenshtein';

/** Names that are compared, and characters of each: a stranger's file may have millions of both. */
const [MOST_NAMES, MOST_CHARACTERS] = [20_000, 200];

/** Finds the names most like `wanted`, nearest first. @param count most names to return */
export function nearestNames(names: Iterable<string>, wanted: string, count: number): string[] {
  const target = wanted.slice(0, MOST_CHARACTERS);
  const ranked: { readonly name: string; readonly far: number }[] = [];
  for (const name of names) {
    if (ranked.length >= MOST_NAMES) break;
    ranked.push({ name, far: distance(name.slice(0, MOST_CHARACTERS), target) });
  }
  return ranked
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ name }) => name);
}
