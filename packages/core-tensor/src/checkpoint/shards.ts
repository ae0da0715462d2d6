import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { State } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { quoted } from '../support/shown.js';

const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** Plain name of a file, without a folder. */
const FILE_NAME = /^(?!\.\.?$)[^/\\\0]{1,255}$/;

/** Most files of one set. */
const MOST_SHARDS = 1000;

/**
 * Reads weights that are split among several files, by their index: `model.safetensors.index.json` of Hugging Face, or
 * `pytorch_model.bin.index.json`. The files lie beside the index.
 * @param bytes of the index
 * @param readShard reads the tensors of one file
 * @throws UserError naming the index or the file: not such an index, a file that is missing, a tensor that is in
 * another file than the index says, or in two
 */
export async function readShards(
  path: string,
  bytes: Uint8Array,
  readShard: (path: string) => Promise<State>,
): Promise<State> {
  const bad = (what: string) => new UserError(`${path}: ${what}; give the index of a complete set of files`);
  const parsed = Index.safeParse(jsonOf(bytes));
  if (!parsed.success)
    throw bad('a JSON file without a "weight_map" of tensors and files, so not the index of weights');
  const map = new Map(Object.entries(parsed.data.weight_map));
  const files = [...new Set(map.values())];
  if (files.length === 0) throw bad('its "weight_map" names no tensors');
  if (files.length > MOST_SHARDS) throw bad(`it names ${files.length} files, more than the ${MOST_SHARDS} allowed`);
  const outside = files.find((file) => !FILE_NAME.test(file));
  if (outside !== undefined) throw bad(`refused: it names ${quoted(outside)}, which is not a file beside it`);
  const tensors: State = new Map();
  for (const file of files)
    for (const [name, tensor] of await readShard(join(dirname(path), file))) {
      if (map.get(name) !== file)
        throw bad(`${file} holds tensor ${quoted(name)}, which the index does not place there`);
      tensors.set(name, tensor);
    }
  for (const [name, file] of map)
    if (!tensors.has(name)) throw bad(`tensor ${quoted(name)} is missing in ${file}, where the index places it`);
  return tensors;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    // Decoding drops a byte order mark.
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
