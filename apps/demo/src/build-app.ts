import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError, writeWhole } from '@unweather/core-tensor';
import { build } from 'esbuild';
import type { Manifest } from '../page/manifest.js';
import { copyWeights, type FoundWeights, offeredModels, type WeightsFolder } from './find-weights.js';

const PAGE = fileURLToPath(new URL('../page/', import.meta.url));
const STATIC = ['index.html', 'style.css', 'icon.svg'];
/** Files of onnxruntime-web: its build for WebAssembly, and the one for WebGPU. */
const RUNTIMES = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) => [
  `${name}.mjs`,
  `${name}.wasm`,
]);

/**
 * Writes the whole app into a folder, or nothing; replaces an app that is already there.
 * @param folders folders to search for checkpoints
 * @throws UserError naming a folder or a file of weights that cannot be read, or a folder that holds something else
 */
export async function buildApp(out: string, folders: readonly WeightsFolder[]): Promise<FoundWeights> {
  const there: string[] = await readdir(out).catch(() => []);
  if (there.length > 0 && !there.includes('weights.json'))
    throw new UserError(`${out}: contains files of something else, which would be deleted; choose another folder`);
  const beside = `${out.replace(/[\\/]+$/, '')}.${process.pid}.tmp`;
  try {
    const found = await writeApp(beside, folders);
    await rm(out, { recursive: true, force: true });
    await rename(beside, out);
    return found;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function writeApp(out: string, folders: readonly WeightsFolder[]): Promise<FoundWeights> {
  await mkdir(join(out, 'ort'), { recursive: true });
  const found = await copyWeights(folders, out);
  const manifest: Manifest = { models: offeredModels(), weights: found.offered };
  await writeWhole(join(out, 'weights.json'), JSON.stringify(manifest, null, 2));
  for (const file of STATIC) await copyFile(join(PAGE, file), join(out, file));
  const runtimes = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  for (const file of RUNTIMES) await copyFile(join(runtimes, file), join(out, 'ort', file));
  const common = { bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'warning' } as const;
  await build({
    ...common,
    entryPoints: [join(PAGE, 'app.ts'), join(PAGE, 'worker.ts')],
    outdir: out,
    splitting: true,
    platform: 'browser',
    // The table of papers also names their studies, which no page loads.
    external: ['@unweather/*/study'],
    // The .mjs and .wasm files of onnxruntime-web are served beside the app, not bundled.
    conditions: ['onnxruntime-web-use-extern-wasm'],
  });
  const files = await listed(out);
  const define = {
    FILES: JSON.stringify(['./', ...files.map(({ path }) => path)]),
    BUILD: JSON.stringify(hash(files.map(({ path, sha256 }) => `${path} ${sha256}`).join('\n')).slice(0, 16)),
  };
  await build({ ...common, entryPoints: [join(PAGE, 'service-worker.ts')], outdir: out, define });
  return found;
}

/** Lists every file of the app with its hash. */
async function listed(folder: string): Promise<{ path: string; sha256: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      path: relative(folder, path).replaceAll('\\', '/'),
      sha256: hash(await readFile(path)),
    })),
  );
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
