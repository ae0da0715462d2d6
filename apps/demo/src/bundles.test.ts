import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { PAPERS } from 'unweather';
import { expect, test } from 'vitest';

/** Package name in a path of a bundle. */
function packageOf(path: string): string {
  const [, inside] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return inside ?? `@unweather/${/packages\/([^/]+)/.exec(path)?.[1]}`;
}

async function bundled(name: string) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export * from '${name}'`, resolveDir: import.meta.dirname },
    platform: 'browser',
    format: 'esm',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const files = Object.entries(metafile.inputs).filter(([path]) => path !== '<stdin>');
  const outside = files
    .flatMap(([, { imports }]) => imports.filter(({ external, path }) => external && path !== '<runtime>'))
    .map(({ path }) => path);
  const [{ inputs }] = Object.values(metafile.outputs) as [(typeof metafile.outputs)[string]];
  const kilobytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const of = path === '<stdin>' ? name : packageOf(path);
    kilobytes.set(of, (kilobytes.get(of) ?? 0) + bytesInOutput / 1000);
  }
  return { outside, files: files.map(([path]) => path), kilobytes, total: outputFiles[0]!.contents.length / 1000 };
}

// esbuild lists its own helpers as if they were imported: <runtime>.

/** Third-party packages in browser bundles. */
const OTHERS = ['@bufbuild/protobuf', 'fastest-levenshtein', 'onnx-buf', 'onnxruntime-web', 'zod'];

test.each(['core-tensor', ...Object.keys(PAPERS)])(
  '@unweather/%s is bundled for browsers without Node',
  async (paper) => {
    const name = `@unweather/${paper}`;
    const { outside, files, kilobytes, total } = await bundled(name);
    const parts = [...kilobytes].filter(([, size]) => size >= 0.1).map(([of, size]) => `${of} ${size.toFixed(1)} kB`);
    console.log(`${name}: ${total.toFixed(0)} kB, minified: ${parts.join(', ')}`);
    expect(outside).toEqual([]);
    const below = ['@unweather/model', '@unweather/core-tensor'];
    if (paper === 'aecr' || paper === 'durn') below.push('@unweather/koschmieder');
    const ours = paper === 'core-tensor' ? [name] : [name, ...below];
    expect(new Set(files.map(packageOf))).toEqual(new Set([...ours, ...OTHERS]));
    // The network of ours has one entry, for browsers as well.
    expect(files.filter((path) => /packages\/(?!koschmieder)[^/]+\/dist\/index\.js$/.test(path))).toEqual([]);
  },
);

test.each(['durn/weights/rain', 'aecr/weights/haze'])(
  'a bundle may carry @unweather/%s.safetensors as a file of its own',
  async (file) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { default } from '@unweather/${file}.safetensors'`, resolveDir: import.meta.dirname },
      loader: { '.safetensors': 'file' },
      format: 'esm',
      bundle: true,
      write: false,
      outdir: 'out',
    });
    const carried = await readFile(new URL(`../../../packages/${file}.safetensors`, import.meta.url));
    expect(outputFiles.some(({ contents }) => carried.equals(contents))).toBe(true);
  },
);

test('what a bundle leaves outside is found', async () => {
  const { outside } = await bundled('@unweather/eval').catch(() => ({ outside: ['refused'] }));
  expect(outside).not.toEqual([]);
});
