import { join } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import type { RegisteredSplit } from '../registry.js';
import { type Scan, scan } from './scan.js';
import { parseTemplate, type Template } from './template.js';

/** Place where a split was found. */
export interface Located {
  /** Relative to the root; "" for the root itself. */
  readonly folder: string;
  readonly input: Template;
  readonly truth: Template;
  readonly inputs: Scan;
  readonly truths: Scan;
}

/**
 * Finds a split below a root by its layouts.
 * @param named true if the user named the split: the root may then be its own folder
 * @returns undefined if no layout fits
 * @throws UserError if several layouts fit
 */
export async function locate(root: string, split: RegisteredSplit, named: boolean): Promise<Located | undefined> {
  const places: Located[] = [];
  for (const { folder, input, truth } of split.layouts ?? [])
    for (const place of [...(folder === undefined ? [] : [folder]), ...(named ? [''] : [])]) {
      if (places.some((known) => known.folder === place && known.input.text === input && known.truth.text === truth))
        continue;
      const templates = { input: parseTemplate(input), truth: parseTemplate(truth) };
      const at = join(root, place);
      const [inputs, truths] = await Promise.all([scan(at, templates.input), scan(at, templates.truth)]);
      if (inputs.found.length > 0) places.push({ folder: place, ...templates, inputs, truths });
    }
  const whole = places.filter(({ truths }) => truths.found.length > 0);
  if (whole.length > 1) {
    const [first, second] = whole.map(
      ({ folder, input, truth }) => `${join(folder, input.file)} with ${join(folder, truth.file)}`,
    );
    throw new UserError(`${root}: contains ${split.name} twice, ${first} and ${second}; move one away`);
  }
  return whole[0] ?? places[0];
}
