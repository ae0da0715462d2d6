import { readText, UserError } from '@unweather/core-tensor';

/**
 * Reads the names of an official list, one per line. A second column (` 0` in DDN_Data_b) and empty lines are ignored.
 * @throws UserError naming the file: unreadable, empty, or with a name that appears twice and its line
 */
export async function readList(path: string): Promise<string[]> {
  const lines = (await readText(path, 'check the path of the list')).split(/\r?\n/);
  const seen = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const name = line.trim().split(/\s+/)[0]!;
    if (name === '') continue;
    const before = seen.get(name);
    if (before !== undefined)
      throw new UserError(`${path}: line ${index + 1}: "${name}" is already on line ${before}; remove one`);
    seen.set(name, index + 1);
  }
  if (seen.size === 0) throw new UserError(`${path}: contains no names; write one name per line`);
  return [...seen.keys()];
}
