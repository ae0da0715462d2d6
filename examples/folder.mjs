// node examples/folder.mjs RAINY CLEAN [--parallel N]: removes rain from the photographs of a folder.
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inOrder, messageOf, UserError } from '@unweather/core-tensor';
import { load } from '@unweather/durn';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { parallel: { type: 'string', default: '2' } },
});
const [from, to] = positionals;
await mkdir(to, { recursive: true });
if ((await realpath(from)) === (await realpath(to))) throw new Error(`${to} holds the originals; name another folder`);

const names = (await readdir(from)).filter((name) => /\.(png|jpe?g|webp|avif|tiff?)$/i.test(name)).sort();
const left = names.filter((name) => !existsSync(join(to, name)));
console.log(`${left.length} to restore, ${names.length - left.length} done before`);

const model = await load({ task: 'rain' });
const begun = performance.now();
let [done, failed] = [0, 0];

/** Decoding and encoding of some photographs overlap the network's work on another. toFile writes all of a file or none. */
async function restore(name) {
  try {
    await (await model.restore(join(from, name))).toFile(join(to, name));
    return name;
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    failed++;
    return `left out: ${messageOf(thrown)}`;
  }
}

for await (const line of inOrder(left, Number(values.parallel) - 1, restore)) {
  done++;
  const seconds = ((performance.now() - begun) / 1000 / done) * (left.length - done);
  console.log(`${done}/${left.length}, ${Math.ceil(seconds)} s left: ${line}`);
}
await model.dispose();
console.log(`${done - failed} restored, ${failed} left out`);
process.exitCode = failed > 0 ? 1 : 0;
