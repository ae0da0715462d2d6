import type { State } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { readWhole } from '../../support/files.js';
import { Unreadable } from '../reader.js';
import { openZip, verifiedBytes } from '../zip.js';
import { parseNpy } from './npy.js';

/** Largest ratio of unpacked size to file size; weights hardly shrink, so more is a zip bomb. */
const LARGEST_RATIO = 8;
/** Unpacked size that is always accepted: small archives of zeros shrink more than weights do. */
const SMALL = 64 << 20;

/**
 * Reads the arrays of a NumPy archive (.npz; `numpy.savez` or `savez_compressed`), under their names without ".npy":
 * floats of any width as float32, whole numbers and booleans as int64, row-major. Verifies checksums. Python objects
 * are refused, since reading them means running a pickle.
 * @param wanted names to read; default: all. The others are not unpacked.
 * @throws UserError naming the file and the first array that is damaged, of a type that is not read, or refused
 */
export async function readNpz(path: string, wanted: (name: string) => boolean = () => true): Promise<State> {
  const bytes = await readWhole(path, 'check the path of the checkpoint');
  const bad = (what: string) => new UserError(`${path}: ${what}; use a complete archive that numpy.savez wrote`);
  const tensors: State = new Map();
  let reading = '';
  try {
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw new Unreadable('not a NumPy archive (.npz)');
    const unpacked = Math.max(bytes.length * LARGEST_RATIO, SMALL);
    for (const [file, entry] of openZip(bytes, { unpacked, words: `${LARGEST_RATIO} times its size` })) {
      if (!file.endsWith('.npy')) throw new Unreadable(`it contains "${file}", which is not an array`);
      const name = file.slice(0, -'.npy'.length);
      if (!wanted(name)) continue;
      const content = verifiedBytes(file, entry);
      reading = `array "${name}": `;
      tensors.set(name, parseNpy(content));
      reading = '';
    }
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw bad(`${reading}${thrown.message}`);
    throw thrown;
  }
  return tensors;
}
