import type { State } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { readWhole } from '../../support/files.js';
import { Unreadable } from '../reader.js';
import { openZip, verifiedBytes, type ZipEntry } from '../zip.js';
import { parseNpy } from './npy.js';

/** Largest ratio of unpacked size to file size; weights hardly shrink, so more is a zip bomb. */
const LARGEST_RATIO = 8;
/** Unpacked size that is always accepted: small archives of zeros shrink more than weights do. */
const SMALL = 64 << 20;
const ENDING = '.npy';

/**
 * Reads the arrays of a NumPy archive (.npz; `numpy.savez` or `savez_compressed`), under their names without ".npy":
 * floats of any width as float32, whole numbers and booleans as int64, row-major. Verifies checksums. Python objects
 * are refused, since reading them means running a pickle.
 * @param choose picks the arrays to read from the names of all; default: all. The others are not unpacked.
 * @throws UserError naming the file and the first array that is damaged, of a type that is not read, or refused
 */
export async function readNpz(
  path: string,
  choose: (names: readonly string[]) => readonly string[] = (names) => names,
): Promise<State> {
  const bytes = await readWhole(path, 'check the path of the checkpoint');
  let reading = '';
  try {
    const arrays = arraysIn(bytes);
    const tensors: State = new Map();
    for (const name of choose([...arrays.keys()])) {
      reading = '';
      const content = verifiedBytes(`${name}${ENDING}`, arrays.get(name)!);
      reading = `array "${name}": `;
      tensors.set(name, parseNpy(content));
    }
    return tensors;
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    throw new UserError(`${path}: ${reading}${thrown.message}; use a complete archive that numpy.savez wrote`);
  }
}

function arraysIn(bytes: Uint8Array): Map<string, ZipEntry> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Unreadable('not a NumPy archive (.npz)');
  const unpacked = Math.max(bytes.length * LARGEST_RATIO, SMALL);
  const entries = openZip(bytes, { unpacked, words: `${LARGEST_RATIO} times its size` });
  const other = [...entries.keys()].find((file) => !file.endsWith(ENDING));
  if (other !== undefined) throw new Unreadable(`it contains "${other}", which is not an array`);
  return new Map([...entries].map(([file, entry]) => [file.slice(0, -ENDING.length), entry]));
}
