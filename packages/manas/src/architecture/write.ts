import { writeWhole } from '@unweather/core-tensor';
import type { Reporter } from '@unweather/lab';
import { type Architecture, nameOf } from './architecture.js';
import { drawn } from './draw.js';
import { writeArchitecture } from './file.js';

/** Writes an architecture, with its picture beside it. @param path ends in .json @throws UserError naming the file */
export async function writeDerived(
  path: string,
  architecture: Architecture,
  note: string,
  reporter: Reporter,
): Promise<void> {
  await writeArchitecture(path, architecture, note);
  reporter.wrote(path);
  const picture = path.replace(/\.json$/i, '.svg');
  await writeWhole(picture, drawn(architecture));
  reporter.wrote(picture);
  reporter.say(`network ${nameOf(architecture)}`);
}
