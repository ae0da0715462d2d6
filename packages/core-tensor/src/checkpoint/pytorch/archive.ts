import { quoted } from '../../support/shown.js';
import type { Budget } from '../budget.js';
import { NUMBER_BYTES } from '../numbers.js';
import { Reader, Unreadable } from '../reader.js';
import { openZip } from '../zip.js';
import { readPickle } from './pickle.js';
import type { Pickled, Storage } from './values.js';

/** A checkpoint's pickle, and the bytes of the storages it names. */
export interface Archive {
  readonly root: Pickled;
  /** @throws Unreadable when the file lacks them */
  bytesOf(storage: Storage): Uint8Array;
}

/** Largest ratio of unpacked size to file size: PyTorch stores its entries uncompressed, so more is a zip bomb. */
const LARGEST_RATIO = 8;
const LARGEST_PICKLE = 64 << 20;

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Opens a .pth file of either format, recognised by its first bytes. @throws Unreadable with the reason */
export function openArchive(bytes: Uint8Array, budget: Budget): Archive {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipArchive(bytes, budget);
  if (bytes[0] === 0x80) return legacyArchive(bytes, budget);
  throw new Unreadable('not a PyTorch checkpoint (neither a zip archive nor a pickle)');
}

/** Opens the format used since PyTorch 1.6: NAME/data.pkl, and NAME/data/KEY for each storage. */
function zipArchive(bytes: Uint8Array, budget: Budget): Archive {
  // PyTorch can write archives without checksums, so none is compared.
  const entries = openZip(bytes, {
    unpacked: bytes.length * LARGEST_RATIO,
    words: `${LARGEST_RATIO} times its size`,
  });
  const unpacked = (name: string) => {
    const entry = entries.get(name);
    if (entry !== undefined) budget.allocate(entry.size);
    return entry?.bytes();
  };
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) throw new Unreadable('a zip archive without a data.pkl; not a PyTorch checkpoint');
  if (entries.get(pickle)!.size > LARGEST_PICKLE)
    throw new Unreadable('refused: its pickle is larger than that of any state_dict');
  const folder = pickle.slice(0, -'data.pkl'.length);
  if (entries.has(`${folder}constants.pkl`))
    throw new Unreadable('a program of TorchScript (torch.jit.save), not weights alone; save its state_dict() instead');
  const order = unpacked(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little')
    throw new Unreadable('written on a big-endian machine');
  const { root } = readPickle(new Reader(unpacked(pickle)!), budget);
  const found = new Map<string, Uint8Array>();
  return {
    root,
    bytesOf({ key, type, length }) {
      const data = found.get(key) ?? unpacked(`${folder}data/${key}`);
      if (data === undefined) throw new Unreadable(`storage ${quoted(key)} is missing`);
      const needed = length * NUMBER_BYTES[type];
      if (data.length < needed)
        throw new Unreadable(`storage ${quoted(key)} has ${data.length} bytes, ${needed} are needed`);
      found.set(key, data);
      return data;
    },
  };
}

/** Opens the older format: pickles of a magic number, the protocol, the system, the object, the keys; then storages. */
function legacyArchive(bytes: Uint8Array, budget: Budget): Archive {
  const reader = new Reader(bytes);
  const next = () => readPickle(reader, budget);
  const [magic, protocol] = [next().root, next().root];
  if (magic !== MAGIC || protocol !== PROTOCOL) throw new Unreadable('a pickle, but not a PyTorch checkpoint');
  const system = next().root;
  if (system instanceof Map && system.get('little_endian') === false)
    throw new Unreadable('written on a big-endian machine');
  const { root, storages } = next();
  const keys = next().root;
  if (!Array.isArray(keys)) throw new Unreadable('a PyTorch checkpoint without the list of its storages');
  const found = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw new Unreadable(`storage ${quoted(key)} belongs to no tensor`);
    const length = reader.uint64();
    if (length < storage.length)
      throw new Unreadable(`storage ${quoted(storage.key)} has ${length} elements, ${storage.length} are needed`);
    found.set(storage.key, reader.take(length * NUMBER_BYTES[storage.type]));
  }
  return {
    root,
    bytesOf({ key, type, length }) {
      const data = found.get(key);
      if (data === undefined) throw new Unreadable(`storage ${quoted(key)} is missing`);
      // One key may be named twice, as storages of two types.
      if (data.length < length * NUMBER_BYTES[type]) throw new Unreadable(`storage ${quoted(key)} has two sizes`);
      return data;
    },
  };
}
