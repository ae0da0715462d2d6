import { Reader, Unreadable } from '../reader.js';
import { openZip } from '../zip.js';
import { readPickle } from './pickle.js';
import { type Pickled, STORAGES, Storage } from './values.js';

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
export function openArchive(bytes: Uint8Array): Archive {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipArchive(bytes);
  if (bytes[0] === 0x80) return legacyArchive(bytes);
  throw new Unreadable('not a PyTorch checkpoint (neither a zip archive nor a pickle)');
}

/** Opens the format used since PyTorch 1.6: NAME/data.pkl, and NAME/data/KEY for each storage. */
function zipArchive(bytes: Uint8Array): Archive {
  // PyTorch can write archives without checksums, so none is compared.
  const entries = openZip(bytes, {
    unpacked: bytes.length * LARGEST_RATIO,
    words: `${LARGEST_RATIO} times its size`,
  });
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) throw new Unreadable('a zip archive without a data.pkl; not a PyTorch checkpoint');
  if (entries.get(pickle)!.size > LARGEST_PICKLE)
    throw new Unreadable('refused: its pickle is larger than that of any state_dict');
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`)?.bytes();
  if (order !== undefined && new TextDecoder().decode(order) !== 'little')
    throw new Unreadable('written on a big-endian machine');
  return {
    root: readPickle(new Reader(entries.get(pickle)!.bytes())),
    bytesOf({ key, type, length }) {
      const data = entries.get(`${folder}data/${key}`)?.bytes();
      if (data === undefined) throw new Unreadable(`storage "${key}" is missing`);
      if (data.length < length * STORAGES[type])
        throw new Unreadable(`storage "${key}" has ${data.length} bytes, ${length * STORAGES[type]} are needed`);
      return data;
    },
  };
}

/** Opens the older format: pickles of a magic number, the protocol, the system, the object, the keys; then storages. */
function legacyArchive(bytes: Uint8Array): Archive {
  const reader = new Reader(bytes);
  const [magic, protocol] = [readPickle(reader), readPickle(reader)];
  if (magic !== MAGIC || protocol !== PROTOCOL) throw new Unreadable('a pickle, but not a PyTorch checkpoint');
  const system = readPickle(reader);
  if (system instanceof Map && system.get('little_endian') === false)
    throw new Unreadable('written on a big-endian machine');
  const root = readPickle(reader);
  const keys = readPickle(reader);
  if (!Array.isArray(keys)) throw new Unreadable('a PyTorch checkpoint without the list of its storages');
  const named = storagesIn(root);
  const found = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? named.get(key) : undefined;
    if (storage === undefined) throw new Unreadable(`storage "${String(key)}" belongs to no tensor`);
    const length = reader.uint64();
    if (length < storage.length)
      throw new Unreadable(`storage "${storage.key}" has ${length} elements, ${storage.length} are needed`);
    found.set(storage.key, reader.take(length * STORAGES[storage.type]));
  }
  return {
    root,
    bytesOf({ key }) {
      const data = found.get(key);
      if (data === undefined) throw new Unreadable(`storage "${key}" is missing`);
      return data;
    },
  };
}

/** Collects the storages that a pickle's tensors view, by key. */
function storagesIn(root: Pickled): Map<string, Storage> {
  const found = new Map<string, Storage>();
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Storage) found.set(value.key, value);
    else if (value instanceof Map) open.push(...value.values());
    else if (!ArrayBuffer.isView(value)) open.push(...Object.values(value));
  }
  return found;
}
