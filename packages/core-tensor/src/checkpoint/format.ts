/** Formats of weights that are told apart by their first bytes. */
export type WeightsFormat = 'safetensors' | 'shards' | 'pytorch' | 'numpy';

/** What a file is that holds no weights, and what to do about it. */
export interface Stranger {
  /** "a web page (HTML) instead of the file". */
  readonly what: string;
  readonly remedy: string;
}

/** First bytes that {@link recognise} looks at. */
export const START_BYTES = 512;

const CHECKPOINT = 'use a .safetensors file, or one that torch.save wrote';
const UNPACK = 'unpack it, and give the file inside';

/** Texts that are found where weights are expected. */
const TEXTS: readonly [RegExp, Stranger][] = [
  [
    /^version https:\/\/git-lfs/,
    {
      what: 'a git-lfs pointer, which stands for the file',
      remedy: 'fetch the file itself with "git lfs pull", or download it from the page of the repository',
    },
  ],
  [
    /^</,
    {
      what: 'a web page (HTML or XML) instead of the file',
      remedy: 'download the file itself; links to GitHub need "raw", and links to Hugging Face "resolve" for "blob"',
    },
  ],
  [/^(PK|\x80)?$/, { what: 'cut off after its first bytes', remedy: 'download it again' }],
];

/** Binary formats that are not weights, or not such as are read: place of their mark, the mark, and what they are. */
const MARKS: readonly [at: number, mark: string, Stranger][] = [
  [0, '\x89HDF', { what: 'an HDF5 file (Keras, MATLAB)', remedy: CHECKPOINT }],
  [0, 'GGUF', { what: 'a GGUF file', remedy: CHECKPOINT }],
  [0, '\x93NUMPY', { what: 'a single NumPy array', remedy: CHECKPOINT }],
  ...['sys_info', 'pickle', 'storages', 'tensors'].map((first): (typeof MARKS)[number] => [
    0,
    `${first}\0`,
    {
      what: 'a checkpoint of PyTorch before 0.1.10 (a tar archive)',
      remedy: 'load it with PyTorch, and save it again',
    },
  ]),
  [257, 'ustar', { what: 'a tar archive', remedy: UNPACK }],
  [0, '\x1f\x8b', { what: 'a gzip archive', remedy: UNPACK }],
  [0, '7z\xbc\xaf', { what: 'a 7-Zip archive', remedy: UNPACK }],
  [0, 'Rar!', { what: 'a RAR archive', remedy: UNPACK }],
  [0, 'BZh', { what: 'a bzip2 archive', remedy: UNPACK }],
  [0, '\xfd7zXZ', { what: 'an xz archive', remedy: UNPACK }],
  [0, '\x28\xb5\x2f\xfd', { what: 'a Zstandard archive', remedy: UNPACK }],
  [0, '\x89PNG', { what: 'a picture (PNG)', remedy: CHECKPOINT }],
  [0, '\xff\xd8\xff', { what: 'a picture (JPEG)', remedy: CHECKPOINT }],
  [0, '%PDF', { what: 'a PDF document', remedy: CHECKPOINT }],
];

/**
 * Recognises a file by its first bytes, whatever its name.
 * @param start the first {@link START_BYTES} bytes of the file, or all of a shorter one
 * @returns the format; what the file is instead; or undefined for bytes of no known kind
 */
export function recognise(start: Uint8Array): WeightsFormat | Stranger | undefined {
  if (start.length === 0) return { what: 'empty', remedy: 'download it again' };
  // The length of the header, below 2³², then the header's brace.
  if (start[8] === BRACE && start.subarray(4, 8).every((byte) => byte === 0)) return 'safetensors';
  const text = latin(start);
  if (text.startsWith('PK\x03\x04')) return firstEntry(start).endsWith('.npy') ? 'numpy' : 'pytorch';
  if (text.startsWith('PK\x05\x06') || isPickle(start)) return 'pytorch';
  for (const [at, mark, stranger] of MARKS) if (text.startsWith(mark, at)) return stranger;
  const words = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (words.startsWith('{')) return 'shards';
  return TEXTS.find(([pattern]) => pattern.test(words))?.[1];
}

const BRACE = 0x7b;

/** True for the opcode PROTO, then a version that PyTorch writes. */
function isPickle([opcode, version = 0]: Uint8Array): boolean {
  return opcode === 0x80 && version >= 2 && version <= 5;
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, START_BYTES), (byte) => String.fromCharCode(byte)).join('');
}

/** Name of the first entry of a zip archive. */
function firstEntry(start: Uint8Array): string {
  if (start.length < 30) return '';
  const length = start[26]! + 256 * start[27]!;
  return latin(start.subarray(30, 30 + length));
}

/** Error text for a file that is not of a format of weights. */
export function strangerText(found: Stranger | undefined, start: Uint8Array): string {
  if (found !== undefined) return `it is ${found.what}, not weights; ${found.remedy}`;
  const bytes = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `not a file of weights: its first bytes, ${bytes}, are those of no format that is read; ${CHECKPOINT}`;
}
