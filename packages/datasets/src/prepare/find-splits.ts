import { choicesText, UserError } from '@unweather/core-tensor';
import { datasetOf, type RegisteredSplit, type Registry } from '../registry.js';
import type { Reporter } from '../report.js';
import { type Located, locate } from './locate.js';
import type { PrepareOptions } from './options.js';

/**
 * Finds the splits to prepare and their places; reports those not found.
 * @throws UserError for a name that is not registered, a list that is missing or out of place, and if nothing is found
 */
export async function findSplits(
  registry: Registry,
  { dataset, split: name, root, list }: PrepareOptions,
  reporter: Reporter,
): Promise<(readonly [RegisteredSplit, Located])[]> {
  const splits = datasetOf(registry, dataset).splits.filter(({ layouts }) => layouts !== undefined);
  if (splits.length === 0) throw new UserError(`${dataset}: is part of the package; it needs no preparation`);
  if (name !== undefined) {
    const split = splits.find((candidate) => candidate.name === name);
    if (split === undefined)
      throw new UserError(`${dataset} has no split "${name}"; choose one of ${choicesText(splits.map((s) => s.name))}`);
    if (split.list?.needed === true && list === undefined)
      throw new UserError(`${dataset} ${name} needs its official list, ${split.list.file}; give it with --list`);
    const place = await locate(root, split, true);
    if (place === undefined)
      throw new UserError(`${root}: contains no ${dataset} ${name}; looked for ${sought(split)}`);
    return [[split, place]];
  }
  if (list !== undefined) throw new UserError(`${list}: a list applies to one split; choose it with --split`);
  const located: [RegisteredSplit, Located][] = [];
  for (const split of splits) {
    const place = split.list?.needed === true ? undefined : await locate(root, split, false);
    if (place !== undefined) located.push([split, place]);
    else
      reporter.say(
        `not found: ${dataset} ${split.name}${split.list?.needed === true ? ' (needs --split and --list)' : ''}`,
      );
  }
  if (located.length > 0) return located;
  throw new UserError(
    `${root}: contains no split of ${dataset}; looked for ${choicesText(splits.map(sought))}; ` +
      'check --root or choose a --split',
  );
}

const sought = ({ layouts = [] }: RegisteredSplit) =>
  layouts.map(({ folder, input }) => (folder === undefined ? input : `${folder}/${input}`)).join(', ');
