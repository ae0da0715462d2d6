import { join } from 'node:path';
import { messageOf, UserError } from '@unweather/core-tensor';
import { fileOf, sizeOf } from '../picture-file.js';
import { inLanes } from '../prepare/lanes.js';
import type { Entry, Problem } from '../prepare/pairing.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pairs of one size, and the others. */
export interface Sized {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
}

/**
 * Compares the sizes in the headers of the pictures of every pair.
 * @param root folder that the paths are relative to
 * @param centre true if a truth may be larger than its input: its centre is used
 * @throws Interrupted
 */
export async function checkSizes(
  root: string,
  entries: readonly Entry[],
  centre: boolean,
  options: Parameters<typeof inLanes>[2],
): Promise<Sized> {
  const names = [...new Set(entries.flat())];
  const answers = await inLanes(names, (name) => sizeIn(join(root, name)), options);
  const sizes = new Map(names.map((name, index) => [name, answers[index]!]));
  const usable: Entry[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const [truth, input] = entry.map((name) => sizes.get(name)!) as [Size | string, Size | string];
    const broken = [truth, input].find((size) => typeof size === 'string');
    if (typeof truth === 'string' || typeof input === 'string') problems.push({ files: entry, why: broken as string });
    else if (truth.width === input.width && truth.height === input.height) usable.push(entry);
    else if (truth.width < input.width || truth.height < input.height || fileOf(entry[0]) === fileOf(entry[1]))
      problems.push({ files: entry, why: `differ in size, ${shown(truth)} and ${shown(input)}` });
    else if (centre) usable.push([`${entry[0]}#centre-${input.width}x${input.height}`, entry[1]]);
    else {
      const why = `the truth is larger, ${shown(truth)} and ${shown(input)}; --centre takes its middle`;
      problems.push({ files: entry, why });
    }
  }
  return { entries: usable, problems };
}

const shown = ({ width, height }: Size) => `${width}×${height}`;

/** Reads a size; the reason, if the header cannot be read. */
async function sizeIn(path: string): Promise<Size | string> {
  try {
    return await sizeOf(path);
  } catch (thrown) {
    if (thrown instanceof UserError) return messageOf(thrown);
    throw thrown;
  }
}
