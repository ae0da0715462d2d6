import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// The build runs this file: it bundles the parts of echarts that draw our charts into svg-chart.js and writes their
// licences beside it. All of echarts is 60 MB, which every installation of unweather would otherwise contain.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OUT = fileURLToPath(new URL('./html/svg-chart.js', import.meta.url));
const LICENCES = OUT.replace(/\.js$/, '.licences.txt');

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['packages/report/src/html/svg-chart.ts'],
  outfile: OUT,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.11',
  format: 'esm',
  banner: { js: '/* Parts of Apache ECharts and of zrender, bundled and minified; see svg-chart.licences.txt. */' },
  // Removes warnings for developers.
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
  logLevel: 'warning',
});
// The compiler's source map does not fit the bundle; one of the bundle would point to files that are not published.
await rm(`${OUT}.map`, { force: true });

const folders = Object.keys(metafile.inputs).flatMap(
  (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
);
const texts = await Promise.all([...new Set(folders)].sort().map((folder) => licencesOf(join(ROOT, folder))));
// The same package may be installed in two places.
await writeFile(LICENCES, `${[...new Set(texts)].join('\n\n')}\n`);

/** Name and version of a package, its licence and notices, and the licences of code that it contains. */
async function licencesOf(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules', folder.length))
    .filter(({ name }) => /^(LICEN[CS]E|NOTICE)/i.test(name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (own.length === 0) throw new Error(`${folder}: has no licence file; do not bundle it`);
  const parts = await Promise.all(own.sort().map((path) => readFile(path, 'utf8')));
  return [`${name} ${version}`, ...parts.map((part) => part.trim())].join('\n\n');
}
