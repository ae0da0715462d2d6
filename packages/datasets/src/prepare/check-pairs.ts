import { join } from 'node:path';
import { fileOf } from '../picture-file.js';
import { type CheckedFile, CONVERSIONS, type Conversion, checkFile } from './check-file.js';
import { grouped } from './grouped.js';
import { inLanes } from './lanes.js';
import type { Entry, Problem } from './pairing.js';

export interface CheckedPairs {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** SHA-256 of every file of the entries, by its path relative to the root. */
  readonly files: Readonly<Record<string, string>>;
}

export interface CheckOptions {
  /** True if truths may be larger than their inputs: their centre is used. */
  readonly centre: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (done: number, total: number) => void;
}

/** Reads every file of the pairs completely. Unusable pairs become problems. @throws Interrupted */
export async function checkPairs(
  root: string,
  entries: readonly Entry[],
  options: CheckOptions,
): Promise<CheckedPairs> {
  const { centre, signal, progress = () => undefined } = options;
  const pictures = grouped(new Set(entries.flat().map(withoutNoise)), fileOf);
  const paths = [...pictures.keys()];
  const answers = await inLanes(
    paths,
    (path) =>
      checkFile(
        join(root, path),
        pictures.get(path)!.map((name) => join(root, name)),
      ),
    { signal, done: (count) => progress(count, paths.length) },
  );
  const checked = new Map(paths.map((path, index) => [path, answers[index]!]));

  const usable: Entry[] = [];
  const problems: Problem[] = [];
  let centred = 0;
  for (const entry of entries) {
    const broken = entry.map((name) => checked.get(fileOf(name))!).find((answer) => typeof answer === 'string');
    if (broken !== undefined) {
      problems.push({ files: entry, why: broken });
      continue;
    }
    const [truth, input] = entry.map((name) => sizeIn(checked, root, withoutNoise(name))) as [Size, Size];
    if (truth.width === input.width && truth.height === input.height) usable.push(entry);
    else if (centre && truth.width >= input.width && truth.height >= input.height) {
      usable.push([`${entry[0]}#centre-${input.width}x${input.height}`, entry[1]]);
      centred++;
    } else problems.push({ files: entry, why: `differ in size, ${shown(truth)} and ${shown(input)}` });
  }
  const used = [...new Set(usable.flat().map(fileOf))].sort();
  const files = used.map((path) => [path, checked.get(path) as CheckedFile] as const);
  const middle = centred === 0 ? [] : [`truths larger than their inputs, of which the middle is taken: ${centred}`];
  return {
    entries: usable,
    problems,
    notes: [...middle, ...converted(files.map(([, { conversions }]) => conversions))],
    files: Object.fromEntries(files.map(([path, { sha256 }]) => [path, sha256])),
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const shown = ({ width, height }: Size) => `${width}×${height}`;
const withoutNoise = (name: string) => name.replace(/#noise-[a-z0-9]+$/, '');

function sizeIn(checked: ReadonlyMap<string, CheckedFile | string>, root: string, name: string): Size {
  return (checked.get(fileOf(name)) as CheckedFile).sizes.get(join(root, name))!;
}

/** Counts the files that are converted on reading, by kind. */
function converted(files: readonly (readonly Conversion[])[]): string[] {
  return (Object.keys(CONVERSIONS) as Conversion[]).flatMap((kind) => {
    const count = files.filter((conversions) => conversions.includes(kind)).length;
    return count === 0 ? [] : [`files ${CONVERSIONS[kind]}: ${count}`];
  });
}
